/** Stored values → modality values. PS3.3 C.11.1. Pure. */
import type { Samples } from '../../../contracts/frame'
import { sampleRange } from './sample-range'

type ValueRange = readonly [min: number, max: number]

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

/**
 * Maps stored to modality values.
 *
 * Nothing is rounded: whole numbers that fit stay Uint8 (as stored), Uint16 or
 * Int16, everything else becomes Float32. The type follows from the header where
 * it can, so that the slices of one series agree.
 *
 * @param storedRange least and greatest stored value, where it is known already
 * @param reuse the stored values are not wanted any more: the mapped ones may take their memory
 */
export function applyModalityLut(stored: Samples, lut: ModalityLut, storedRange: ValueRange | null = null, reuse = false): Samples {
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
  const mapped = outputFor(stored, slope, intercept, storedRange, reuse)
  // A loop for each pair that is common: one that meets all kinds of arrays is compiled for none of them.
  if (stored instanceof Uint16Array && mapped instanceof Int16Array) {
    if (slope === 1) for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] + intercept
    else for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] * slope + intercept
  } else if (stored instanceof Int16Array && mapped instanceof Int16Array) {
    if (slope === 1) for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] + intercept
    else for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] * slope + intercept
  } else if (stored instanceof Uint16Array && mapped instanceof Float32Array) {
    for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] * slope + intercept
  } else if (stored instanceof Int16Array && mapped instanceof Float32Array) {
    for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] * slope + intercept
  } else for (let i = 0; i < stored.length; i++) mapped[i] = stored[i] * slope + intercept
  return mapped
}

/**
 * Least and greatest of mapped samples by those of the stored ones, without looking at each: a rescale keeps or turns
 * their order. Null where only a look at each can tell: of a table, of stored values that are no integers, or beyond 32 bits.
 */
export function modalityRange(
  stored: Samples,
  lut: ModalityLut,
  [low, high]: ValueRange,
  mapped: Samples,
): [min: number, max: number] | null {
  if (lut.kind === 'table' || stored instanceof Float32Array || stored instanceof Float64Array) return null
  const kept = mapped instanceof Float32Array ? Math.fround : (value: number) => value
  const a = kept(modalityValue(lut, low))
  const b = kept(modalityValue(lut, high))
  return Number.isFinite(a) && Number.isFinite(b) ? [Math.min(a, b), Math.max(a, b)] : null
}

function outputFor(stored: Samples, slope: number, intercept: number, storedRange: ValueRange | null, reuse: boolean): Samples {
  if (Number.isInteger(slope) && Number.isInteger(intercept) && !(stored instanceof Float32Array || stored instanceof Float64Array)) {
    const [low, high] = storedRange ?? sampleRange(stored)
    const a = low * slope + intercept
    const b = high * slope + intercept
    const min = Math.min(a, b)
    const max = Math.max(a, b)
    // A series whose values can go below zero is signed as a whole, also in the slices where none does.
    const own = reuse && stored.BYTES_PER_ELEMENT === 2
    if (min >= -32768 && max <= 32767)
      return own ? new Int16Array(stored.buffer, stored.byteOffset, stored.length) : new Int16Array(stored.length)
    if (min >= 0 && max <= 65535)
      return own ? new Uint16Array(stored.buffer, stored.byteOffset, stored.length) : new Uint16Array(stored.length)
  }
  return new Float32Array(stored.length)
}
