/** Worker task: one frame, as a reader sees it, at one stage of the pixel pipeline. */
import type { Frame, FrameStage } from '../../../contracts/frame'
import type { ObjectLocation } from './open-object'
import { decodeWithAllowance } from './decode-with-allowance'
import type { TaskResult } from './task-result'

export interface DecodeFrameInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
  readonly stage: FrameStage
}

export async function decodeFrameTask({ object, frameIndex, stage }: DecodeFrameInput): Promise<TaskResult<Frame>> {
  const frame = await decodeWithAllowance(object, frameIndex, stage)
  return { value: frame, transfer: [frame.samples.buffer] }
}
