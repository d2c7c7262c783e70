/** What the page and its port worker say to each other. */
import type { ErrorReport } from '../../contracts/errors'
import type { EngineEvent, RequestKind } from '../../contracts/protocol'
import type { Urgency } from './request-queue'

export type ToWorker =
  | { readonly type: 'port'; readonly port: MessagePort }
  | { readonly type: 'request'; readonly requestId: number; readonly kind: RequestKind; readonly input: unknown; readonly urgency: Urgency }
  | { readonly type: 'cancel'; readonly requestId: number }

export type FromWorker =
  | { readonly type: 'reply'; readonly requestId: number; readonly output: unknown }
  | { readonly type: 'error'; readonly requestId: number; readonly error: ErrorReport }
  | { readonly type: 'event'; readonly payload: EngineEvent }
  | { readonly type: 'closed' }
