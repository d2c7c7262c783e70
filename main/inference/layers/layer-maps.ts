/** A layer's value as maps of 8 bits on one scale, or as numbers. */
import {
  greatestLevel,
  leastLevel,
  mostMapBytes,
  mostMaps,
  mostValues,
  type LayerMaps,
  type MapStatistics,
} from '../../../contracts/layers'
import { OverreadError } from '../../../contracts/errors'
import type { RawOutput } from '../outputs'

export interface QuantisedMaps {
  readonly maps: LayerMaps
  /** A level a pixel, map by map; empty where there are no maps. */
  readonly levels: Uint8Array<ArrayBuffer>
}

interface Arrangement {
  readonly count: number
  readonly rows: number
  readonly columns: number
  readonly spatial: boolean
}

const longestSide = 8192

/**
 * The maps from `first` on, as many as an answer takes. The scale is that of the whole layer, whichever maps are asked for.
 *
 * @throws OverreadError 'inference.output' where a value is no number or a side is too long.
 */
export function quantisedMaps(raw: RawOutput, channelsLast: boolean, first: number): QuantisedMaps {
  const scale = scaleOf(raw.values)
  const arranged = arrangementOf(raw, channelsLast)
  const described = { shape: [...raw.shape], scale, first }
  if (arranged === null) {
    const values = Array.from(raw.values.subarray(first, first + mostValues))
    return { maps: { form: 'values', ...described, total: raw.values.length, values }, levels: new Uint8Array(0) }
  }
  const { count, rows, columns, spatial } = arranged
  if (Math.max(rows, columns) > longestSide) throw new OverreadError('inference.output', `maps of ${columns} × ${rows}`)
  const size = rows * columns
  const most = Math.max(1, Math.min(mostMaps, Math.floor(mostMapBytes / size)))
  const shown = Math.max(0, Math.min(most, count - first))
  const levels = new Uint8Array(shown * size)
  const maps: MapStatistics[] = []
  for (let index = 0; index < shown; index++) {
    const map = mapAt(raw.values, first + index, arranged, channelsLast)
    maps.push(statisticsOf(map))
    quantise(map, scale, levels.subarray(index * size, (index + 1) * size))
  }
  return { maps: { form: 'maps', ...described, total: count, rows, columns, spatial, maps }, levels }
}

/** [1, maps, rows, columns] are maps of the picture; [1, a, b] is one map that is not; what has one pixel a map is a row of numbers. */
function arrangementOf({ shape, values }: RawOutput, channelsLast: boolean): Arrangement | null {
  if (values.length === 0 || (shape[0] ?? 1) !== 1) return null
  if (shape.length === 4) {
    const [, a, b, c] = shape
    const [count, rows, columns] = channelsLast ? [c, a, b] : [a, b, c]
    return rows * columns > 1 ? { count, rows, columns, spatial: true } : null
  }
  if (shape.length === 3 && shape[1] > 1 && shape[2] > 1) return { count: 1, rows: shape[1], columns: shape[2], spatial: false }
  return null
}

function mapAt(values: Float32Array, index: number, { count, rows, columns, spatial }: Arrangement, channelsLast: boolean): Float32Array {
  const size = rows * columns
  if (!channelsLast || !spatial) return values.subarray(index * size, (index + 1) * size)
  return Float32Array.from({ length: size }, (_, pixel) => values[pixel * count + index])
}

function scaleOf(values: Float32Array): [number, number] {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) throw new OverreadError('inference.output', `a layer holds ${value}`)
    if (value < min) min = value
    if (value > max) max = value
  }
  return min <= max ? [min, max] : [0, 0]
}

function statisticsOf(map: Float32Array): MapStatistics {
  const [min, max] = scaleOf(map)
  let sum = 0
  let zeros = 0
  for (let i = 0; i < map.length; i++) {
    sum += map[i]
    if (map[i] === 0) zeros++
  }
  return { min, max, mean: sum / map.length, zeros: zeros / map.length }
}

/** A layer of one value is all at its least level. */
function quantise(map: Float32Array, [min, max]: readonly [number, number], to: Uint8Array): void {
  const steps = max > min ? (greatestLevel - leastLevel) / (max - min) : 0
  for (let i = 0; i < map.length; i++) to[i] = leastLevel + Math.round((map[i] - min) * steps)
}
