/** The steps that change values and leave the grid as it is. */
import { eachValue, type Plane } from '../plane'

/** (v - low) / (high - low), clipped to 0..1 when `clip`. A range of nothing gives 0 everywhere. */
export function scale(plane: Plane, low: number, high: number, clip: boolean): Plane {
  if (!(high > low)) return eachValue(plane, () => 0)
  return scaled(plane, low, high - low, clip)
}

export function standardise(plane: Plane, mean: number, deviation: number): Plane {
  return scaled(plane, mean, deviation, false)
}

/** A loop of its own: a call for each pixel takes three times as long. */
function scaled(plane: Plane, from: number, range: number, clip: boolean): Plane {
  const { values } = plane
  const changed = new Float64Array(values.length)
  if (clip) for (let i = 0; i < changed.length; i++) changed[i] = Math.min(Math.max((values[i] - from) / range, 0), 1)
  else for (let i = 0; i < changed.length; i++) changed[i] = (values[i] - from) / range
  return { ...plane, values: changed }
}

export function clip(plane: Plane, min: number, max: number): Plane {
  return eachValue(plane, (value) => Math.min(Math.max(value, min), max))
}
