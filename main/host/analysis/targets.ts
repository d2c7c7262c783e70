/** Which pictures of a series an analysis was asked for. */
import type { SeriesInput } from './analysis-input'

/** Their indices, in reading order. */
export function targetsOf({ slices, requested }: Pick<SeriesInput, 'slices' | 'requested'>): number[] {
  const all = slices.map((_, index) => index)
  if (!requested) return all
  const keys = new Set(requested.map(({ sopInstanceUid, frameIndex }) => `${sopInstanceUid}/${frameIndex}`))
  return all.filter((index) => keys.has(`${slices[index].sopInstanceUid}/${slices[index].frameIndex}`))
}
