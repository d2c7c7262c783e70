/** Worker task: one frame, as a reader sees it, at one stage of the pixel pipeline. */
import type { Frame, FrameStage } from '../../../contracts/frame'
import { shownFrame } from '../../pixels/shown-frame'
import type { ObjectLocation } from './open-object'
import { openToDecode } from './open-to-decode'
import type { TaskResult } from './task-result'

export interface DecodeFrameInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
  readonly stage: FrameStage
}

export async function decodeFrameTask({ object, frameIndex, stage }: DecodeFrameInput): Promise<TaskResult<Frame>> {
  const frame = await shownFrame(openToDecode(object), object.tiled ?? false, frameIndex, stage)
  return { value: frame, transfer: [frame.samples.buffer] }
}
