/** Which slices make the channels of a tensor. */
import type { PictureModel } from '../../contracts/model-package'

/**
 * Indices into the series for the channels of slice `index`, in channel order.
 *
 * `positions` are mm along the normal in reading order; null where unknown or no volume: then the
 * next slices are taken. A channel's neighbour is the slice nearest to its distance on its side;
 * beyond the end it is the outermost.
 */
export function channelSlices({ input }: PictureModel, index: number, count: number, positions: readonly number[] | null): number[] {
  if (input.kind === 'image') return Array.from({ length: input.shape[1] }, () => index)
  const half = Math.floor(input.shape[1] / 2)
  return Array.from({ length: input.shape[1] }, (_, channel) => neighbour(channel - half, input.stepMm, index, count, positions))
}

function neighbour(offset: number, stepMm: number | undefined, index: number, count: number, positions: readonly number[] | null): number {
  if (stepMm === undefined || positions === null || offset === 0) return Math.min(Math.max(index + offset, 0), count - 1)
  const side = Math.sign(offset)
  const wanted = Math.abs(offset) * stepMm
  let best = index
  let least = Infinity
  for (let other = index + side; other >= 0 && other < count; other += side) {
    const error = Math.abs(Math.abs(positions[other] - positions[index]) - wanted)
    if (error >= least) break
    best = other
    least = error
  }
  return best
}
