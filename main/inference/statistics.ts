/** Percentiles, foreground and its box, on the source grid before any step, as contracts/model-package.ts defines them. */
import type { PictureModel, PreprocessStep } from '../../contracts/model-package'
import { countAtMost, countValues, histogramKindOf, resolveOn, total, valueAtRank, type Histogram, type Refinement } from './histogram'
import type { Picture } from './picture'

export type ForegroundRule = NonNullable<PictureModel['preprocess']['foreground']>
export type Level = Extract<PreprocessStep, { op: 'scale' }>['low']
export type CropForegroundStep = Extract<PreprocessStep, { op: 'crop-foreground' }>

/** A rectangle of pixels; it may reach beyond the picture. */
export interface Box {
  readonly top: number
  readonly left: number
  readonly rows: number
  readonly columns: number
}

/** First and last row and column that count as foreground; null where none does. */
export type Extent = { readonly rows: readonly [number, number]; readonly columns: readonly [number, number] } | null

/** By inverted distribution: the least value whose cumulative count reaches ceil(q / 100 × n); q = 0 gives the minimum; 0 where nothing was counted. */
export function* percentileOf(histogram: Histogram, q: number): Refinement {
  const count = total(histogram)
  return count === 0 ? 0 : yield* valueAtRank(histogram, rankOf(q, count))
}

/** The value above which a pixel is foreground. */
export function* foregroundThreshold(histogram: Histogram, rule: ForegroundRule): Refinement {
  return rule.threshold * (yield* percentileOf(histogram, rule.ofPercentile))
}

/** A level of `scale`. Where there is no foreground its percentiles are the greatest value. */
export function* levelOf(histogram: Histogram, level: Level, rule: ForegroundRule | undefined): Refinement {
  if ('value' in level) return level.value
  if (level.of === 'valid' || !rule) return yield* percentileOf(histogram, level.percentile)
  const count = total(histogram)
  if (count === 0) return 0
  const background = yield* countAtMost(histogram, yield* foregroundThreshold(histogram, rule))
  const rank = background === count ? count : background + rankOf(level.percentile, count - background)
  return yield* valueAtRank(histogram, rank)
}

function rankOf(q: number, count: number): number {
  return Math.max(1, Math.ceil((q / 100) * count))
}

/** Rows and columns of which at least `minimumFraction` is foreground, from the first to the last. */
export function foregroundExtent({ rows, columns, samples, valid }: Picture, threshold: number, minimumFraction: number): Extent {
  const byColumn = new Uint32Array(columns)
  const byRow = new Uint32Array(rows)
  for (let row = 0, i = 0; row < rows; row++) {
    let count = 0
    for (let column = 0; column < columns; column++, i++) {
      if (samples[i] > threshold && (valid === null || valid[i] !== 0)) {
        count++
        byColumn[column]++
      }
    }
    byRow[row] = count
  }
  const rowSpan = span(byRow, columns, minimumFraction)
  const columnSpan = span(byColumn, rows, minimumFraction)
  return rowSpan && columnSpan ? { rows: rowSpan, columns: columnSpan } : null
}

function span(counts: Uint32Array, length: number, minimumFraction: number): readonly [number, number] | null {
  const enough = (count: number) => count / length >= minimumFraction
  const first = counts.findIndex(enough)
  return first < 0 ? null : [first, counts.findLastIndex(enough)]
}

/** The extent over several slices: each row and column that counts in any of them. */
export function joinExtents(extents: readonly Extent[]): Extent {
  const known = extents.filter((extent) => extent !== null)
  if (known.length === 0) return null
  const join = (axis: 'rows' | 'columns') =>
    [Math.min(...known.map((extent) => extent[axis][0])), Math.max(...known.map((extent) => extent[axis][1]))] as const
  return { rows: join('rows'), columns: join('columns') }
}

/** The box to which `crop-foreground` cuts; the whole picture where there is no foreground. */
export function boxOf(extent: Extent, step: CropForegroundStep, rows: number, columns: number): Box {
  if (!extent) return { top: 0, left: 0, rows, columns }
  const height = extent.rows[1] - extent.rows[0] + 1
  const width = extent.columns[1] - extent.columns[0] + 1
  const grow = Math.floor(step.margin * Math.max(height, width) + 0.5)
  const grown = { top: extent.rows[0] - grow, left: extent.columns[0] - grow, rows: height + 2 * grow, columns: width + 2 * grow }
  if (step.shape === 'box') return grown
  const side = Math.max(grown.rows, grown.columns)
  // As with padding, the odd pixel goes to the end.
  return {
    top: grown.top - Math.floor((side - grown.rows) / 2),
    left: grown.left - Math.floor((side - grown.columns) / 2),
    rows: side,
    columns: side,
  }
}

/** What steps take from the picture: by step, the levels of `scale` and the box of `crop-foreground`. */
export interface StepStatistics {
  readonly levels: Readonly<Record<number, { readonly low: number; readonly high: number }>>
  readonly boxes: Readonly<Record<number, Box>>
}

export const noStatistics: StepStatistics = { levels: {}, boxes: {} }

/** The statistics of the steps that take theirs from the slice itself. */
export function sliceStatistics(preprocess: PictureModel['preprocess'], picture: Picture): StepStatistics {
  let histogram: Histogram | null = null
  const counted = () => (histogram ??= countValues(picture, histogramKindOf(picture)))
  const levels: Record<number, { low: number; high: number }> = {}
  const boxes: Record<number, Box> = {}
  for (const [index, step] of preprocess.steps.entries()) {
    if (step.op === 'scale' && step.statistics === 'slice') {
      const value = (level: Level) =>
        'value' in level ? level.value : resolveOn([picture], levelOf(counted(), level, preprocess.foreground))
      levels[index] = { low: value(step.low), high: value(step.high) }
    }
    if (step.op === 'crop-foreground' && step.statistics === 'slice' && preprocess.foreground) {
      const threshold = resolveOn([picture], foregroundThreshold(counted(), preprocess.foreground))
      boxes[index] = boxOf(foregroundExtent(picture, threshold, step.minimumFraction), step, picture.rows, picture.columns)
    }
  }
  return { levels, boxes }
}
