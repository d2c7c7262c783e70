/** The figures against scikit-learn and SciPy, where a Python with both is installed; counted as skipped elsewhere. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { classificationFigures } from '../../../main/evaluation/classification'
import { dice, overlapOf } from '../../../main/evaluation/dice'
import { hausdorff95 } from '../../../main/evaluation/hausdorff'
import { SeededRandom } from '../../../main/evaluation/random'
import { repository } from '../../shared-data'

const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import sklearn.calibration, scipy.ndimage'], { stdio: 'ignore' }).status === 0,
)

interface Answer {
  readonly scores: readonly Readonly<Record<'auc' | 'brier' | 'ece' | 'sensitivity' | 'specificity', number>>[]
  readonly outlines: readonly { readonly dice: number; readonly hausdorff95: number }[]
}

const random = new SeededRandom(4)
const unit = () => random.below(1_000_003) / 1_000_003

/** Scores that lean to the truth; in every other case on 20 levels, so that ties are common. */
const scores = Array.from({ length: 12 }, (_, index) => {
  const truth = Array.from({ length: 40 + index * 30 }, () => unit() < 0.3)
  const exact = truth.map((has) => Math.min(1, Math.max(0, (has ? 0.25 : 0) + unit() * 0.75)))
  // Away from the edges of the bins, which scikit-learn counts to the bin below.
  return { truth, score: index % 2 === 0 ? exact : exact.map((value) => Math.min(19, Math.floor(value * 20)) / 20 + 0.01), threshold: 0.45 }
})

/** Two ellipses that overlap somewhat, on pixels that are not square. */
const outlines = Array.from({ length: 12 }, () => {
  const [rows, columns] = [30 + random.below(60), 30 + random.below(60)]
  const ellipse = () => {
    const [row, column, high, wide] = [rows * (0.3 + 0.4 * unit()), columns * (0.3 + 0.4 * unit()), 3 + unit() * 15, 3 + unit() * 15]
    return Array.from({ length: rows * columns }, (_, at) =>
      Number(((Math.floor(at / columns) - row) / high) ** 2 + (((at % columns) - column) / wide) ** 2 <= 1),
    )
  }
  return { rows, columns, truth: ellipse(), found: ellipse(), spacing: [0.5 + unit(), 0.5 + unit()] as const }
})

test.skipIf(!python)('areas, calibration, rates, Dice and Hausdorff distance are those of scikit-learn and SciPy', () => {
  const script = join(repository, 'tests/integration/evaluation/oracle.py')
  const { stdout, stderr } = spawnSync(python!, ['-W', 'ignore', script], { input: JSON.stringify({ scores, outlines }), encoding: 'utf8' })
  expect(stderr).toBe('')
  const answer = JSON.parse(stdout) as Answer
  for (const [index, { truth, score, threshold }] of scores.entries()) {
    const cases = score.map((value, at) => ({ score: value, positive: truth[at], cluster: at }))
    const points = [{ name: 'point', threshold, inForce: true, siteSetting: false, sensitivity: null, specificity: null }]
    const figures = classificationFigures(
      { label: 'l', title: 'L', points, cases, notKnown: 0 },
      { prevalence: null, resampling: { seed: 1, rounds: 1 } },
    )
    const expected = answer.scores[index]
    expect(figures.auc.value).toBeCloseTo(expected.auc, 12)
    expect(figures.brier.value).toBeCloseTo(expected.brier, 12)
    expect(figures.expectedCalibrationError.value).toBeCloseTo(expected.ece, 12)
    expect(figures.operatingPoints[0].sensitivity.value).toBeCloseTo(expected.sensitivity, 12)
    expect(figures.operatingPoints[0].specificity.value).toBeCloseTo(expected.specificity, 12)
  }
  for (const [index, { rows, columns, spacing, ...masks }] of outlines.entries()) {
    const [truth, found] = [Uint8Array.from(masks.truth), Uint8Array.from(masks.found)]
    expect(dice(overlapOf(truth, found))).toBeCloseTo(answer.outlines[index].dice, 12)
    const distance = hausdorff95(truth, found, rows, columns, spacing)
    expect(distance).toMatchObject({ kind: 'value' })
    expect((distance as { value: number }).value).toBeCloseTo(answer.outlines[index].hausdorff95, 9)
  }
})
