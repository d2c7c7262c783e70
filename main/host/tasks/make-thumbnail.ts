/** Worker task: the small picture of a series for strip and worklist. */
import { thumbnail } from '../../pixels/thumbnail'
import type { ObjectLocation } from './open-object'
import { decodeWithAllowance } from './decode-with-allowance'
import type { TaskResult } from './task-result'

export interface ThumbnailInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
  /** Height of a pixel by its width. */
  readonly pixelAspect: number
}

export interface MadeThumbnail {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: 1 | 3
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Longest side, pixels. */
const longestSide = 128

export async function makeThumbnailTask({ object, frameIndex, pixelAspect }: ThumbnailInput): Promise<TaskResult<MadeThumbnail>> {
  const frame = await decodeWithAllowance(object, frameIndex, 'display')
  const { samples, ...size } = thumbnail(frame, longestSide, pixelAspect)
  return { value: { ...size, bytes: samples } }
}
