/**
 * Exact percentiles of any number of pictures without holding their pixels.
 *
 * Whole numbers from -32768 to 65535 are counted one by one. Other values are counted by the high
 * half of their bits as float32 (in an order that follows the values); where a rank falls into
 * such a bin, the low halves of the values in it are counted in a second pass (`Refinement`).
 */
import type { Picture } from './picture'

export type HistogramKind = 'whole' | 'float'

export interface Histogram {
  readonly kind: HistogramKind
  /** Float64, as a series may hold more pixels than 32 bits count. */
  readonly counts: Float64Array | Uint32Array
}

const wholeOffset = 32768
const wholeBins = wholeOffset + 65536
const halfBins = 65536

/** The kind that counts these samples exactly. */
export function histogramKindOf({ samples }: Picture): HistogramKind {
  const whole =
    samples instanceof Uint8Array || samples instanceof Int8Array || samples instanceof Uint16Array || samples instanceof Int16Array
  return whole ? 'whole' : 'float'
}

export function countValues(picture: Picture, kind: HistogramKind): Histogram {
  return kind === 'whole' ? { kind, counts: countWhole(picture) } : { kind, counts: countHigh(picture) }
}

/** Counts the low halves of the values whose high half is `high`. */
export function refine(picture: Picture, high: number): Uint32Array {
  const counts = new Uint32Array(halfBins)
  forEachKey(picture, (key) => {
    if (key >>> 16 === high) counts[key & 0xffff]++
  })
  return counts
}

/** Adds up histograms of one kind. */
export function addCounts(all: readonly (Float64Array | Uint32Array)[]): Float64Array {
  const sum = new Float64Array(all[0]?.length ?? 0)
  for (const counts of all) for (let i = 0; i < sum.length; i++) sum[i] += counts[i]
  return sum
}

export function total({ counts }: Histogram): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i]
  return sum
}

/** Asks for the refinement of a bin and goes on with its counts; returns a value. */
export type Refinement = Generator<number, number, Float64Array | Uint32Array>

/** The value of rank `rank`, counted from 1 in rising order. */
export function* valueAtRank(histogram: Histogram, rank: number): Refinement {
  const { bin, before } = binOfRank(histogram.counts, rank)
  if (histogram.kind === 'whole') return bin - wholeOffset
  const low = binOfRank(yield bin, rank - before)
  return valueOfKey(((bin << 16) | low.bin) >>> 0)
}

/** How many values are at most `limit`. */
export function* countAtMost(histogram: Histogram, limit: number): Refinement {
  if (histogram.kind === 'whole') return sumBefore(histogram.counts, Math.floor(limit) + wholeOffset + 1)
  const key = keyOfGreatestAtMost(limit)
  const before = sumBefore(histogram.counts, key >>> 16)
  return before + sumBefore(yield key >>> 16, (key & 0xffff) + 1)
}

/** Runs a refinement on one picture, or on several seen as one. */
export function resolveOn(pictures: readonly Picture[], refinement: Refinement): number {
  let step = refinement.next()
  while (!step.done) {
    const high = step.value
    step = refinement.next(addCounts(pictures.map((picture) => refine(picture, high))))
  }
  return step.value
}

function countWhole({ samples, valid }: Picture): Uint32Array {
  const counts = new Uint32Array(wholeBins)
  if (valid) {
    for (let i = 0; i < samples.length; i++) if (valid[i] !== 0) counts[samples[i] + wholeOffset]++
  } else if (samples instanceof Uint8Array) {
    countBytes(samples, counts)
  } else {
    for (let i = 0; i < samples.length; i++) counts[samples[i] + wholeOffset]++
  }
  return counts
}

/** Four tables take turns: neighbours are often alike, and each count would wait for the one before. */
function countBytes(samples: Uint8Array, counts: Uint32Array): void {
  const tables = new Uint32Array(4 * 256)
  const fours = samples.length & ~3
  for (let i = 0; i < fours; i += 4) {
    tables[samples[i]]++
    tables[256 + samples[i + 1]]++
    tables[512 + samples[i + 2]]++
    tables[768 + samples[i + 3]]++
  }
  for (let i = fours; i < samples.length; i++) tables[samples[i]]++
  for (let i = 0; i < tables.length; i++) counts[wholeOffset + (i & 255)] += tables[i]
}

function countHigh(picture: Picture): Uint32Array {
  const counts = new Uint32Array(halfBins)
  forEachKey(picture, (key) => counts[key >>> 16]++)
  return counts
}

function forEachKey({ samples, valid }: Picture, visit: (key: number) => void): void {
  const scratch = new Float32Array(1)
  const bits = new Uint32Array(scratch.buffer)
  for (let i = 0; i < samples.length; i++) {
    if (valid && valid[i] === 0) continue
    // Adding 0 makes one zero of both.
    scratch[0] = samples[i] + 0
    const raw = bits[0]
    visit((raw & 0x80000000) !== 0 ? ~raw >>> 0 : (raw | 0x80000000) >>> 0)
  }
}

function keyOf(value: number): number {
  const raw = new Uint32Array(new Float32Array([value + 0]).buffer)[0]
  return (raw & 0x80000000) !== 0 ? ~raw >>> 0 : (raw | 0x80000000) >>> 0
}

function valueOfKey(key: number): number {
  const raw = (key & 0x80000000) !== 0 ? key & 0x7fffffff : ~key
  return new Float32Array(new Uint32Array([raw >>> 0]).buffer)[0]
}

/** Of the greatest float32 that does not exceed `limit`. */
function keyOfGreatestAtMost(limit: number): number {
  const key = keyOf(limit)
  return valueOfKey(key) > limit ? key - 1 : key
}

function binOfRank(counts: Float64Array | Uint32Array, rank: number): { bin: number; before: number } {
  let before = 0
  for (let bin = 0; bin < counts.length; bin++) {
    if (before + counts[bin] >= rank) return { bin, before }
    before += counts[bin]
  }
  throw new RangeError(`rank ${rank} of ${before} values`)
}

function sumBefore(counts: Float64Array | Uint32Array, end: number): number {
  let sum = 0
  for (let bin = 0; bin < Math.min(end, counts.length); bin++) sum += counts[bin]
  return sum
}
