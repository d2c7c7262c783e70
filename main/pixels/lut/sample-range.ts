/** Least and greatest of a frame's samples. Pure. */
import type { Samples } from '../../../contracts/frame'

/**
 * Least and greatest of samples; [0, 0] of none. NaN and infinite values are passed over.
 *
 * A loop for each kind of array: one that meets them all is compiled for none of them.
 *
 * @param skip values from low to high are passed over
 */
export function sampleRange(samples: Samples, skip: readonly [low: number, high: number] | null = null): [min: number, max: number] {
  if (samples.length === 0) return [0, 0]
  if (samples instanceof Float32Array || samples instanceof Float64Array) return finiteRange(samples, ...(skip ?? [Infinity, -Infinity]))
  if (skip) return rangeWithout(samples, ...skip)
  if (samples instanceof Uint16Array) return range16(samples, 0)
  if (samples instanceof Int16Array) return range16(samples, 0x8000)
  let min = samples[0]
  let max = min
  if (samples instanceof Uint8Array) {
    for (let i = 1; i < samples.length; i++) {
      const value = samples[i]
      if (value < min) min = value
      else if (value > max) max = value
    }
    return [min, max]
  }
  for (let i = 1; i < samples.length; i++) {
    const value = samples[i]
    if (value < min) min = value
    else if (value > max) max = value
  }
  return [min, max]
}

/** Two samples a step, as the halves of a 32-bit word. `flip` turns the sign bit, so that signed ones compare as unsigned. */
function range16(samples: Uint16Array | Int16Array, flip: 0 | 0x8000): [min: number, max: number] {
  const first = (samples[0] & 0xffff) ^ flip
  let min = first
  let max = first
  let span = 0
  // A word begins at a multiple of 4 bytes.
  const lead = (samples.byteOffset & 3) >> 1
  const words = new Int32Array(samples.buffer, samples.byteOffset + lead * 2, (samples.length - lead) >> 1)
  const flips = flip | (flip << 16)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ^ flips
    const low = word & 0xffff
    const high = word >>> 16
    // Nearly all samples lie within what was seen: one comparison for both ends.
    if ((low - min) >>> 0 > span || (high - min) >>> 0 > span) {
      min = Math.min(min, low, high)
      max = Math.max(max, low, high)
      span = max - min
    }
  }
  const last = (samples[samples.length - 1] & 0xffff) ^ flip
  return [Math.min(min, last) - flip, Math.max(max, last) - flip]
}

function rangeWithout(samples: Exclude<Samples, Float32Array | Float64Array>, low: number, high: number): [min: number, max: number] {
  // Beyond all samples, and whole, as the samples are: the loops stay with small integers.
  const from = Math.max(-0x8000, Math.ceil(low))
  const to = Math.min(0xffff, Math.floor(high))
  let min = 0x10000
  let max = -0x10000
  if (samples instanceof Int16Array) {
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]
      if (value >= from && value <= to) continue
      if (value < min) min = value
      if (value > max) max = value
    }
    return min <= max ? [min, max] : [0, 0]
  }
  if (samples instanceof Uint16Array) {
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]
      if (value >= from && value <= to) continue
      if (value < min) min = value
      if (value > max) max = value
    }
    return min <= max ? [min, max] : [0, 0]
  }
  min = Infinity
  max = -Infinity
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]
    if (value >= low && value <= high) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return min <= max ? [min, max] : [0, 0]
}

function finiteRange(samples: Float32Array | Float64Array, low: number, high: number): [min: number, max: number] {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]
    if ((value >= low && value <= high) || !Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return min <= max ? [min, max] : [0, 0]
}
