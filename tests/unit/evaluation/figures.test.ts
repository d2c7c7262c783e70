import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classificationFigures } from '../../../main/evaluation/classification'
import { cautionsOf } from '../../../main/evaluation/cautions'
import { thinned } from '../../../main/evaluation/discrimination'
import { LeftOutCounts } from '../../../main/evaluation/left-out'
import { addPixels, segmentationFigures, type OutlinedPicture } from '../../../main/evaluation/segmentation'
import { countPixels, levelEdges, levelScores, type PixelCounts } from '../../../main/evaluation/pixel-levels'
import { predictiveValuesAt } from '../../../main/evaluation/predictive-values'
import type { RocPoint } from '../../../main/evaluation/roc'

const resampling = { seed: 7, rounds: 200 }

describe('pixels counted by level', () => {
  test('lie at or above a threshold exactly where the value does, also a float that is nearest to it', () =>
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, threshold) => {
          const values = Float32Array.from([...list, threshold])
          const edges = levelEdges([threshold, 0.326])
          const { negatives } = countPixels(new Uint8Array(values.length), values, edges)
          for (const point of [threshold, 0.326]) {
            const counted = negatives.reduce((sum, count, level) => sum + (edges[level] >= point ? count : 0), 0)
            expect(counted).toBe(values.filter((value) => value >= point).length)
          }
        },
      ),
    ))

  test('keep the mean of all values, and go to the side of the truth', () => {
    const edges = levelEdges([])
    const counts = countPixels(Uint8Array.of(1, 0, 1, 0), Float32Array.of(0.1234, 0.1239, 1, 0), edges)
    expect(counts.positives.reduce((a, b) => a + b)).toBe(2)
    const scores = levelScores(edges, [counts])
    const sum = scores.reduce((total, score, level) => total + score * (counts.positives[level] + counts.negatives[level]), 0)
    expect(sum).toBeCloseTo(0.1234 + 0.1239 + 1, 6)
    expect(scores.every((score, level) => level === 0 || score > scores[level - 1])).toBe(true)
  })

  test('need a map of the size of the mask', () =>
    expect(() => countPixels(new Uint8Array(3), new Float32Array(4), levelEdges([]))).toThrow(RangeError))
})

// Sensitivity 0.9, specificity 0.8, one in ten: 90 true and 180 false of 1,000, 720 rightly left and 10 missed.
test('predictive values follow the share of positive cases', () => {
  const values = predictiveValuesAt(0.1, 0.9, 0.8)
  expect(values.positivePredictiveValue).toBeCloseTo(90 / 270, 12)
  expect(values.negativePredictiveValue).toBeCloseTo(720 / 730, 12)
  expect(predictiveValuesAt(0, 0, 1)).toEqual({ positivePredictiveValue: null, negativePredictiveValue: 1 })
  expect(predictiveValuesAt(0.1, null, 0.8)).toEqual({ positivePredictiveValue: null, negativePredictiveValue: null })
})

test('a thinned curve keeps its ends and no two points nearer than a step', () => {
  const curve: RocPoint[] = Array.from({ length: 5001 }, (_, index) => ({
    threshold: 1 - index / 5000,
    falsePositiveRate: index / 5000,
    truePositiveRate: Math.sqrt(index / 5000),
  }))
  const kept = thinned(curve)
  expect([kept[0], kept.at(-1)]).toEqual([curve[0], curve.at(-1)])
  expect(kept.length).toBeLessThan(410)
  expect(kept.length).toBeGreaterThan(200)
})

describe('scores of pictures', () => {
  const cases = [0.9, 0.8, 0.4, 0.6, 0.3, 0.1].map((score, index) => ({ score, positive: index < 3, cluster: 10 + index }))
  const points = [
    { name: 'middle', threshold: 0.5, inForce: true, siteSetting: false, sensitivity: 0.7, specificity: 0.6 },
    { name: 'all', threshold: 0, inForce: false, siteSetting: false, sensitivity: null, specificity: null },
  ]
  const measured = classificationFigures(
    { label: 'l', title: 'L', points, cases, notKnown: 4 },
    { prevalence: 0.5, resampling: { seed: 1, rounds: 500 } },
  )

  test('give area, rates and counts', () => {
    expect(measured).toMatchObject({ pictures: 6, patients: 6, positives: 3, negatives: 3, notKnown: 4 })
    expect(measured.auc.value).toBeCloseTo(8 / 9, 12)
    const [middle, all] = measured.operatingPoints
    expect(middle).toMatchObject({ inForce: true, stated: { sensitivity: 0.7, specificity: 0.6 } })
    expect(middle.counts).toEqual({ truePositives: 2, falsePositives: 1, trueNegatives: 2, falseNegatives: 1 })
    expect(middle.sensitivity.value).toBeCloseTo(2 / 3, 12)
    expect(middle.atPrevalence!.positivePredictiveValue.value).toBeCloseTo(2 / 3, 12)
    expect(all).toMatchObject({
      inForce: false,
      sensitivity: { value: 1 },
      specificity: { value: 0 },
      negativePredictiveValue: { value: null },
    })
    expect(middle.sensitivity.interval!.low).toBeLessThan(2 / 3)
    expect(middle.sensitivity.interval!.high).toBeGreaterThan(2 / 3)
  })

  test('of one patient have no interval, and that is said', () => {
    const one = cases.map((scored) => ({ ...scored, cluster: 0 }))
    const figures = classificationFigures({ label: 'l', title: 'L', points, cases: one, notKnown: 0 }, { prevalence: null, resampling })
    expect(figures.auc.interval).toBeNull()
    expect(figures.operatingPoints[0].atPrevalence).toBeNull()
    expect(cautionsOf(1, [figures], [])).toEqual([
      expect.stringMatching(/one patient/),
      expect.stringMatching(/^L: only 3 pictures that have it\./),
      expect.stringMatching(/^L: only 3 pictures that have it not\./),
    ])
  })
})

describe('outlines', () => {
  const edges = levelEdges([0.5])
  const picture = (
    cluster: number,
    truth: number,
    found: number,
    shared: number,
    more: Partial<OutlinedPicture> = {},
  ): OutlinedPicture => ({
    cluster,
    overlap: { truth, found, shared },
    distance:
      truth > 0 && found > 0 ? { kind: 'value', value: 2 } : { kind: truth > 0 ? 'found-empty' : found > 0 ? 'truth-empty' : 'both-empty' },
    distanceUnit: 'px',
    hasFinding: found > 0,
    pixelMl: 0.0625,
    ...more,
  })
  const pixels = new Map<number, PixelCounts>()
  const patients = [5, 6, 7]
  for (const cluster of patients) addPixels(pixels, cluster, edges, countPixels(Uint8Array.of(1, 0), Float32Array.of(0.75, 0.25), edges))
  const figuresOf = (pictures: readonly OutlinedPicture[]) =>
    segmentationFigures(
      {
        label: 'l',
        title: 'L',
        points: [{ name: 'p', threshold: 0.5, inForce: true, siteSetting: false, sensitivity: null, specificity: null }],
        pictures,
        pixels,
        edges,
        notLabelled: 2,
        volumesAssumed: false,
      },
      resampling,
    )
  const measured = figuresOf([
    picture(5, 10, 10, 5),
    picture(5, 0, 10, 0),
    picture(6, 20, 0, 0),
    picture(6, 0, 0, 0),
    picture(7, 0, 200, 0, { hasFinding: true }),
  ])

  test('join the pixels of a patient, and leave patients without the truth to the false findings', () => {
    // Patient 5: 2 * 5 / (10 + 20); patient 6: nothing found.
    expect(measured.dicePerPatient).toMatchObject({ values: 2, mean: { value: 1 / 6 }, median: { value: 1 / 6 } })
    expect(measured.dicePerPicture).toMatchObject({ values: 2, mean: { value: 0.25 } })
    expect(measured.cases.map(({ dice, truthPixels, foundPixels }) => [dice, truthPixels, foundPixels])).toEqual([
      [0, 20, 0],
      [1 / 3, 10, 20],
    ])
    expect(measured).toMatchObject({ pictures: 5, patients: 3, picturesWithTruth: 2, picturesWithoutTruth: 3, notLabelled: 2 })
  })

  test('count pictures without a distance by which outline is empty', () => {
    expect(measured.hausdorff95).toMatchObject([{ unit: 'px', values: 1, mean: { value: 2 } }])
    expect(measured.withoutDistance).toEqual({ nothingFound: 1, nothingTrue: 2 })
  })

  test('say which patients were found at all, and what was outlined where nothing is', () => {
    expect(measured.foundAtAll).toMatchObject({ patients: 2, found: 1, sensitivity: { value: 0.5 } })
    expect(measured.falseFindings).toMatchObject({
      pictures: 3,
      withFinding: 2,
      share: { value: 2 / 3 },
      pixels: { mean: 70, median: 10, percentile90: 162, most: 200 },
      volumeMl: { mean: 4.375, most: 12.5, assumed: false, shareBelow1Ml: { value: 2 / 3 } },
    })
  })

  test('have no volume where one of the pictures has none', () =>
    expect(figuresOf([picture(5, 0, 1, 0), picture(6, 0, 1, 0, { pixelMl: null })]).falseFindings.volumeMl).toBeNull())
})

describe('what is left out', () => {
  test('is counted by reason and unit, with the sentence of the catalogue', () => {
    const counts = new LeftOutCounts()
    counts.addError('gate.modality', 'picture')
    counts.addError('gate.modality', 'picture')
    counts.add('file.other', 0)
    expect(counts.list).toEqual([{ reason: 'gate.modality', unit: 'picture', count: 2, sentence: expect.stringMatching(/modality/) }])
    expect(counts.hasFaults).toBe(false)
  })

  test.each([
    { what: 'a damaged file', note: (counts: LeftOutCounts) => counts.addError('file.damaged', 'file') },
    { what: 'a mask of another size', note: (counts: LeftOutCounts) => counts.add('mask.size') },
    { what: 'a row without its picture', note: (counts: LeftOutCounts) => counts.add('table.unmatched', 3) },
  ])('$what is a fault', ({ note }) => {
    const counts = new LeftOutCounts()
    note(counts)
    expect(counts.hasFaults).toBe(true)
  })
})
