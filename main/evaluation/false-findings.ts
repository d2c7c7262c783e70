/** What a network outlines on pictures that have nothing to outline. */
import { weightedMean } from './averages'
import { figuresOf, type Figure, type Resampling } from './figure'
import { percentile } from './percentile'
import type { OutlinedPicture } from './segmentation'

export interface Spread {
  readonly mean: number
  readonly median: number
  readonly percentile90: number
  readonly most: number
}

export interface FalseFindings {
  readonly pictures: number
  readonly withFinding: number
  /** Of the pictures, how many carry a finding. */
  readonly share: Figure
  /** Outlined a picture, regions too small for a finding counted; null without a picture. */
  readonly pixels: Spread | null
  /** Null unless it is known of every picture what a pixel stands for. */
  readonly volumeMl: (Spread & { readonly assumed: boolean; readonly shareBelow1Ml: Figure }) | null
}

type Picture = Pick<OutlinedPicture, 'cluster' | 'hasFinding' | 'overlap' | 'pixelMl'>

export function falseFindings(
  pictures: readonly Picture[],
  clusters: number,
  { resampling, assumed }: { readonly resampling: Resampling; readonly assumed: boolean },
): FalseFindings {
  const shareOf = (holds: (picture: Picture) => boolean): Figure => {
    const values = pictures.map((picture) => ({ value: Number(holds(picture)), cluster: picture.cluster }))
    return figuresOf(clusters, (weights) => [weightedMean(values, weights)], resampling)[0]
  }
  const volumes = pictures.flatMap(({ overlap, pixelMl }) => (pixelMl === null ? [] : [overlap.found * pixelMl]))
  const measured = pictures.length > 0 && volumes.length === pictures.length
  return {
    pictures: pictures.length,
    withFinding: pictures.filter(({ hasFinding }) => hasFinding).length,
    share: shareOf(({ hasFinding }) => hasFinding),
    pixels: spreadOf(pictures.map(({ overlap }) => overlap.found)),
    volumeMl: measured
      ? { ...spreadOf(volumes)!, assumed, shareBelow1Ml: shareOf(({ overlap, pixelMl }) => overlap.found * pixelMl! < 1) }
      : null,
  }
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median: percentile(sorted, 0.5),
    percentile90: percentile(sorted, 0.9),
    most: sorted.at(-1)!,
  }
}
