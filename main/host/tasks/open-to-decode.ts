/** Opens an object whose frame is decoded next, and says how long that may take. */
import { parentPort } from 'node:worker_threads'
import { imageAttributes } from '../../pixels/image-attributes'
import type { DicomObject } from '../../dicom/dicom-object'
import type { TaskAllowance } from '../task-message'
import { openObject, type ObjectLocation } from './open-object'

/** Reading and decoding a small frame: far above what any takes, and as long as a reader waits. */
const leastMs = 2000
/** JPEG 2000, the slowest, takes 0.12 ms for a thousand samples; an old machine under load eight times that. */
const msPerThousandSamples = 1

/** How long reading and decoding one frame of this many samples may take, ms. Past this a decoder is taken to hang. */
export function decodeAllowanceMs(samples: number): number {
  return leastMs + Math.ceil((samples / 1000) * msPerThousandSamples)
}

/**
 * As `openObject`; in a worker the pool hears of the frame's allowance, as only its header tells how large it is.
 *
 * @throws DicomError what the header's Image Pixel module gives, as decoding would; OverreadError 'archive.integrity'
 */
export function openToDecode(location: ObjectLocation): DicomObject {
  const object = openObject(location)
  const { rows, columns, samplesPerPixel } = imageAttributes(object)
  parentPort?.postMessage({ allowMs: decodeAllowanceMs(rows * columns * samplesPerPixel) } satisfies TaskAllowance)
  return object
}
