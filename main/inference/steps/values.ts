/** The steps that change values and leave the grid as it is. */
import { eachValue, type Plane } from '../plane'

/** (v - low) / (high - low), clipped to 0..1 when `clip`. A range of nothing gives 0 everywhere. */
export function scale(plane: Plane, low: number, high: number, clip: boolean): Plane {
  if (!(high > low)) return eachValue(plane, () => 0)
  const range = high - low
  if (!clip) return eachValue(plane, (value) => (value - low) / range)
  return eachValue(plane, (value) => Math.min(Math.max((value - low) / range, 0), 1))
}

export function standardise(plane: Plane, mean: number, deviation: number): Plane {
  return eachValue(plane, (value) => (value - mean) / deviation)
}

export function clip(plane: Plane, min: number, max: number): Plane {
  return eachValue(plane, (value) => Math.min(Math.max(value, min), max))
}
