/** Where the arrows between layers run: straight down to the next, or past others in a lane of their own. Pure. */
import type { Layer } from '../../contracts/layers'

/** A way from one layer to a later one past those between; `from` -1 is the picture. */
export interface Skip {
  readonly from: number
  readonly to: number
  /** 0 is the nearest to the list. */
  readonly lane: number
}

/** More ways than this side by side share the outermost lane. */
export const mostLanes = 6

/** Short ways lie inside, so that they cross the least. */
export function skipsOf(layers: readonly Pick<Layer, 'inputs'>[]): Skip[] {
  const ways = layers.flatMap(({ inputs }, to) => inputs.filter((from) => from < to - 1).map((from) => ({ from, to })))
  ways.sort((a, b) => a.to - a.from - (b.to - b.from) || a.to - b.to)
  const placed: Skip[] = []
  for (const way of ways) {
    const taken = new Set(placed.filter(({ from, to }) => from < way.to && way.from < to).map(({ lane }) => lane))
    let lane = 0
    while (taken.has(lane) && lane < mostLanes - 1) lane++
    placed.push({ ...way, lane })
  }
  return placed
}
