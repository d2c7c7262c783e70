/** Decodes a frame in a worker, whose pool hears, once its bytes are read, how long the decoding may take. */
import { parentPort } from 'node:worker_threads'
import type { Frame, FrameStage } from '../../../contracts/frame'
import { imageAttributes } from '../../pixels/image-attributes'
import { shownFrame } from '../../pixels/shown-frame'
import type { TaskAllowance } from '../task-message'
import { openObject, type ObjectLocation } from './open-object'

/** Decoding a small frame: far above what any takes, and as long as a reader waits. */
const leastMs = 2000
/** JPEG 2000, the slowest, takes 0.12 ms for a thousand samples; an old machine under load eight times that. */
const msPerThousandSamples = 1

/** How long decoding one frame of this many samples may take, ms. Past this a decoder is taken to hang. */
export function decodeAllowanceMs(samples: number): number {
  return leastMs + Math.ceil((samples / 1000) * msPerThousandSamples)
}

/**
 * As `shownFrame`. Reading is not counted: a disk that has to wake up, or a share on a slow network, is no decoder that hangs.
 *
 * @throws DicomError as `shownFrame`; OverreadError 'archive.integrity'
 */
export function decodeWithAllowance(location: ObjectLocation, frameIndex: number, stage: FrameStage): Promise<Frame> {
  const object = openObject(location)
  const allow = () => {
    const { rows, columns, samplesPerPixel } = imageAttributes(object)
    parentPort?.postMessage({ allowMs: decodeAllowanceMs(rows * columns * samplesPerPixel) } satisfies TaskAllowance)
  }
  return shownFrame(object, location.tiled ?? false, frameIndex, stage, allow)
}
