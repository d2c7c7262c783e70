/** Worker tasks: a series as one volume in shared memory, on the grid that a network reads, and its labels back. */
import type { VolumeModel } from '../../../contracts/model-package'
import type { Affine } from '../../geometry/affine'
import { countLevels, type Levels, type ValueCounts } from '../../inference/volume/levels'
import { matchingTable, medianLevels } from '../../inference/volume/match-levels'
import { keepLargestPart } from '../../inference/volume/largest-part'
import { placeBox, type VolumeValues, type VoxelBox } from '../../inference/volume/box'
import { prepareBox, type PreparedBox } from '../../inference/volume/prepare-volume'
import { validRange } from '../../inference/picture'
import { nearestSlice, resampleLinear, type Source } from '../../inference/volume/resample'
import type { Sides } from '../../inference/volume/voxel-grid'
import { pictureOf } from './analysis-decode'
import { DicomError } from '../../../contracts/errors'
import { decodeWithAllowance } from './decode-with-allowance'
import type { ObjectLocation } from './open-object'
import type { TaskResult } from './task-result'

type Shared<A extends Float32Array | Uint8Array> = A & { readonly buffer: SharedArrayBuffer }

export interface ReadSliceInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
  /** Of the whole series; the slice goes to its place. */
  readonly values: Shared<Float32Array<SharedArrayBuffer>>
  readonly index: number
  readonly rows: number
  readonly columns: number
}

export interface ReadSlice {
  readonly range: readonly [number, number]
  /** All values are whole and within 0 to 255. */
  readonly eightBit: boolean
}

/** @throws DicomError what decoding throws; 'pixels.photometric' for colour; 'pixels.size' where the frame is not of the stated one */
async function readSliceTask({ object, frameIndex, values, index, rows, columns }: ReadSliceInput): Promise<TaskResult<ReadSlice>> {
  const frame = await decodeWithAllowance(object, frameIndex, 'modality')
  if (frame.description.samplesPerPixel !== 1) throw new DicomError('pixels.photometric', 'networks read grey pictures')
  const picture = pictureOf(frame, 'modality')
  if (picture.rows !== rows || picture.columns !== columns) throw new DicomError('pixels.size', 'a slice of another size')
  const range = validRange(picture)
  const slice = values.subarray(index * rows * columns, (index + 1) * rows * columns)
  slice.set(picture.samples)
  const { valid } = picture
  // Padding is no tissue: it takes the least value that is.
  if (valid) for (let at = 0; at < slice.length; at++) if (valid[at] === 0) slice[at] = range[0]
  return { value: { range, eightBit: range[0] >= 0 && range[1] <= 255 && slice.every((value) => Number.isInteger(value)) } }
}

export interface CountLevelsInput {
  readonly values: Float32Array
  readonly from: number
  readonly to: number
  readonly range: readonly [number, number]
}

async function countLevelsTask({ values, from, to, range }: CountLevelsInput): Promise<TaskResult<ValueCounts>> {
  const counted = countLevels(values, from, to, range)
  return { value: counted, transfer: [counted.counts.buffer] }
}

export interface ConformInput {
  readonly source: Source<Float32Array>
  /** In shared memory; its slices `from` to before `to` are filled. */
  readonly target: Source<Uint8Array | Float32Array>
  readonly map: Affine
  readonly levels: Levels | null
  readonly outside: number
  readonly from: number
  readonly to: number
}

async function conformTask({ source, target, map, levels, outside, from, to }: ConformInput): Promise<TaskResult<null>> {
  resampleLinear(source, target, map, levels, outside, from, to)
  return { value: null }
}

export interface CutBoxInput {
  readonly values: VolumeValues
  readonly sides: Sides
  readonly preprocess: Pick<VolumeModel['preprocess'], 'scale' | 'crop'>
  readonly outlined: Uint8Array | null
}

/** @throws OverreadError 'inference.constant' */
async function cutBoxTask({ values, sides, preprocess, outlined }: CutBoxInput): Promise<TaskResult<PreparedBox>> {
  const prepared = prepareBox(values, sides, preprocess, outlined)
  return { value: prepared, transfer: [prepared.values.buffer] }
}

export interface PlaceLabelsInput {
  readonly labels: Uint8Array<ArrayBuffer>
  readonly box: VoxelBox
  /** In shared memory, all 0. */
  readonly target: Source<Uint8Array>
  readonly countsAs: readonly number[] | null
  readonly labelCount: number
  readonly keepLargest: boolean
}

/** The labels of the box on the conformed grid; gives how many voxels each has, by number. */
async function placeLabelsTask({
  labels,
  box,
  target,
  countsAs,
  labelCount,
  keepLargest,
}: PlaceLabelsInput): Promise<TaskResult<number[]>> {
  if (countsAs) for (let at = 0; at < labels.length; at++) labels[at] = countsAs[labels[at]] ?? 0
  if (keepLargest) keepLargestPart(labels, box.sides)
  placeBox(labels, box, target.values, target.sides)
  return { value: countLabels(labels, labelCount) }
}

export interface MatchLevelsInput {
  readonly values: Uint8Array
  readonly labels: Uint8Array
  /** In the order of their levels. */
  readonly tissues: readonly { readonly number: number; readonly level: number }[]
  /** In shared memory; filled where the levels can be matched. */
  readonly target: Uint8Array
}

/** The median of each tissue as it was; null where they do not differ as they should. */
async function matchLevelsTask({ values, labels, tissues, target }: MatchLevelsInput): Promise<TaskResult<(number | null)[] | null>> {
  const found = medianLevels(values, labels, tissues.map(({ number }) => number)) // prettier-ignore
  const table = matchingTable(found, tissues.map(({ level }) => level)) // prettier-ignore
  if (!table) return { value: null }
  for (let at = 0; at < values.length; at++) target[at] = table[values[at]]
  return { value: found }
}

export interface CountMissedInput {
  readonly outlined: Uint8Array
  readonly labels: Uint8Array
}

/** Voxels that are outlined and have no label. */
async function countMissedTask({ outlined, labels }: CountMissedInput): Promise<TaskResult<number>> {
  let missed = 0
  for (let at = 0; at < outlined.length; at++) if (outlined[at] !== 0 && labels[at] === 0) missed++
  return { value: missed }
}

export interface SliceLabelsInput {
  readonly labels: Source<Uint8Array>
  readonly sides: Sides
  /** [column, row, slice] of the series to that of the labels. */
  readonly map: Affine
  readonly labelCount: number
  readonly from: number
  readonly to: number
}

export interface SliceLabels {
  readonly map: Uint8Array<ArrayBuffer>
  /** Pixels of each label, by number. */
  readonly pixels: readonly number[]
}

/** Slices of the series from the labels by the nearest voxel. */
async function sliceLabelsTask({ labels, sides, map, labelCount, from, to }: SliceLabelsInput): Promise<TaskResult<SliceLabels[]>> {
  const slices = Array.from({ length: to - from }, (_, offset) => {
    const slice = nearestSlice(labels, sides, map, from + offset)
    return { map: slice, pixels: countLabels(slice, labelCount) }
  })
  return { value: slices, transfer: slices.map(({ map: { buffer } }) => buffer) }
}

function countLabels(labels: Uint8Array, count: number): number[] {
  const counts = new Float64Array(256)
  for (let at = 0; at < labels.length; at++) counts[labels[at]]++
  return [...counts.subarray(0, count)]
}

export const volumeTasks = {
  'volume.read': readSliceTask,
  'volume.levels': countLevelsTask,
  'volume.conform': conformTask,
  'volume.cut': cutBoxTask,
  'volume.place': placeLabelsTask,
  'volume.match': matchLevelsTask,
  'volume.missed': countMissedTask,
  'volume.slices': sliceLabelsTask,
}
