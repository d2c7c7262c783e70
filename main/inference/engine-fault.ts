/** What an engine says when it breaks a run off, as one of our faults. */
import { OverreadError } from '../../contracts/errors'

/** ONNX Runtime: "Failed to allocate memory for requested buffer of size …", "bad_alloc"; TensorFlow: "OOM when allocating tensor". */
const ofMemory = /alloc|out of memory|\bOOM\b/i

/** 'inference.memory' where it lacked memory, else 'inference.failed', with its words; what is one of ours already stays. */
export function engineFault(error: unknown): OverreadError {
  if (error instanceof OverreadError) return error
  const reason = shortReason(error)
  return new OverreadError(ofMemory.test(reason) ? 'inference.memory' : 'inference.failed', reason, { cause: error })
}

/** The first line of what a runtime says, without the paths of this computer. */
export function shortReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').replace(/(?:[A-Za-z]:)?[\\/][^\s'"]*[\\/]/g, '').slice(0, 200)
}
