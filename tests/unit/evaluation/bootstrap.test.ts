import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { weightedMean, weightedMedian } from '../../../main/evaluation/averages'
import { bootstrapIntervals } from '../../../main/evaluation/bootstrap'
import { SeededRandom } from '../../../main/evaluation/random'

const values = Array.from({ length: 100 }, (_, cluster) => ({ value: cluster / 99, cluster }))
const meanOf = (weights: Float64Array) => [weightedMean(values, weights)]

describe('intervals', () => {
  test('of a mean come near to the closed form, value +- 1.96 standard errors', () => {
    const [interval] = bootstrapIntervals(100, meanOf, { seed: 1 })
    const deviation = Math.sqrt(values.reduce((sum, { value }) => sum + (value - 0.5) ** 2, 0) / 100)
    const half = 1.96 * (deviation / 10)
    // The ends of 2,000 resamples waver by about 0.04 of their half width.
    expect(Math.abs(interval!.low - (0.5 - half))).toBeLessThan(0.15 * half)
    expect(Math.abs(interval!.high - (0.5 + half))).toBeLessThan(0.15 * half)
    expect(interval!.withoutValue).toBe(0)
  })

  test('are the same for the same seed and others for another', () => {
    expect(bootstrapIntervals(100, meanOf, { seed: 5 })).toEqual(bootstrapIntervals(100, meanOf, { seed: 5 }))
    expect(bootstrapIntervals(100, meanOf, { seed: 5 })).not.toEqual(bootstrapIntervals(100, meanOf, { seed: 6 }))
  })

  test('are wider where alike cases come from few patients', () => {
    const byTen = values.map(({ value, cluster }) => ({ value, cluster: Math.floor(cluster / 10) }))
    const [few] = bootstrapIntervals(10, (weights) => [weightedMean(byTen, weights)], { seed: 1 })
    const [many] = bootstrapIntervals(100, meanOf, { seed: 1 })
    expect(few!.high - few!.low).toBeGreaterThan(2 * (many!.high - many!.low))
  })

  test('each resample draws as many clusters as there are', () =>
    bootstrapIntervals(
      7,
      (weights) => {
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(7)
        return [0]
      },
      { seed: 3, rounds: 50 },
    ))

  test('are absent with one cluster, and where no resample has a value', () => {
    expect(bootstrapIntervals(1, () => [0.5], { seed: 1 })).toEqual([null])
    expect(bootstrapIntervals(5, () => [null], { seed: 1 })).toEqual([null])
  })

  test('count the resamples on which a figure has no value', () => {
    // Cluster 0 of two is absent from a quarter of the resamples.
    const [interval] = bootstrapIntervals(2, (weights) => [weights[0] === 0 ? null : 1], { seed: 1, rounds: 4000 })
    expect(interval!.withoutValue / 4000).toBeGreaterThan(0.22)
    expect(interval!.withoutValue / 4000).toBeLessThan(0.28)
  })
})

test('the median of weighted values is that of the values written as often', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.nat(3)), { minLength: 1, maxLength: 20 }), (pairs) => {
      const sorted = pairs.map(([value], cluster) => ({ value, cluster })).sort((a, b) => a.value - b.value)
      const weights = pairs.map(([, weight]) => weight)
      const written = pairs.flatMap(([value, weight]) => Array<number>(weight).fill(value)).sort((a, b) => a - b)
      const middle = written.length / 2
      const expected =
        written.length === 0 ? null : written.length % 2 === 1 ? written[Math.floor(middle)] : (written[middle - 1] + written[middle]) / 2
      expect(weightedMedian(sorted, weights)).toEqual(expected)
      expect(weightedMean(sorted, weights) === null).toBe(written.length === 0)
    }),
  ))

test('every number below the bound is drawn about as often', () => {
  const random = new SeededRandom(9)
  const counts = new Uint32Array(7)
  for (let draw = 0; draw < 70_000; draw++) counts[random.below(7)]++
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})
