/** How the values of a series become 0 to 255, as FreeSurfer's conform does. */

/** A value v becomes (v - low) × gain, rounded and kept within 0 to 255. */
export interface Levels {
  readonly low: number
  readonly gain: number
}

export const bins = 1000
/** This share of the voxels that are not 0 lies at or below what becomes 255. */
const shareBelow = 0.999

export interface ValueCounts {
  /** Of `bins` bins of one width between the least and the greatest value. */
  readonly counts: Float64Array<ArrayBuffer>
  readonly notZero: number
}

/** Counts values from `from` to before `to`. */
export function countLevels(values: Float32Array, from: number, to: number, [least, greatest]: readonly [number, number]): ValueCounts {
  const counts = new Float64Array(bins)
  const perValue = greatest > least ? bins / (greatest - least) : 0
  let notZero = 0
  for (let index = from; index < to; index++) {
    const value = values[index]
    if (value !== 0) notZero++
    const bin = Math.floor((value - least) * perValue)
    counts[bin < bins ? bin : bins - 1]++
  }
  return { counts, notZero }
}

/** The least value becomes 0; the upper edge of the bin below which the share lies becomes 255. */
export function levelsFrom(parts: readonly ValueCounts[], [least, greatest]: readonly [number, number]): Levels {
  const counts = new Float64Array(bins)
  let notZero = 0
  let voxels = 0
  for (const part of parts) {
    notZero += part.notZero
    for (let bin = 0; bin < bins; bin++) {
      counts[bin] += part.counts[bin]
      voxels += part.counts[bin]
    }
  }
  const wanted = voxels - Math.floor((1 - shareBelow) * notZero)
  let below = 0
  let edge = 0
  while (edge < bins && below < wanted) below += counts[edge++]
  const high = least + (edge * (greatest - least)) / bins
  return { low: least, gain: high > least ? 255 / (high - least) : 1 }
}
