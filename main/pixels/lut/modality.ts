/** Stored values → modality values. PS3.3 C.11.1. Pure. */
import type { Samples } from '../../../contracts/frame'

export interface Rescale {
  readonly slope: number
  readonly intercept: number
}

/** A Modality LUT Sequence: `values[i]` belongs to the stored value `first + i`; beyond the ends the outermost is taken. */
export interface ModalityTable {
  readonly first: number
  readonly values: Uint16Array
}

/** How the values of a frame are mapped; a table excludes a rescale. */
export type ModalityLut =
  { readonly kind: 'rescale'; readonly rescale: Rescale } | { readonly kind: 'table'; readonly table: ModalityTable }

export const identityLut: ModalityLut = { kind: 'rescale', rescale: { slope: 1, intercept: 0 } }

/** One value mapped. */
export function modalityValue(lut: ModalityLut, stored: number): number {
  if (lut.kind === 'rescale') return stored * lut.rescale.slope + lut.rescale.intercept
  const { first, values } = lut.table
  return values[Math.max(0, Math.min(values.length - 1, stored - first))]
}

/** Least and greatest of samples; [0, 0] of none. NaN and infinite values are passed over. */
export function sampleRange(samples: Samples, skip: readonly [low: number, high: number] | null = null): [min: number, max: number] {
  const floating = samples instanceof Float32Array || samples instanceof Float64Array
  if (!skip && !floating && samples.length > 0) {
    // Begun with a sample, not with an infinity: then the loop stays with whole numbers.
    let min = samples[0]
    let max = min
    for (let i = 1; i < samples.length; i++) {
      const value = samples[i]
      if (value < min) min = value
      else if (value > max) max = value
    }
    return [min, max]
  }
  let min = Infinity
  let max = -Infinity
  const [low, high] = skip ?? [Infinity, -Infinity]
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]
    if ((value >= low && value <= high) || !Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return min <= max ? [min, max] : [0, 0]
}

/**
 * Maps stored to modality values.
 *
 * Nothing is rounded: whole numbers that fit stay Uint8 (as stored), Uint16 or
 * Int16, everything else becomes Float32. The type follows from the header where
 * it can, so that the slices of one series agree.
 */
export function applyModalityLut(stored: Samples, lut: ModalityLut): Samples {
  if (lut.kind === 'table') {
    const { first, values } = lut.table
    const mapped = new Uint16Array(stored.length)
    const last = values.length - 1
    for (let i = 0; i < stored.length; i++) {
      const index = stored[i] - first
      mapped[i] = values[index < 0 ? 0 : index > last ? last : index]
    }
    return mapped
  }
  const { slope, intercept } = lut.rescale
  if (slope === 1 && intercept === 0) {
    if (stored instanceof Uint8Array || stored instanceof Uint16Array || stored instanceof Int16Array || stored instanceof Float32Array)
      return stored
    if (stored instanceof Int8Array) return Int16Array.from(stored)
    return Float32Array.from(stored)
  }
  const mapped = outputFor(stored, slope, intercept)
  for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] * slope + intercept
  return mapped
}

function outputFor(stored: Samples, slope: number, intercept: number): Samples {
  if (Number.isInteger(slope) && Number.isInteger(intercept) && !(stored instanceof Float32Array || stored instanceof Float64Array)) {
    const [low, high] = sampleRange(stored)
    const a = low * slope + intercept
    const b = high * slope + intercept
    const min = Math.min(a, b)
    const max = Math.max(a, b)
    // A series whose values can go below zero is signed as a whole, also in the slices where none does.
    if (min >= -32768 && max <= 32767) return new Int16Array(stored.length)
    if (min >= 0 && max <= 65535) return new Uint16Array(stored.length)
  }
  return new Float32Array(stored.length)
}
