/** What the compute process does with a volume: one run, or a window that slides over it. Only class numbers leave it. */
import { OverreadError } from '../../../contracts/errors'
import { isPictureModel, type VolumeModel } from '../../../contracts/model-package'
import { greatestClass } from '../../inference/volume/greatest-class'
import { bytesNeeded, tooLargeInOnePiece } from '../../inference/volume/memory-need'
import { scaledTensor } from '../../inference/volume/prepare-volume'
import { slideWindow } from '../../inference/volume/sliding-window'
import { voxelCount, type Sides } from '../../inference/volume/voxel-grid'
import type { EngineSession } from '../../inference/onnx-session'
import type { LoadedPackage } from '../../networks/package'
import { floatsOf } from './compute-protocol'
import type { VolumeRequest } from './compute-volume-protocol'

export interface VolumeRoom {
  /** What a run may take. */
  readonly availableBytes: number
  /** ms, without what a run stood aside. */
  now(): number
}

/**
 * @param bytes values of the box, as the request says
 * @throws OverreadError 'inference.memory', 'inference.output'; 'request.invalid' where the parts do not fit each other
 */
export async function runVolume(
  session: EngineSession,
  { package: model, weights }: LoadedPackage,
  request: VolumeRequest,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  { availableBytes, now }: VolumeRoom,
): Promise<{ readonly labels: Uint8Array; readonly runMs: number }> {
  if (isPictureModel(model)) throw new OverreadError('request.invalid', 'a picture is run as one')
  const { sides } = request
  const values = request.values === 'uint8' ? bytes : bytes && floatsOf(bytes)
  if (values?.length !== voxelCount(sides)) throw new OverreadError('request.invalid', 'volume')
  const needed = bytesNeeded(model, weights, sides)
  if (needed > availableBytes)
    throw new OverreadError('inference.memory', `it would take ${inGigabytes(needed)}, and ${inGigabytes(availableBytes)} are free`)
  if (tooLargeInOnePiece(model, weights, sides))
    throw new OverreadError('inference.memory', 'a layer of it is larger than one piece of memory may be')
  const start = now()
  const tensor = scaledTensor(values, request.scale)
  const labels = await labelsOf(session, model, tensor, request)
  if (labels.length !== voxelCount(sides))
    throw new OverreadError('inference.output', `${labels.length} labels of ${voxelCount(sides)} voxels`)
  return { labels, runMs: now() - start }
}

async function labelsOf(
  session: EngineSession,
  model: VolumeModel,
  tensor: Float32Array<ArrayBuffer>,
  { sides, scale: { low, high, clip } }: VolumeRequest,
): Promise<Uint8Array> {
  const [{ labels, countsAs }] = model.outputs
  const { layout } = model.input
  const classes = countsAs?.length ?? labels.length
  const shapeOf = ([depth, rows, columns]: Sides) => (layout === 'NCDHW' ? [1, 1, depth, rows, columns] : [1, depth, rows, columns, 1])
  const scoresOf = async (values: Float32Array, of: Sides) => {
    const [{ values: scores }] = await session.run(values, shapeOf(of))
    return checkedScores(scores, voxelCount(of) * classes)
  }
  const { slidingWindow, input } = model
  if (slidingWindow && input.sides) {
    const least = (0 - low) / (high - low)
    const padding = clip ? Math.min(1, Math.max(0, least)) : least
    return slideWindow(tensor, sides, { sides: input.sides, classes, layout, ...slidingWindow, padding }, (window) =>
      scoresOf(window, input.sides!),
    )
  }
  if (session.classes) return session.classes(tensor, shapeOf(sides))
  return greatestClass(await scoresOf(tensor, sides), classes, layout)
}

/** Where one is no number no class is the greatest. Every score is looked at: a network that overflows does so in places. */
function checkedScores(scores: Float32Array, count: number): Float32Array {
  if (scores.length !== count) throw new OverreadError('inference.output', `${scores.length} scores, expected ${count}`)
  for (let index = 0; index < scores.length; index++)
    if (Number.isNaN(scores[index])) throw new OverreadError('inference.output', 'a score is no number')
  return scores
}

const inGigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
