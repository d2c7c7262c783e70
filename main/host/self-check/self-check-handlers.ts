/** What the engine does for the self-check of a window: one check a request, so that a cancel is no request of its own. */
import { OverreadError } from '../../../contracts/errors'
import type { selfCheckRequests } from '../../../contracts/self-check'
import type { Engine } from '../engine'
import type { Handlers } from '../handlers'
import type { Check } from './check-row'
import { checksOf } from './self-check'

export function selfCheckHandlers(engine: Engine): Pick<Handlers, keyof typeof selfCheckRequests> {
  let checks: readonly Check[] = []
  return {
    'self-check.begin': async () => {
      const { archive, compute, pool: decoders, store } = engine
      checks = checksOf({ decoders, models: await store.catalogue(), askArchive: () => archive.quickCheck(), compute })
      return { total: checks.length }
    },
    'self-check.row': async ({ index }) => {
      if (index >= checks.length) throw new OverreadError('request.unknown', 'check')
      return { row: await checks[index]() }
    },
  }
}
