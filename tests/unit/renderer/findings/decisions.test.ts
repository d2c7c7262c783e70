import { describe, expect, test } from 'vitest'
import type { AnalysisResult, Decision, Finding } from '../../../../contracts/analysis'
import { latestByModel, marginOf, ordered, reviewOf, undoOf } from '../../../../renderer/findings/decisions'

let sequence = 0
const decision = (findingId: string, verdict: Decision['verdict'], comment = ''): Decision => ({
  sequence: ++sequence,
  decisionId: `d${sequence}`,
  findingId,
  verdict,
  comment,
  reader: 'ruth',
  decidedAt: '2026-11-02T10:00:00+01:00',
})
const finding = (findingId: string, score: number, operatingPoint = 0.4): Finding => ({
  findingId,
  label: 'abnormality',
  title: 'Abnormality',
  kind: 'region',
  score,
  interval: null,
  attributes: [],
  operatingPoint,
  operatingPointSource: 'package',
  above: score >= operatingPoint,
  best: { sopInstanceUid: '1.2', frameIndex: 0 },
  boxes: [],
  frames: [{ sopInstanceUid: '1.2', frameIndex: 0 }],
  firstSlice: 1,
  lastSlice: 1,
  pixels: 10,
  areaMm2: null,
  volumeMl: null,
})

describe('the review of a finding', () => {
  test('is open while nobody decided', () => expect(reviewOf('a', [])).toMatchObject({ verdict: 'undecided', decision: null }))
  test('is the latest verdict by sequence, not by place in the list', () => {
    const [accepted, rejected] = [decision('a', 'accepted'), decision('a', 'rejected')]
    expect(reviewOf('a', [rejected, accepted]).verdict).toBe('rejected')
  })
  test('a comment changes no verdict', () => {
    const review = reviewOf('a', [decision('a', 'accepted'), decision('a', 'comment', 'old infarct?'), decision('b', 'rejected')])
    expect(review.verdict).toBe('accepted')
    expect(review.comments.map(({ comment }) => comment)).toEqual(['old infarct?'])
  })
})

describe('undo', () => {
  const both = new Set(['a', 'b'])
  test('takes back the latest verdict to what it was before', () => {
    const decisions = [decision('a', 'rejected'), decision('b', 'accepted'), decision('a', 'accepted')]
    expect(undoOf(decisions, both)).toEqual({ findingId: 'a', verdict: 'rejected' })
  })
  test('a first verdict is taken back to undecided', () =>
    expect(undoOf([decision('b', 'accepted')], both)).toEqual({ findingId: 'b', verdict: 'undecided' }))
  test('nothing decided, or decided on other findings: nothing to undo', () => {
    expect(undoOf([decision('a', 'comment', 'x')], both)).toBeNull()
    expect(undoOf([decision('elsewhere', 'accepted')], both)).toBeNull()
  })
})

test('findings above the operating point come first, by score or by doubt', () => {
  const findings = [finding('low', 0.1), finding('sure', 0.95), finding('doubtful', 0.45)]
  expect(ordered(findings, 'score').map(({ findingId }) => findingId)).toEqual(['sure', 'doubtful', 'low'])
  expect(ordered(findings, 'doubt').map(({ findingId }) => findingId)).toEqual(['doubtful', 'sure', 'low'])
})

test('equal scores follow the slices, whatever their identifiers', () => {
  const findings = [{ ...finding('a', 0.9), firstSlice: 12 }, { ...finding('c', 0.9), firstSlice: 3 }, { ...finding('b', 0.9), firstSlice: 3 }] // prettier-ignore
  expect(ordered(findings, 'score').map(({ findingId }) => findingId)).toEqual(['b', 'c', 'a'])
  expect(ordered(findings, 'doubt').map(({ findingId }) => findingId)).toEqual(['b', 'c', 'a'])
})

test('the most doubtful is the one that small changes take furthest across its operating point', () => {
  const spread = (findingId: string, score: number, low: number, high: number): Finding => ({
    ...finding(findingId, score),
    interval: [low, high],
  })
  const wide = spread('wide', 0.9, 0.3, 0.95)
  const narrow = spread('narrow', 0.45, 0.43, 0.47)
  const below = spread('below', 0.3, 0.1, 0.6)
  expect([wide, narrow, below].map((each) => Number(marginOf(each).toFixed(2)))).toEqual([-0.1, 0.03, -0.2])
  expect(ordered([below, narrow, wide], 'doubt').map(({ findingId }) => findingId)).toEqual(['wide', 'narrow', 'below'])
  expect(marginOf(finding('plain', 0.5))).toBeCloseTo(0.1)
})

test('of each model only the newest result of this stack counts, its own or that of the undivided series', () => {
  const result = (resultId: string, modelId: string, seriesInstanceUid: string, stack = '') =>
    ({ resultId, seriesInstanceUid, stack, model: { id: modelId, version: '1.0.0', sha256: '', title: '' } }) as AnalysisResult
  const results = [result('4', 'lungs', '1.1'), result('3', 'pneumonia', '1.1'), result('2', 'lungs', '1.1'), result('1', 'flair', '1.2')]
  const of = (stack: string, among = results) => latestByModel(among, { seriesInstanceUid: '1.1', stack }).map(({ resultId }) => resultId)
  expect(of('')).toEqual(['4', '3'])
  expect(of('TE 80 ms')).toEqual(['4', '3'])
  const divided = [result('6', 'lungs', '1.1', 'TE 20 ms'), result('5', 'lungs', '1.1', 'TE 80 ms'), ...results]
  expect(of('TE 80 ms', divided)).toEqual(['5', '3'])
})
