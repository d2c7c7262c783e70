/** What the engine does for the requests about explanations. */
import type { explanationRequests } from '../../../contracts/explanation'
import type { Engine } from '../engine'
import type { Handlers } from '../handlers'
import { ExplanationService } from './explanation-service'

export function explanationHandlers(engine: Engine): Pick<Handlers, keyof typeof explanationRequests> {
  const explanations = new ExplanationService(engine)
  return {
    'explanation.make': (request) => explanations.make(request),
    'explanation.cancel': ({ requestId }) => {
      explanations.cancel(requestId)
      return {}
    },
  }
}
