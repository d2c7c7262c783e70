/** The statistics that a package takes from a whole series, gathered in the workers. */
import type { PictureModel } from '../../../contracts/model-package'
import { addCounts, type Histogram, type HistogramKind, type Refinement } from '../../inference/histogram'
import type { Picture } from '../../inference/picture'
import {
  boxOf,
  foregroundThreshold,
  joinExtents,
  levelOf,
  noStatistics,
  type Box,
  type Extent,
  type Level,
  type StepStatistics,
} from '../../inference/statistics'
import { inOrder } from './in-order'
import type { TaskOptions, WorkerPool } from '../worker-pool'

/** Pictures counted side by side: each holds a histogram until it is added. */
const width = 4

interface SeriesReader {
  readonly workers: Pick<WorkerPool, 'run'>
  /** Slices that the statistics cover. */
  readonly indices: readonly number[]
  /** Null where a slice cannot be read: it is left out. */
  readonly picture: (index: number) => Promise<Picture | null>
  readonly options: TaskOptions
  readonly onSlice: (done: number) => void
}

/** True where a step needs the series, so that its slices are read even for a single picture. */
export function needsSeries({ preprocess }: PictureModel): boolean {
  return preprocess.steps.some((step) => 'statistics' in step && step.statistics === 'series')
}

/** By size of the slices ("512x512"): the statistics of the steps that take theirs from the series. Levels are the same in all. */
export type SeriesStatistics = (rows: number, columns: number) => StepStatistics

/** Reads every slice of the series and gives the statistics, and which slices could not be read. */
export async function seriesStatistics(model: PictureModel, reader: SeriesReader): Promise<{ of: SeriesStatistics; covered: number }> {
  const { histogram, covered } = await countSeries(reader)
  if (covered === 0) return { of: () => noStatistics, covered }
  const resolve = (refinement: Refinement) => resolveOnSeries(reader, refinement)
  const { steps, foreground } = model.preprocess
  const levels: Record<number, { low: number; high: number }> = {}
  const boxesOf: ((rows: number, columns: number) => [number, Box])[] = []
  for (const [index, step] of steps.entries()) {
    if (step.op === 'scale' && step.statistics === 'series') {
      const value = (level: Level) => resolve(levelOf(histogram, level, foreground))
      levels[index] = { low: await value(step.low), high: await value(step.high) }
    }
    if (step.op === 'crop-foreground' && step.statistics === 'series' && foreground) {
      const threshold = await resolve(foregroundThreshold(histogram, foreground))
      const extents = await extentsBySize(reader, threshold, step.minimumFraction)
      boxesOf.push((rows, columns) => [index, boxOf(joinExtents(extents.get(`${rows}x${columns}`) ?? []), step, rows, columns)])
    }
  }
  return { of: (rows, columns) => ({ levels, boxes: Object.fromEntries(boxesOf.map((box) => box(rows, columns))) }), covered }
}

async function countSeries(reader: SeriesReader): Promise<{ histogram: Histogram; covered: number }> {
  const whole = await countAs(reader, null)
  // Slices of which some hold fractions are all counted in the way that suits these.
  return whole ?? (await countAs(reader, 'float'))!
}

/** Null where the pictures' own kinds differ. */
async function countAs(reader: SeriesReader, wanted: HistogramKind | null): Promise<{ histogram: Histogram; covered: number } | null> {
  let kind: HistogramKind | null = wanted
  let sum: Float64Array | null = null
  let covered = 0
  let done = 0
  const count = async (index: number): Promise<Histogram | null> => {
    const picture = await reader.picture(index)
    return picture && reader.workers.run('analysis.count', { picture, kind: wanted }, reader.options)
  }
  for await (const histogram of inOrder(reader.indices, width, count)) {
    reader.onSlice(++done)
    if (!histogram) continue
    if (kind !== null && histogram.kind !== kind) return null
    kind = histogram.kind
    sum = sum ? addCounts([sum, histogram.counts]) : Float64Array.from(histogram.counts)
    covered++
  }
  return { histogram: { kind: kind ?? 'whole', counts: sum ?? new Float64Array(0) }, covered }
}

async function resolveOnSeries(reader: SeriesReader, refinement: Refinement): Promise<number> {
  let step = refinement.next()
  while (!step.done) {
    const high = step.value
    let sum: Float64Array | null = null
    for await (const counts of eachPicture(reader, (picture) => reader.workers.run('analysis.refine', { picture, high }, reader.options))) {
      sum = sum ? addCounts([sum, counts]) : Float64Array.from(counts)
    }
    step = refinement.next(sum ?? new Float64Array(0))
  }
  return step.value
}

async function extentsBySize(reader: SeriesReader, threshold: number, minimumFraction: number) {
  const bySize = new Map<string, Extent[]>()
  const measure = async (picture: Picture) => ({
    size: `${picture.rows}x${picture.columns}`,
    extent: await reader.workers.run('analysis.extent', { picture, threshold, minimumFraction }, reader.options),
  })
  for await (const { size, extent } of eachPicture(reader, measure)) bySize.set(size, [...(bySize.get(size) ?? []), extent])
  return bySize
}

async function* eachPicture<R>(reader: SeriesReader, work: (picture: Picture) => Promise<R>): AsyncGenerator<R> {
  const worked = inOrder(reader.indices, width, async (index) => {
    const picture = await reader.picture(index)
    return picture && { value: await work(picture) }
  })
  for await (const result of worked) if (result) yield result.value
}
