/**
 * Grey levels of a series brought to those that a network knows, by landmarks: medians of tissues that another network
 * outlined, and the ends of the scale, piecewise linear between them (Nyúl and Udupa, Magnetic Resonance in Medicine 42:1072,
 * 1999).
 */
import { levelOfRank } from '../quantised'

const levels = 256

/**
 * The median of the values under each label.
 *
 * @param labels on the grid of the values
 * @returns null for a label that no voxel has
 */
export function medianLevels(values: Uint8Array, labels: Uint8Array, numbers: readonly number[]): (number | null)[] {
  const counts = new Map(numbers.map((number) => [number, new Float64Array(levels)]))
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue
    const own = counts.get(labels[at])
    if (own) own[values[at]]++
  }
  return numbers.map((number) => medianOf(counts.get(number)!))
}

function medianOf(counts: Float64Array): number | null {
  const inAll = counts.reduce((sum, count) => sum + count, 0)
  return inAll === 0 ? null : levelOfRank(counts, Math.ceil(inAll / 2))
}

/**
 * What each of the 256 levels becomes where `found` are to lie at `wanted`, both within 1 to 254 and rising; 0 and 255 stay.
 *
 * @returns null where what was found does not rise: the tissues do not differ as they do in what the network knows.
 */
export function matchingTable(found: readonly (number | null)[], wanted: readonly number[]): Uint8Array<ArrayBuffer> | null {
  const known = found.filter((level) => level !== null)
  if (known.length < wanted.length) return null
  const from = [0, ...known, levels - 1]
  const to = [0, ...wanted, levels - 1]
  if (from.some((level, index) => index > 0 && level <= from[index - 1])) return null
  const table = new Uint8Array(levels)
  for (let level = 0, part = 1; level < levels; level++) {
    while (level > from[part]) part++
    const share = (level - from[part - 1]) / (from[part] - from[part - 1])
    table[level] = Math.round(to[part - 1] + share * (to[part] - to[part - 1]))
  }
  return table
}
