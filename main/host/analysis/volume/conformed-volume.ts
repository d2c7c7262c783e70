/** A series as a network of volumes reads it: every slice in one shared array, then on the network's grid. */
import { OverreadError } from '../../../../contracts/errors'
import type { VolumeModel } from '../../../../contracts/model-package'
import { limits } from '../../../base/limits'
import { levelsFrom, type Levels } from '../../../inference/volume/levels'
import { coincide, conformedGrid, indexMap, voxelCount, type VoxelGrid } from '../../../inference/volume/voxel-grid'
import type { Affine } from '../../../geometry/affine'
import { inOrder } from '../in-order'
import type { VolumeServices, AnalysisSlice } from '../analysis-input'
import type { TaskOptions } from '../../worker-pool'

/** Slices read side by side. */
const readWidth = 8
/** Pieces of one volume that the workers share among them. */
const pieces = 8

/** Values on the grid, slowest axis first, in memory that workers share. */
export interface ConformedVolume {
  readonly grid: VoxelGrid
  readonly values: Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>
}

export interface SeriesVolume {
  readonly grid: VoxelGrid
  readonly values: Float32Array<SharedArrayBuffer>
  readonly range: readonly [number, number]
  /** Stored in 8 bits, and nothing else in it. */
  readonly eightBit: boolean
}

/** The grid of a series. @throws OverreadError 'gate.volume' where its slices have none, 'dicom.limit' where it is larger than Overread takes */
export function seriesGrid(slices: readonly AnalysisSlice[], affine: Affine | null): VoxelGrid {
  const image = slices[0].facts.image
  if (!affine || !image) throw new OverreadError('gate.volume')
  const sides = [slices.length, image.rows, image.columns] as const
  if (voxelCount(sides) > limits.volumeVoxels) throw new OverreadError('dicom.limit', `a volume of ${sides.join(' × ')} voxels`)
  return { sides, affine }
}

/** @throws DicomError what decoding throws; OverreadError 'inference.constant', 'compute.cancelled' */
export async function readVolume(slices: readonly AnalysisSlice[], grid: VoxelGrid, services: VolumeServices): Promise<SeriesVolume> {
  const [, rows, columns] = grid.sides
  const values = new Float32Array(new SharedArrayBuffer(voxelCount(grid.sides) * Float32Array.BYTES_PER_ELEMENT))
  let [low, high] = [Infinity, -Infinity]
  let eightBit = slices.every(({ facts }) => facts.image?.bitsAllocated === 8)
  let done = 0
  services.onProgress?.(0, slices.length, 'reading')
  const read = ({ object, frameIndex }: AnalysisSlice, index: number) =>
    services.workers.run('volume.read', { object, frameIndex, values, index, rows, columns }, optionsOf(services))
  for await (const slice of inOrder([...slices.entries()], readWidth, ([index, each]) => read(each, index))) {
    low = Math.min(low, slice.range[0])
    high = Math.max(high, slice.range[1])
    eightBit &&= slice.eightBit
    done++
    services.onProgress?.(done, slices.length, 'reading')
  }
  if (low === high) throw new OverreadError('inference.constant')
  return { grid, values, range: [low, high], eightBit }
}

/** @throws OverreadError 'compute.cancelled' */
export async function conformVolume(
  series: SeriesVolume,
  { input, preprocess: { conform } }: VolumeModel,
  services: VolumeServices,
): Promise<ConformedVolume> {
  const grid = conformedGrid(series.grid, input.axes, conform)
  const count = voxelCount(grid.sides)
  const eightBit = conform.levels === 'eight-bit'
  const values = eightBit
    ? new Uint8Array(new SharedArrayBuffer(count))
    : new Float32Array(new SharedArrayBuffer(count * Float32Array.BYTES_PER_ELEMENT))
  const levels = eightBit ? await levelsOf(series, grid, services) : null
  const map = indexMap(grid, series.grid)
  const source = { values: series.values, sides: series.grid.sides }
  const target = { values, sides: grid.sides }
  const outside = series.range[0]
  await Promise.all(
    parts(grid.sides[0]).map(([from, to]) =>
      services.workers.run('volume.conform', { source, target, map, levels, outside, from, to }, optionsOf(services)),
    ),
  )
  return { grid, values }
}

/** What has this grid and 8 bits already stays as it is. */
async function levelsOf({ values, range, eightBit, grid: own }: SeriesVolume, grid: VoxelGrid, services: VolumeServices): Promise<Levels> {
  if (eightBit && coincide(own, grid)) return { low: 0, gain: 1 }
  const counted = await Promise.all(
    parts(values.length).map(([from, to]) => services.workers.run('volume.levels', { values, from, to, range }, optionsOf(services))),
  )
  return levelsFrom(counted, range)
}

/** `pieces` pieces of `length`, as even as may be. */
export function parts(length: number, count = pieces): (readonly [number, number])[] {
  const cuts = Array.from({ length: count + 1 }, (_, index) => Math.floor((index * length) / count))
  return cuts.slice(1).map((to, index) => [cuts[index], to] as const)
}

export function optionsOf({ signal }: VolumeServices): TaskOptions {
  return { signal, background: true }
}
