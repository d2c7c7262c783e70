/** Connected regions of a mask on one slice, as runs along its rows. Pixels that touch at a side or a corner belong together. */
import { compact, countFew, quantise, quantisedSteps, sumOfCounts, type ValueCounts } from './quantised'
import { UnionFind } from './union-find'

/** A piece of a row: columns `start` to before `end`. */
export interface Run {
  readonly row: number
  readonly start: number
  readonly end: number
}

/** What crosses from the worker: plain arrays only. */
export interface SliceRegions {
  /** By run, in reading order: row, start, end, index into `regions`. */
  readonly runs: Int32Array<ArrayBuffer>
  readonly regions: readonly Region[]
  /** Regions left out as there were more than `mostRegions`; the smallest go first. */
  readonly leftOut: number
}

export interface Region {
  readonly pixels: number
  /** Sum of the probabilities. */
  readonly sum: number
  readonly scores: ValueCounts
  /** The least and the greatest values of the variants on its pixels; null where none were run. */
  readonly spread: { readonly low: ValueCounts; readonly high: ValueCounts } | null
}

/** Maps of the least and greatest values, rows × columns as the map itself. */
export interface SpreadMaps {
  readonly low: Float32Array
  readonly high: Float32Array
}

/** More than this on one slice is noise, not findings. */
const mostRegions = 5000

/** Regions of `mask`, which is 1 where `map` counts; both are rows × columns. */
export function findRegions(
  map: Float32Array,
  mask: Uint8Array,
  rows: number,
  columns: number,
  spread: SpreadMaps | null = null,
): SliceRegions {
  const runs = runsOf(mask, rows, columns)
  const roots = joinRuns(runs)
  const sizes = new Map<number, number>()
  for (const [index, run] of runs.entries()) sizes.set(roots[index], (sizes.get(roots[index]) ?? 0) + run.end - run.start)
  const bySize = [...sizes.keys()]
  if (bySize.length > mostRegions) bySize.sort((a, b) => sizes.get(b)! - sizes.get(a)!)
  const kept = new Map(bySize.slice(0, mostRegions).map((root, region) => [root, region]))
  const flat: number[] = []
  for (const [index, run] of runs.entries()) {
    const region = kept.get(roots[index])
    if (region !== undefined) flat.push(run.row, run.start, run.end, region)
  }
  const compact = Int32Array.from(flat)
  const pixels = [...kept.keys()].map((root) => sizes.get(root)!)
  return { runs: compact, regions: measure(map, spread, columns, compact, pixels), leftOut: bySize.length - kept.size }
}

function runsOf(mask: Uint8Array, rows: number, columns: number): Run[] {
  const runs: Run[] = []
  const end = rows * columns
  // The search of typed arrays is native and far faster than a loop.
  for (let at = mask.indexOf(1); at >= 0 && at < end;) {
    const row = Math.floor(at / columns)
    const rowEnd = (row + 1) * columns
    const gap = mask.indexOf(0, at)
    const stop = gap < 0 ? rowEnd : Math.min(gap, rowEnd)
    runs.push({ row, start: at - row * columns, end: stop - row * columns })
    at = mask.indexOf(1, stop)
  }
  return runs
}

/** By run: the number of the region it belongs to. */
function joinRuns(runs: readonly Run[]): number[] {
  const sets = new UnionFind()
  let above = 0
  for (const [index, run] of runs.entries()) {
    sets.add()
    while (above < index && (runs[above].row < run.row - 1 || (runs[above].row === run.row - 1 && runs[above].end < run.start))) above++
    for (let other = above; other < index && runs[other].row === run.row - 1 && runs[other].start <= run.end; other++)
      sets.join(other, index)
  }
  return runs.map((_, index) => sets.find(index))
}

/** Fewer pixels than this are sorted; more are counted step by step. */
const fewPixels = 4096

function measure(map: Float32Array, spread: SpreadMaps | null, columns: number, runs: Int32Array, pixels: readonly number[]): Region[] {
  const scores = countByRegion(map, columns, runs, pixels)
  const low = spread && countByRegion(spread.low, columns, runs, pixels)
  const high = spread && countByRegion(spread.high, columns, runs, pixels)
  return pixels.map((count, region) => ({
    pixels: count,
    sum: sumOfCounts(scores[region]),
    scores: scores[region],
    spread: low && high && { low: low[region], high: high[region] },
  }))
}

/** By region: how often each value of `map` occurs in it. */
function countByRegion(map: Float32Array, columns: number, runs: Int32Array, pixels: readonly number[]): ValueCounts[] {
  const values = pixels.map((count) => (count < fewPixels ? new Uint16Array(count) : new Uint32Array(quantisedSteps + 1)))
  const filled = new Uint32Array(pixels.length)
  for (let at = 0; at < runs.length; at += 4) {
    const region = runs[at + 3]
    const [start, end] = [runs[at] * columns + runs[at + 1], runs[at] * columns + runs[at + 2]]
    const target = values[region]
    if (target instanceof Uint16Array) {
      for (let i = start; i < end; i++) target[filled[region]++] = quantise(map[i])
    } else countRun(map, start, end, target)
  }
  return values.map((own) => (own instanceof Uint16Array ? countFew(own) : compact(own)))
}

function countRun(map: Float32Array, start: number, end: number, counts: Uint32Array): void {
  for (let i = start; i < end; i++) counts[quantise(map[i])]++
}

/**
 * Which regions of two neighbouring slices belong together: pairs of an index into `a` and one into `b`.
 * Voxels that touch at a face, an edge or a corner do.
 */
export function touchingRegions(a: SliceRegions, b: SliceRegions): [number, number][] {
  const pairs = new Set<number>()
  let first = 0
  for (let j = 0; j < b.runs.length; j += 4) {
    const row = b.runs[j]
    while (first < a.runs.length && a.runs[first] < row - 1) first += 4
    for (let i = first; i < a.runs.length && a.runs[i] <= row + 1; i += 4) {
      if (a.runs[i + 1] <= b.runs[j + 2] && a.runs[i + 2] >= b.runs[j + 1]) pairs.add(a.runs[i + 3] * mostRegions + b.runs[j + 3])
    }
  }
  return [...pairs].map((pair) => [Math.floor(pair / mostRegions), pair % mostRegions])
}
