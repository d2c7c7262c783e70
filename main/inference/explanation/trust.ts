/** Whether a map can be trusted: what its hottest places hold matters to the network, and a shift by one pixel does not change it. */
import { hottestShare, leastCorrelation, type Trust } from '../../../contracts/explanation'
import type { ExplainedNetwork } from './explained-network'
import { mixInto } from './nothing'
import type { PlaceMap } from './place-map'
import type { Size } from '../trace'

/** Other places for the shape of the hottest tenth. */
const places = 8
const mostTries = 64
/** The shape at another place shares at most this much of itself with where it was. */
const mostShared = 0.5
const seed = 20261125

export interface Hottest {
  /** 1 where the map is hottest. */
  readonly mask: Uint8Array
  readonly count: number
  /** The least value among them. */
  readonly from: number
}

/** The tenth of the grid with the greatest values, or what is above the least where that is less; null where nothing stands out. */
export function hottestOf(values: Float32Array): Hottest | null {
  const sorted = values.slice().sort()
  const least = sorted[0]
  const limit = Math.max(1, Math.floor(values.length * hottestShare))
  const from = sorted[sorted.length - limit]
  if (sorted[sorted.length - 1] <= least) return null
  const mask = new Uint8Array(values.length)
  let count = 0
  for (const strict of [true, false]) {
    for (let i = 0; i < values.length && count < limit; i++) {
      if (mask[i] === 1 || values[i] <= least || (strict ? values[i] <= from : values[i] !== from)) continue
      mask[i] = 1
      count++
    }
  }
  return { mask, count, from: from > least ? from : sorted.find((value) => value > least)! }
}

/** @throws what running the network throws */
export async function deletionTest(
  network: ExplainedNetwork,
  tensor: Float32Array,
  nothing: Float32Array,
  score: number,
  hottest: Hottest | null,
): Promise<Trust['deletion']> {
  if (!hottest) return { passed: false, fall: 0, elsewhereMean: 0, elsewhereRange: [0, 0], places: 0 }
  const masks = [hottest.mask, ...elsewhere(hottest, network)]
  const scores = await network.scores(masks.length, (index, to) =>
    mixInto(
      to,
      tensor,
      nothing,
      masks[index].map((hidden) => 1 - hidden),
    ),
  )
  const [fall, ...others] = [...scores].map((masked) => score - masked)
  const greatest = Math.max(...others)
  return {
    passed: others.length > 0 && fall > 0 && fall > greatest,
    fall,
    elsewhereMean: others.length === 0 ? 0 : others.reduce((sum, other) => sum + other, 0) / others.length,
    elsewhereRange: others.length === 0 ? [0, 0] : [Math.min(...others), greatest],
    places: others.length,
  }
}

/** The same shape moved by distances of a fixed seed; what leaves on one side comes in on the other. */
function elsewhere({ mask, count }: Hottest, { rows, columns }: Size): Uint8Array[] {
  const moved: Uint8Array[] = []
  let state = seed
  const below = (most: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
  for (let tries = 0; tries < mostTries && moved.length < places; tries++) {
    const [down, right] = [below(rows), below(columns)]
    const other = new Uint8Array(mask.length)
    let shared = 0
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue
      const to = ((Math.floor(i / columns) + down) % rows) * columns + (((i % columns) + right) % columns)
      other[to] = 1
      shared += mask[to]
    }
    if (shared <= mostShared * count) moved.push(other)
  }
  return moved
}

/** By the correlation of a map with that of the picture moved by one pixel. */
export function repeatabilityOf(correlation: number | null): Trust['repeatability'] {
  return { correlation, passed: correlation !== null && correlation >= leastCorrelation }
}

/** Of a map on the input's grid with that of the picture moved one pixel down and to the right, moved back; without the edge. */
export function shiftedCorrelation({ rows, columns, values }: PlaceMap, moved: Float32Array): number | null {
  const plain: number[] = []
  const back: number[] = []
  for (let row = 1; row < rows - 2; row++) {
    for (let column = 1; column < columns - 2; column++) {
      plain.push(values[row * columns + column])
      back.push(moved[(row + 1) * columns + column + 1])
    }
  }
  return correlationOf(plain, back)
}

/** Pearson's; null where one of them does not vary. */
export function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const mean = (values: ArrayLike<number>) => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[i]
    return sum / values.length
  }
  const [meanA, meanB] = [mean(a), mean(b)]
  let [together, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    together += (a[i] - meanA) * (b[i] - meanB)
    ofA += (a[i] - meanA) ** 2
    ofB += (b[i] - meanB) ** 2
  }
  return ofA > 0 && ofB > 0 ? together / Math.sqrt(ofA * ofB) : null
}
