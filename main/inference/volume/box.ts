/** The part of a volume that a network sees, and the scale of its values. */
import type { VolumeModel } from '../../../contracts/model-package'
import { OverreadError } from '../../../contracts/errors'
import { voxelCount, type Sides } from './voxel-grid'

export type VolumeValues = Uint8Array<ArrayBufferLike> | Float32Array<ArrayBufferLike>

/** From `corner`, slowest axis first. */
export interface VoxelBox {
  readonly corner: Sides
  readonly sides: Sides
}

/** A value v goes in as (v - low) / (high - low), within 0 to 1 where `clip`. */
export interface TensorScale {
  readonly low: number
  readonly high: number
  readonly clip: boolean
}

/** @throws OverreadError 'inference.constant' where all values are the same */
export function tensorScale(values: VolumeValues, rule: VolumeModel['preprocess']['scale']): TensorScale {
  const { low, high } = bounds(values, rule)
  if (!(high > low)) throw new OverreadError('inference.constant')
  return { low, high, clip: rule.by === 'values' && rule.clip }
}

function bounds(values: VolumeValues, rule: VolumeModel['preprocess']['scale']): { low: number; high: number } {
  switch (rule.by) {
    case 'values':
      return rule
    case 'range': {
      const [low, high] = rangeOf(values)
      return { low, high }
    }
    case 'quantiles': {
      const last = values.length - 1
      const at = [Math.floor(rule.low * values.length), Math.ceil(rule.high * values.length) - 1]
      const [low, high] = ranked(
        values,
        at.map((place) => Math.min(last, Math.max(0, place))),
      )
      return { low, high }
    }
    case 'mean-and-deviation': {
      const { mean, deviation } = moments(values)
      return { low: mean, high: mean + deviation }
    }
  }
}

/** The whole volume. */
export function wholeBox(sides: Sides): VoxelBox {
  return { corner: [0, 0, 0], sides }
}

/**
 * The bounding box of the values above `threshold`, grown by `margin` within the volume; the whole volume where none is.
 */
export function boxAbove(values: VolumeValues, sides: Sides, threshold: number, margin: number): VoxelBox {
  const [slices, rows, columns] = sides
  const low = [slices, rows, columns]
  const high = [-1, -1, -1]
  for (let slice = 0; slice < slices; slice++) {
    for (let row = 0; row < rows; row++) {
      const begin = (slice * rows + row) * columns
      let first = 0
      while (first < columns && !(values[begin + first] > threshold)) first++
      if (first === columns) continue
      let last = columns - 1
      while (!(values[begin + last] > threshold)) last--
      for (const [axis, from, to] of [
        [0, slice, slice],
        [1, row, row],
        [2, first, last],
      ]) {
        if (from < low[axis]) low[axis] = from
        if (to > high[axis]) high[axis] = to
      }
    }
  }
  if (high[0] < 0) return wholeBox(sides)
  const corner = low.map((from) => Math.max(0, from - margin)) as unknown as Sides
  const grown = high.map((to, axis) => Math.min(sides[axis] - 1, to + margin) - corner[axis] + 1)
  return { corner, sides: grown as unknown as Sides }
}

/** The values of a box, in an array of their own. */
export function cutBox(values: VolumeValues, [, rows, columns]: Sides, { corner, sides }: VoxelBox) {
  const cut = values instanceof Uint8Array ? new Uint8Array(voxelCount(sides)) : new Float32Array(voxelCount(sides))
  eachRow([0, rows, columns], { corner, sides }, (inVolume, inBox) => cut.set(values.subarray(inVolume, inVolume + sides[2]), inBox))
  return cut
}

/** Puts the labels of a box into a volume. */
export function placeBox(labels: Uint8Array, { corner, sides }: VoxelBox, volume: Uint8Array, whole: Sides): void {
  eachRow(whole, { corner, sides }, (inVolume, inBox) => volume.set(labels.subarray(inBox, inBox + sides[2]), inVolume))
}

function eachRow([, rows, columns]: Sides, { corner, sides }: VoxelBox, visit: (inVolume: number, inBox: number) => void): void {
  for (let slice = 0; slice < sides[0]; slice++) {
    for (let row = 0; row < sides[1]; row++) {
      visit(((corner[0] + slice) * rows + corner[1] + row) * columns + corner[2], (slice * sides[1] + row) * sides[2])
    }
  }
}

export function rangeOf(values: VolumeValues): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** The values at these places of the sorted ones. */
function ranked(values: VolumeValues, places: readonly number[]): number[] {
  if (values instanceof Float32Array) {
    const sorted = Float32Array.from(values).sort()
    return places.map((place) => sorted[place])
  }
  const counts = new Float64Array(256)
  for (let index = 0; index < values.length; index++) counts[values[index]]++
  return places.map((place) => {
    let value = 0
    for (let below = counts[0]; below <= place; below += counts[value]) value++
    return value
  })
}

function moments(values: VolumeValues): { mean: number; deviation: number } {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]
  const mean = sum / values.length
  let squares = 0
  for (let index = 0; index < values.length; index++) squares += (values[index] - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / values.length) }
}
