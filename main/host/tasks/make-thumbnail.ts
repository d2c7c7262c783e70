/** Worker task: the small picture of a series for strip and worklist. */
import { decodeFrame } from '../../pixels/decode-frame'
import { thumbnail } from '../../pixels/thumbnail'
import { openObject, type ObjectLocation } from './open-object'
import type { TaskResult } from './task-result'

export interface ThumbnailInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
}

export interface Thumbnail {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: 1 | 3
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Longest side, pixels. */
const longestSide = 128

export async function makeThumbnailTask({ object, frameIndex }: ThumbnailInput): Promise<TaskResult<Thumbnail>> {
  const opened = openObject(object)
  const small = thumbnail(await decodeFrame(opened, frameIndex, 'display'), longestSide)
  return { value: small }
}
