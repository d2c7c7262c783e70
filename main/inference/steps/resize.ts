/** Separable resizing, pixel corners aligned: area averaging on an axis that shrinks, linear on one that grows. */
import type { GreySamples } from '../picture'
import { sizeOf, withEntry, type Plane } from '../plane'
import type { Size } from '../trace'

/** For each target pixel the first source pixel and the shares of it and those after it; they sum to 1. */
interface Shares {
  readonly first: Int32Array
  /** `shares[i * most + k]` belongs to source pixel `first[i] + k`. */
  readonly shares: Float64Array
  readonly count: Int32Array
  readonly most: number
}

export function resize(plane: Plane, to: Size): Plane {
  const size = sizeOf(plane)
  const entry = { kind: 'resize', rows: to.rows, columns: to.columns } as const
  const wide = to.columns === size.columns ? plane.values : alongRows(plane.values, size, sharesOf(size.columns, to.columns))
  const whole = to.rows === size.rows ? wide : downColumns(wide, to.columns, sharesOf(size.rows, to.rows))
  return withEntry(plane, whole, entry)
}

function sharesOf(from: number, to: number): Shares {
  const step = from / to
  const shrinks = to < from
  const most = shrinks ? Math.ceil(step) + 1 : 2
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const shares = new Float64Array(to * most)
  for (let i = 0; i < to; i++) {
    if (shrinks) {
      const low = i * step
      const high = (i + 1) * step
      first[i] = Math.floor(low)
      count[i] = Math.min(from, Math.ceil(high)) - first[i]
      for (let k = 0; k < count[i]; k++) shares[i * most + k] = (Math.min(high, first[i] + k + 1) - Math.max(low, first[i] + k)) / step
    } else {
      const centre = Math.min(Math.max((i + 0.5) * step - 0.5, 0), from - 1)
      first[i] = Math.floor(centre)
      count[i] = centre > first[i] ? 2 : 1
      shares[i * most] = 1 - (centre - first[i])
      shares[i * most + 1] = centre - first[i]
    }
  }
  return { first, shares, count, most }
}

function alongRows(values: GreySamples, { rows, columns }: Size, { first, shares, count, most }: Shares): Float64Array {
  const target = new Float64Array(rows * first.length)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < first.length; i++, at++) {
      const start = row * columns + first[i]
      const last = count[i] - 1
      const share = i * most
      if (last < 2) {
        target[at] = values[start] * shares[share] + (last === 1 ? values[start + 1] * shares[share + 1] : 0)
        continue
      }
      // All but the first and the last lie wholly within and have the same share.
      let whole = values[start + 1]
      for (let k = 2; k < last; k++) whole += values[start + k]
      target[at] = values[start] * shares[share] + whole * shares[share + 1] + values[start + last] * shares[share + last]
    }
  }
  return target
}

function downColumns(values: GreySamples, columns: number, { first, shares, count, most }: Shares): Float64Array {
  const target = new Float64Array(first.length * columns)
  for (let i = 0; i < first.length; i++) {
    const line = target.subarray(i * columns, (i + 1) * columns)
    for (let k = 0; k < count[i]; k++) {
      const share = shares[i * most + k]
      const start = (first[i] + k) * columns
      for (let column = 0; column < columns; column++) line[column] += values[start + column] * share
    }
  }
  return target
}
