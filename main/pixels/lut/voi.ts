/** Modality values → the range to be shown. PS3.3 C.11.2. Pure. */
import type { Window } from '../../../contracts/dicom-facts'

export type { Window }

/** A VOI LUT as the frame carries it: `values[i]` (0 to 1) belongs to the modality value `first + i`. */
export interface VoiTable {
  readonly first: number
  readonly values: Float32Array
}

/**
 * Whether a window is one that the standard allows. A width below 1 (LINEAR) or not above 0 (the others) has no meaning
 * and is not to be bent into one. PS3.3 C.11.2.1.2.1.
 */
export function isValidWindow({ center, width, voiLutFunction }: Window): boolean {
  return Number.isFinite(center) && Number.isFinite(width) && (voiLutFunction === 'LINEAR' ? width >= 1 : width > 0)
}

/**
 * The window's function, from a modality value to 0..1.
 *
 * LINEAR and LINEAR_EXACT differ by half a value: PS3.3 C.11.2.1.2.1 and C.11.2.1.3.2; SIGMOID: C.11.2.1.3.1.
 */
export function windowFunction({ center, width, voiLutFunction }: Window): (value: number) => number {
  switch (voiLutFunction) {
    case 'SIGMOID':
      return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width))
    case 'LINEAR_EXACT': {
      const low = center - width / 2
      return (value) => clamp((value - low) / width)
    }
    case 'LINEAR': {
      // A width of 1 is a threshold at center - 0.5.
      if (width === 1) return (value) => (value <= center - 0.5 ? 0 : 1)
      return (value) => clamp((value - (center - 0.5)) / (width - 1) + 0.5)
    }
  }
}

/** A table's function, from a modality value to 0..1; beyond the ends the outermost entry. Between whole values the nearer one. */
export function tableFunction({ first, values }: VoiTable): (value: number) => number {
  const last = values.length - 1
  return (value) => values[Math.max(0, Math.min(last, Math.round(value - first)))]
}

/** The window that spreads min to max over the whole range; of a single value, from 0 to it. */
export function rangeWindow(min: number, max: number): Window {
  if (min === max) return min === 0 ? rangeWindow(0, 1) : rangeWindow(Math.min(0, min), Math.max(0, max))
  return { center: (min + max) / 2, width: max - min, voiLutFunction: 'LINEAR_EXACT', explanation: '' }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}
