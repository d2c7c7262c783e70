/** How much of the patient a slice stands for, from positions along the normal; never from Slice Thickness. */

/** Gaps that differ by less than this share are even. */
const evenShare = 0.01

/**
 * The least and greatest thickness a slice stands for, mm: half the gap on each side. Where the two
 * gaps differ the truth lies between their lesser and greater; at an end the one gap counts for both sides.
 *
 * Null where a position is unknown, or where two slices lie at the same place.
 */
export function sliceExtent(positions: readonly (number | null)[], index: number): readonly [number, number] | null {
  const gaps: number[] = []
  for (const other of [index - 1, index + 1]) {
    if (other < 0 || other >= positions.length) continue
    const [here, there] = [positions[index], positions[other]]
    if (here === null || there === null || here === there) return null
    gaps.push(Math.abs(there - here))
  }
  if (gaps.length === 0) return null
  const [low, high] = [Math.min(...gaps), Math.max(...gaps)]
  if (high - low <= evenShare * high) {
    const mean = (gaps[0] + gaps.at(-1)!) / 2
    return [mean, mean]
  }
  return [low, high]
}

/** True where every gap between neighbours is the same; null where one is unknown. */
export function gapsAreEven(positions: readonly (number | null)[]): boolean | null {
  const extents = positions.map((_, index) => sliceExtent(positions, index))
  if (extents.some((extent) => extent === null)) return null
  const lows = extents.map((extent) => extent![0])
  return extents.every((extent) => extent![0] === extent![1]) && Math.max(...lows) - Math.min(...lows) <= evenShare * Math.max(...lows)
}
