/** The picture on its way through the steps. */
import type { GreySamples } from './picture'
import { sizeAfter, type Size, type Trace, type TraceEntry } from './trace'

export interface Plane {
  /** rows × columns of the size that the trace has reached; the source's own samples until a step changes them. */
  readonly values: GreySamples
  readonly trace: Trace
}

/** The plane after a spatial step. */
export function withEntry(plane: Plane, values: GreySamples, entry: TraceEntry): Plane {
  return { values, trace: { ...plane.trace, entries: [...plane.trace.entries, entry] } }
}

export function sizeOf({ trace }: Plane): Size {
  return sizeAfter(trace)
}

/** The plane with every value changed by itself; the grid stays. */
export function eachValue(plane: Plane, change: (value: number) => number): Plane {
  const { values } = plane
  const changed = new Float64Array(values.length)
  for (let i = 0; i < changed.length; i++) changed[i] = change(values[i])
  return { ...plane, values: changed }
}

/** An array of the same kind. */
export function alike(values: GreySamples, length: number): GreySamples {
  return new (values.constructor as new (length: number) => GreySamples)(length)
}
