import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../contracts/analysis'
import { aiState } from '../../../main/review/ai-state'
import { historyOf, isDecided, standingDecision } from '../../../main/review/decisions'
import { countedFindings, currentResults, isComplete, isStale, partialResults, reviewCounts } from '../../../main/review/standing-results'
import { finding, imageResult, result } from '../archive/fixtures'

let sequence = 0
const decided = (findingId: string, verdict: Decision['verdict'], at = ++sequence): Decision => ({
  sequence: at,
  decisionId: `decision ${at}`,
  findingId,
  verdict,
  comment: '',
  reader: 'reader',
  decidedAt: '2026-11-02T10:00:00.000Z',
})

describe('the standing decision', () => {
  test('is the last by sequence, whatever the order of the list', () => {
    const history = [decided('f', 'rejected', 7), decided('f', 'accepted', 5), decided('g', 'accepted', 9)]
    expect(standingDecision('f', history)!.verdict).toBe('rejected')
    expect(standingDecision('none', history)).toBeNull()
    expect(historyOf('f', history).map((one) => one.sequence)).toEqual([5, 7])
  })
  test.each<[Decision['verdict'][], boolean]>([
    [[], false],
    [['accepted'], true],
    [['rejected'], true],
    [['comment'], false],
    [['accepted', 'comment'], true],
    [['accepted', 'undecided'], false],
    [['accepted', 'undecided', 'comment'], false],
    [['accepted', 'undecided', 'rejected'], true],
  ])('after %j a finding is decided: %s', (verdicts, expected) => {
    const one = finding()
    expect(
      isDecided(
        one,
        verdicts.map((verdict) => decided(one.findingId, verdict)),
      ),
    ).toBe(expected)
  })
})

const framesOf = () => 2
const both = [imageResult('1'), imageResult('2')]
const died = { code: 'compute.died', message: '' } as const

describe('the results that count', () => {
  test('a result that died, was asked for one picture of two, or lacks one is not complete', () => {
    expect(isComplete(result({ images: both }), framesOf)).toBe(true)
    expect(isComplete(result({ images: both, incomplete: died }), framesOf)).toBe(false)
    expect(isComplete(result({ images: [both[0]!], imagesTotal: 2 }), framesOf)).toBe(false)
    expect(isComplete(result({ images: [both[0]!], requested: [both[0]!] }), framesOf)).toBe(false)
    expect(isComplete(result({ images: [both[0]!], requested: [both[0]!] }), () => 1)).toBe(true)
  })
  test('the newest complete one of each series and model', () => {
    const lungs = { id: 'chest-lungs', version: '1.0.0', sha256: 'c'.repeat(64), title: '' }
    const newest = result({ images: [both[0]!], imagesTotal: 2, incomplete: died })
    const current = result({ images: both })
    const old = result({ images: both })
    const other = result({ images: both, model: lungs })
    const partial = result({ images: [both[0]!], imagesTotal: 2, incomplete: died, model: { ...lungs, id: 'third' } })
    const all = [newest, current, old, other, partial]
    expect(currentResults(all, framesOf)).toEqual([current, other])
    expect(partialResults(all, framesOf)).toEqual([partial])
  })
  test('a result by another version or other weights is stale', () => {
    const { model } = result()
    expect(isStale(result(), model)).toBe(false)
    expect(isStale(result(), undefined)).toBe(false)
    expect(isStale(result(), { ...model, version: '1.1.0' })).toBe(true)
    expect(isStale(result(), { ...model, sha256: 'c'.repeat(64) })).toBe(true)
  })
  test('findings below the operating point are not counted, nor those of old results', () => {
    const counted = finding()
    const results = [
      result({ images: both, findings: [counted, finding({ above: false })] }),
      result({ images: both, findings: [finding()] }),
    ]
    expect(countedFindings(currentResults(results, framesOf))).toEqual([counted])
    expect(reviewCounts(currentResults(results, framesOf), [decided(counted.findingId, 'rejected')])).toEqual({ count: 1, decided: 1 })
  })
})

test('a result in which every picture was refused is never "no finding"', () => {
  const refused = result({ images: [imageResult('1', { refused: true }), imageResult('2', { refused: true })] })
  expect(aiState({ results: [refused], decisions: [], entries: [], jobs: [], framesOf, active: () => undefined })).toEqual({
    state: 'refused',
  })
})

test('an outline of anatomy is nothing to decide, and no answer to whether there is a finding', () => {
  const lungs = result({ images: both, findings: [finding({ kind: 'structure' }), finding({ kind: 'structure' })] })
  expect(countedFindings(currentResults([lungs], framesOf))).toEqual([])
  expect(aiState({ results: [lungs], decisions: [], entries: [], jobs: [], framesOf, active: () => undefined })).toEqual({
    state: 'not-run',
  })
})
