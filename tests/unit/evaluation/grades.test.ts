import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brierScore, expectedCalibrationError, reliability } from '../../../main/evaluation/calibration'
import { confusionAt, ratesOf } from '../../../main/evaluation/confusion'
import { once, sampleOfCases, sampleOfCounts, type ScoredCase } from '../../../main/evaluation/grades'
import { rocArea, rocCurve } from '../../../main/evaluation/roc'

const gradesOf = (pairs: readonly (readonly [score: number, positive: boolean])[]) =>
  sampleOfCases(
    pairs.map(([score, positive]) => ({ score, positive, cluster: 0 })),
    1,
  ).gradesOf([1])

/** Few scores, so that ties are common. */
const cases = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 12 }).map((step) => step / 12), positive: fc.boolean(), cluster: fc.nat(3) }),
  { minLength: 1, maxLength: 60 },
)
const wholeOf = (list: readonly ScoredCase[]) => sampleOfCases(list, 4).gradesOf(once(4))

describe('area under the curve', () => {
  test.each([
    {
      why: 'perfect',
      pairs: [
        [0.1, false],
        [0.9, true],
      ],
      area: 1,
    },
    {
      why: 'inverted',
      pairs: [
        [0.9, false],
        [0.1, true],
      ],
      area: 0,
    },
    {
      why: 'all alike: every pair is a tie',
      pairs: [
        [0.5, false],
        [0.5, true],
        [0.5, true],
      ],
      area: 0.5,
    },
    // Pairs (positive, negative): 0.8 > 0.5, 0.8 > 0.3, 0.5 = 0.5, 0.5 > 0.3.
    {
      why: 'one tie of four pairs',
      pairs: [
        [0.8, true],
        [0.5, true],
        [0.5, false],
        [0.3, false],
      ],
      area: 3.5 / 4,
    },
  ] as const)('$why', ({ pairs, area }) => expect(rocArea(gradesOf(pairs))).toBeCloseTo(area, 12))

  test('has no value where a class is absent', () => {
    expect(rocArea(gradesOf([[0.4, true]]))).toBeNull()
    expect(rocCurve(gradesOf([[0.4, false]]))).toEqual([])
  })

  test('is the share of pairs in order, and the area of the trapezia under the curve', () =>
    fc.assert(
      fc.property(cases, (list) => {
        const [positives, negatives] = [list.filter((one) => one.positive), list.filter((one) => !one.positive)]
        const area = rocArea(wholeOf(list))
        if (positives.length === 0 || negatives.length === 0) {
          expect(area).toBeNull()
          return
        }
        const won = positives.flatMap((a) => negatives.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0) as number))
        expect(area).toBeCloseTo(won.reduce((sum, one) => sum + one, 0) / won.length, 10)
        const curve = rocCurve(wholeOf(list))
        const under = curve.slice(1).reduce((sum, point, index) => {
          const before = curve[index]
          return sum + ((point.truePositiveRate + before.truePositiveRate) / 2) * (point.falsePositiveRate - before.falsePositiveRate)
        }, 0)
        expect(area).toBeCloseTo(under, 10)
        expect(curve.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 })
      }),
    ))
})

describe('operating points', () => {
  test('a score at the threshold counts as positive', () => {
    const confusion = confusionAt(
      gradesOf([
        [0.5, true],
        [0.5, false],
        [0.2, true],
        [0.1, false],
        [0.7, true],
      ]),
      0.5,
    )
    expect(confusion).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 1 })
    const rates = ratesOf(confusion)
    expect(rates.sensitivity).toBeCloseTo(2 / 3, 12)
    expect(rates.specificity).toBe(0.5)
    expect(rates.positivePredictiveValue).toBeCloseTo(2 / 3, 12)
    expect(rates.negativePredictiveValue).toBe(0.5)
  })

  test('a rate that rests on nothing has no value', () => {
    expect(ratesOf(confusionAt(gradesOf([[0.2, true]]), 0.5))).toEqual({
      sensitivity: 0,
      specificity: null,
      positivePredictiveValue: null,
      negativePredictiveValue: 0,
    })
  })

  test('counts are those of a walk over the cases', () =>
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 12 }), (list, step) => {
        const threshold = step / 12
        const count = (positive: boolean, called: boolean) =>
          list.filter((one) => one.positive === positive && one.score >= threshold === called).length
        expect(confusionAt(wholeOf(list), threshold)).toEqual({
          truePositives: count(true, true),
          falsePositives: count(false, true),
          trueNegatives: count(false, false),
          falseNegatives: count(true, false),
        })
      }),
    ))
})

describe('calibration', () => {
  test('frequencies equal to the scores give no error', () => {
    const perfect = gradesOf([...Array<[number, boolean]>(1).fill([0.25, true]), ...Array<[number, boolean]>(3).fill([0.25, false])])
    expect(expectedCalibrationError(reliability(perfect))).toBeCloseTo(0, 12)
  })

  test('by hand: two bins, weighted by their cases', () => {
    // Bin 1: scores 0.1, 0.1, none has it. Bin 10: 0.9, 0.9, 1, two of three have it.
    const grades = gradesOf([
      [0.1, false],
      [0.1, false],
      [0.9, true],
      [0.9, false],
      [1, true],
    ])
    const bins = reliability(grades)
    expect(bins[1]).toMatchObject({ cases: 2, share: 0 })
    expect(bins[9]).toMatchObject({ low: 0.9, high: 1, cases: 3 })
    expect(bins[0]).toMatchObject({ cases: 0, share: null, meanScore: null })
    expect(expectedCalibrationError(bins)).toBeCloseTo((2 / 5) * 0.1 + (3 / 5) * Math.abs(2 / 3 - 2.8 / 3), 12)
    expect(brierScore(grades)).toBeCloseTo((0.01 + 0.01 + 0.01 + 0.81 + 0) / 5, 12)
  })

  test.each([3, 10, 100])('a score at an edge of %i bins lies in the bin above it', (count) => {
    for (let edge = 0; edge < count; edge++) expect(reliability(gradesOf([[edge / count, true]]), count)[edge].cases).toBe(1)
  })

  test('errors lie in 0 to 1, and nothing has none', () => {
    expect(expectedCalibrationError(reliability(gradesOf([])))).toBeNull()
    expect(brierScore(gradesOf([]))).toBeNull()
    fc.assert(
      fc.property(cases, (list) => {
        const grades = wholeOf(list)
        const mean = list.reduce((sum, { score, positive }) => sum + (score - Number(positive)) ** 2, 0) / list.length
        expect(brierScore(grades)).toBeCloseTo(mean, 10)
        expect(expectedCalibrationError(reliability(grades))).toBeLessThanOrEqual(1)
      }),
    )
  })
})

test('a cluster taken twice counts as its cases written twice, one not taken as absent', () =>
  fc.assert(
    fc.property(cases, fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), (list, weights) => {
      const repeated = list.flatMap((one) => Array<ScoredCase>(weights[one.cluster]).fill(one))
      const weighted = sampleOfCases(list, 4).gradesOf(weights)
      expect(rocArea(weighted)).toEqual(rocArea(wholeOf(repeated)))
      expect(confusionAt(weighted, 0.5)).toEqual(confusionAt(wholeOf(repeated), 0.5))
    }),
  ))

test('counts by cluster add up as their cases do', () => {
  const counts = [
    { positives: Float64Array.of(1, 0), negatives: Float64Array.of(0, 2) },
    { positives: Float64Array.of(5, 5), negatives: Float64Array.of(1, 0) },
  ]
  const grades = sampleOfCounts([0.2, 0.8], counts).gradesOf([2, 0])
  expect([...grades.positives, ...grades.negatives]).toEqual([2, 0, 0, 4])
})
