/** Whether a session gives what the package's golden case says. */
import { OverreadError } from '../../contracts/errors'
import type { VolumeModel } from '../../contracts/model-package'
import { readGolden, type LoadedPackage } from '../networks/package'
import type { EngineSession } from './onnx-session'
import { inputShape } from './input-shape'
import { graphOutputs } from '../networks/graph-outputs'
import { greatestClass } from './volume/greatest-class'

/** Of a network that takes any size. */
const mostGoldenVoxels = 64 ** 3

/**
 * Runs the golden input and compares each output, as the graph gives it, with the stored one; of a volume also the classes that
 * the engine finds of it by itself, as they are what is shown.
 *
 * Null where all lie within the package's tolerance; else why not, in words.
 *
 * @throws OverreadError 'model.missing' or 'model.weights' where the golden files cannot be read.
 */
export async function goldenFault(session: EngineSession, { package: model, folder }: LoadedPackage): Promise<string | null> {
  const { values: input, shape } = await goldenInput({ package: model, folder })
  const outputs = await session.run(input, shape)
  let scores: ArrayLike<number> | null = null
  for (const [index, name] of graphOutputs(model).entries()) {
    const expected = await readGolden(folder, model.golden.outputs[name])
    const { values } = outputs[index]
    if (values.length !== expected.values.length) return `${name} has ${values.length} values, ${expected.values.length} in the golden case`
    let furthest = 0
    for (let i = 0; i < values.length; i++) {
      const distance = Math.abs(values[i] - expected.values[i])
      if (!(distance <= furthest)) furthest = distance
    }
    // A distance has no bound, so its tolerance grows with it.
    const isDistance = model.dimension !== 3 && name === model.distribution?.output
    const scale = isDistance ? Math.max(1, ...expected.values) : 1
    if (!(furthest <= model.golden.tolerance * scale)) return `${name} differs by ${furthest.toPrecision(2)} from the golden case`
    scores ??= expected.values
  }
  if (!session.classes || model.dimension !== 3 || !scores) return null
  return classesFault(await session.classes(input, shape), scores, model)
}

/** A class found within the graph must be one whose score is the greatest, as far as the tolerance tells scores apart. */
function classesFault(
  classes: Uint8Array,
  scores: ArrayLike<number>,
  { input, golden, outputs: [{ labels, countsAs }] }: VolumeModel,
): string | null {
  const count = countsAs?.length ?? labels.length
  const voxels = scores.length / count
  if (classes.length !== voxels) return `it finds ${classes.length} classes, ${voxels} in the golden case`
  const greatest = greatestClass(scores, count, input.layout)
  const scoreOf = (voxel: number, number: number) => scores[input.layout === 'NCDHW' ? number * voxels + voxel : voxel * count + number]
  let wrong = 0
  for (let voxel = 0; voxel < voxels; voxel++) {
    const isAsGreat = scoreOf(voxel, classes[voxel]) >= scoreOf(voxel, greatest[voxel]) - 2 * golden.tolerance
    if (!(classes[voxel] < count && isAsGreat)) wrong++
  }
  return wrong === 0 ? null : `it finds another class at ${wrong} of ${voxels} voxels than the golden case`
}

export interface GoldenInput {
  readonly values: Float32Array<ArrayBuffer>
  /** Of the tensor, batch first. */
  readonly shape: readonly number[]
}

export async function goldenInput({ package: model, folder }: Pick<LoadedPackage, 'package' | 'folder'>): Promise<GoldenInput> {
  const golden = await readGolden(folder, model.golden.input)
  const values = Float32Array.from(golden.values)
  const shape =
    model.dimension === 3 ? inputShape(model).map((side, axis) => side ?? golden.shape[axis - firstSide(model)]) : model.input.shape
  if (model.dimension === 3) checkSmall(model, golden.shape)
  const count = shape.reduce((product, side) => product * side, 1)
  if (values.length !== count) throw new RangeError(`the golden input holds ${values.length} values, expected ${count}`)
  return { values, shape }
}

/** A case that is repeated for every choice of threads and provider must be quick where the network would take a small one. */
function checkSmall({ input }: VolumeModel, shape: readonly number[]): void {
  const voxels = shape.reduce((product, side) => product * side, 1)
  if (input.sides === null && voxels > mostGoldenVoxels)
    throw new OverreadError('model.weights', `the golden case holds ${voxels} voxels, more than ${mostGoldenVoxels}`)
}

/** Where the three sides begin in the tensor's shape. */
function firstSide({ input }: VolumeModel): number {
  return input.layout === 'NCDHW' ? 2 : 1
}
