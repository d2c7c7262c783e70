/** Worker task: one frame as an analysis reads it, in memory that every worker can read without a copy. */
import { DicomError } from '../../../contracts/errors'
import type { Frame } from '../../../contracts/frame'
import type { PictureModel } from '../../../contracts/model-package'
import { validRange, type GreySamples, type Picture } from '../../inference/picture'
import { displayGrey, initialVoi } from '../../pixels/lut/presentation'
import type { ObjectLocation } from './open-object'
import { decodeWithAllowance } from './decode-with-allowance'
import type { TaskResult } from './task-result'

export interface AnalysisDecodeInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
  readonly stage: PictureModel['preprocess']['from']
}

export interface DecodedPicture {
  readonly picture: Picture
  /** No two valid pixels differ. */
  readonly constant: boolean
  readonly byteLength: number
  readonly ms: number
}

/** @throws DicomError what decoding throws; 'pixels.photometric' for colour, which no network here reads. */
export async function analysisDecodeTask({ object, frameIndex, stage }: AnalysisDecodeInput): Promise<TaskResult<DecodedPicture>> {
  const start = performance.now()
  const frame = await decodeWithAllowance(object, frameIndex, 'modality')
  if (frame.description.samplesPerPixel !== 1) throw new DicomError('pixels.photometric', 'networks read grey pictures')
  const picture = share(pictureOf(frame, stage))
  const [min, max] = validRange(picture)
  const byteLength = picture.samples.byteLength + (picture.valid?.byteLength ?? 0)
  return { value: { picture, constant: min === max, byteLength, ms: performance.now() - start } }
}

/** The stage that the package starts from, padding and values that are no numbers marked. */
export function pictureOf({ description, samples }: Frame, stage: PictureModel['preprocess']['from']): Picture {
  const { rows, columns, presentation, min, max } = description
  const valid = validMask(samples, presentation.padding)
  if (stage === 'modality') return { rows, columns, samples: withoutGaps(samples, valid, min), valid }
  const display = displayGrey(samples, initialVoi(presentation), [min, max], presentation.inverted, presentation.padding)
  return { rows, columns, samples: display, valid }
}

function validMask(samples: GreySamples, padding: readonly [number, number] | null): Uint8Array | null {
  const mayHoldNaN = samples instanceof Float32Array || samples instanceof Float64Array
  if (!padding && !mayHoldNaN) return null
  const [low, high] = padding ?? [Infinity, -Infinity]
  const valid = new Uint8Array(samples.length)
  let invalid = 0
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]
    if ((value >= low && value <= high) || !Number.isFinite(value)) invalid++
    else valid[i] = 1
  }
  return invalid > 0 ? valid : null
}

/** What is no number takes the least value: it would spoil every sum it enters. */
function withoutGaps(samples: GreySamples, valid: Uint8Array | null, least: number): GreySamples {
  if (!valid || !(samples instanceof Float32Array || samples instanceof Float64Array)) return samples
  return samples.map((value) => (Number.isFinite(value) ? value : least))
}

function share({ samples, valid, ...size }: Picture): Picture {
  return { ...size, samples: shared(samples), valid: valid && shared(valid) }
}

function shared<T extends GreySamples>(values: T): T {
  const Values = values.constructor as new (buffer: SharedArrayBuffer) => T
  const copy = new Values(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
