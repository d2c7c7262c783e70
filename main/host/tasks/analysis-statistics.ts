/** Worker tasks: what a series' statistics need of one of its pictures. */
import { countValues, histogramKindOf, refine, type Histogram, type HistogramKind } from '../../inference/histogram'
import type { Picture } from '../../inference/picture'
import { foregroundExtent, type Extent } from '../../inference/statistics'
import type { TaskResult } from './task-result'

/** Counts the valid values; by the kind that suits the picture where none is given. */
export async function analysisCountTask({
  picture,
  kind,
}: {
  picture: Picture
  kind: HistogramKind | null
}): Promise<TaskResult<Histogram>> {
  const histogram = countValues(picture, kind ?? histogramKindOf(picture))
  return { value: histogram, transfer: [histogram.counts.buffer as ArrayBuffer] }
}

/** Counts the low halves of the values in one bin of a histogram of the kind `float`. */
export async function analysisRefineTask({ picture, high }: { picture: Picture; high: number }): Promise<TaskResult<Uint32Array>> {
  const counts = refine(picture, high)
  return { value: counts, transfer: [counts.buffer as ArrayBuffer] }
}

export interface ExtentInput {
  readonly picture: Picture
  readonly threshold: number
  readonly minimumFraction: number
}

export async function analysisExtentTask({ picture, threshold, minimumFraction }: ExtentInput): Promise<TaskResult<Extent>> {
  return { value: foregroundExtent(picture, threshold, minimumFraction) }
}
