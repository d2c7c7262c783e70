/** What an engine says when it breaks a run off, as one of our faults. */
import type { ProviderName } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import { isTfjsProvider, lastResorts } from './providers'

/** ONNX Runtime: "Failed to allocate memory for requested buffer of size …", "bad_alloc"; TensorFlow: "OOM when allocating tensor". */
const ofMemory = /alloc|out of memory|\bOOM\b/i

/**
 * 'inference.memory' where the computer lacked memory, else 'inference.failed', with the engine's words; what is one of ours
 * already stays. The memory of a GPU, or of WebAssembly, is not the computer's: another provider may do.
 */
export function engineFault(error: unknown, provider: ProviderName): OverreadError {
  if (error instanceof OverreadError) return error
  const reason = shortReason(error)
  const lacksMemory = lastResorts.has(provider) && ofMemory.test(reason)
  return new OverreadError(lacksMemory ? 'inference.memory' : 'inference.failed', reason, { cause: error })
}

/** The operator that one backend of TensorFlow.js lacks and a later one may have; null where that is not what the fault says. */
export function lackedOperator({ code, detail }: OverreadError, provider: ProviderName): string | null {
  return code === 'model.operators' && isTfjsProvider(provider) && !lastResorts.has(provider) ? detail : null
}

/** The first line of what a runtime says, without the paths of this computer. */
export function shortReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').replace(/(?:[A-Za-z]:)?[\\/][^\s'"]*[\\/]/g, '').slice(0, 200)
}
