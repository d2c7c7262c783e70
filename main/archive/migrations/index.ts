/** Every step, in order. */
import { migration as studies } from './0010-studies'
import { migration as search } from './0020-search'
import { migration as results } from './0030-results'
import { migration as jobs } from './0040-jobs'
import { migration as aiState } from './0050-ai-state'
import { migration as stacks } from './0060-stacks'
import { migration as operatingPoints } from './0070-operating-points'
import { migration as possibleMasks } from './0080-possible-masks'
import { migration as labelMaps } from './0090-label-maps'
import { migration as readerEntries } from './0100-reader-entries'
import { migration as headerCorrections } from './0110-header-corrections'
import { migration as modelStore } from './0120-model-store'
import { migration as untrustedResults } from './0130-untrusted-results'
import type { Migration } from './migration'

export const migrations: readonly Migration[] = [
  studies,
  search,
  results,
  jobs,
  aiState,
  stacks,
  operatingPoints,
  possibleMasks,
  labelMaps,
  readerEntries,
  headerCorrections,
  modelStore,
  untrustedResults,
]
export type { Migration }
