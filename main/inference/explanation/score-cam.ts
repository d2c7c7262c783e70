/**
 * By masking (after Score-CAM; Wang et al., CVPR workshops 2020): each channel of the last maps, stretched to 0 to 1, is a mask through which the
 * network looks at the picture; what is hidden is nothing. A mask's rise is how far the score lies above that of nothing at all.
 *
 * The value at a place is the mean of rise × mask over the masks, each counted by its rise: 0 to 1, and no further than the greatest rise. Unlike the
 * published method nothing is stretched at the end, so two patients can be compared.
 */
import type { ExplainedNetwork, FeatureMap } from './explained-network'
import { mixInto } from './nothing'
import { onGrid, type PlaceMap } from './place-map'

/** Of more channels, those that differ most over the picture. */
export const mostMasks = 256

/** A channel of one of the maps. */
interface Channel {
  readonly map: number
  readonly channel: number
}

export interface MaskedScore extends Channel {
  readonly rise: number
}

export interface MaskedMap {
  readonly map: PlaceMap
  readonly masks: readonly MaskedScore[]
}

/** Which channels are looked through: not those of one value. */
export function channelsToMask(maps: readonly FeatureMap[]): Channel[] {
  const all = maps.flatMap(({ channels, rows, columns, values }, map) =>
    Array.from({ length: channels }, (_, channel) => ({
      map,
      channel,
      deviation: deviationOf(values.subarray(channel * rows * columns, (channel + 1) * rows * columns)),
    })),
  )
  const usable = all.filter(({ deviation }) => deviation > 0)
  return usable.length <= mostMasks ? usable : usable.sort((a, b) => b.deviation - a.deviation).slice(0, mostMasks)
}

/** @throws what running the network throws */
export async function scoreCam(
  network: ExplainedNetwork,
  tensor: Float32Array,
  nothing: Float32Array,
  scoreOfNothing: number,
  maps: readonly FeatureMap[],
  channels: readonly Channel[],
): Promise<MaskedMap> {
  const { rows, columns } = network
  const scores = await network.scores(channels.length, (index, to) => mixInto(to, tensor, nothing, maskOf(maps, channels[index], network)))
  const masks = channels.map((channel, index) => ({ ...channel, rise: Math.max(0, scores[index] - scoreOfNothing) }))
  const values = new Float32Array(rows * columns)
  const total = masks.reduce((sum, { rise }) => sum + rise, 0)
  for (const mask of masks) {
    if (mask.rise === 0) continue
    const shown = maskOf(maps, mask, network)
    const weight = mask.rise ** 2 / total
    for (let i = 0; i < values.length; i++) values[i] += weight * shown[i]
  }
  return { map: { rows, columns, values }, masks }
}

/** The masks that bring this share of the map, the most first: the shifted picture is looked at through these alone. */
export function masksThatCount(masks: readonly MaskedScore[], share = 0.95): MaskedScore[] {
  const sorted = masks.filter(({ rise }) => rise > 0).sort((a, b) => b.rise - a.rise)
  const total = sorted.reduce((sum, { rise }) => sum + rise ** 2, 0)
  let before = 0
  return sorted.filter(({ rise }) => {
    const counts = before < share * total
    before += rise ** 2
    return counts
  })
}

function maskOf(
  maps: readonly FeatureMap[],
  { map, channel }: Channel,
  size: { readonly rows: number; readonly columns: number },
): Float32Array {
  const { rows, columns, values } = maps[map]
  const own = values.subarray(channel * rows * columns, (channel + 1) * rows * columns)
  let [least, greatest] = [Infinity, -Infinity]
  for (const value of own) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  const span = greatest - least || 1
  return onGrid({ rows, columns, values: own.map((value) => (value - least) / span) }, size)
}

function deviationOf(values: Float32Array): number {
  let [sum, squares] = [0, 0]
  for (const value of values) {
    sum += value
    squares += value * value
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2))
}
