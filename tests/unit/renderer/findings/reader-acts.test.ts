import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../../contracts/analysis'
import { agreementWith, standingEntries, type ReaderEntry } from '../../../../contracts/reader-entries'
import { foundNothing, lastActIsEntry, undoOfEntry } from '../../../../renderer/findings/reader-acts'
import { finding, imageResult, result } from '../../results'

const ofResult = { resultId: 'r', seriesInstanceUid: '1.2', stack: '', model: result().model }
let last = 0
const kept = (entryId: string, afterDecision = 0) => ({ sequence: ++last, entryId, afterDecision, reader: 'reader', enteredAt: '' })
const miss = (id: string, after?: number): ReaderEntry => ({
  kind: 'missed',
  ...kept(id, after),
  ...ofResult,
  sopInstanceUid: '1.2.3',
  frameIndex: 4,
  outline: [[7, 8]],
})
const agreed = (id: string, resultId = 'r'): ReaderEntry => ({ kind: 'nothing-found', ...kept(id), ...ofResult, resultId })
const withdrawn = (id: string, withdraws: string): ReaderEntry => ({ kind: 'withdrawn', ...kept(id), withdraws })
const decision = (sequence: number, verdict: Decision['verdict'] = 'accepted'): Decision => ({
  sequence,
  decisionId: `d${sequence}`,
  findingId: 'f',
  verdict,
  comment: '',
  reader: 'reader',
  decidedAt: '',
})

describe('what stands', () => {
  test('is what no later entry withdraws; entered again it stands again', () => {
    const entries = [miss('a'), agreed('b'), withdrawn('c', 'a')]
    expect(standingEntries(entries).map(({ entryId }) => entryId)).toEqual(['b'])
    expect(standingEntries([...entries, miss('d')]).map(({ entryId }) => entryId)).toEqual(['b', 'd'])
  })
  test('an agreement is with one result alone', () => {
    const standing = standingEntries([agreed('a', 'old')])
    expect(agreementWith({ resultId: 'old' }, standing)?.entryId).toBe('a')
    expect(agreementWith({ resultId: 'new' }, standing)).toBeNull()
  })
})

describe('the last act', () => {
  test.each<[string, Decision[], ReaderEntry[], boolean]>([
    ['nothing', [], [], false],
    ['a decision alone', [decision(1)], [], false],
    ['an entry alone', [], [miss('a')], true],
    ['a decision, then an entry', [decision(1)], [miss('a', 1)], true],
    ['an entry, then a decision', [decision(1), decision(2)], [miss('a', 1)], false],
    ['an entry, then a comment', [decision(1), decision(2, 'comment')], [miss('a', 1)], true],
  ])('after %s', (_, decisions, entries, expected) => expect(lastActIsEntry(decisions, entries)).toBe(expected))
})

describe('undo', () => {
  test('withdraws the last entry, and enters again what was withdrawn', () => {
    expect(undoOfEntry([])).toBeNull()
    expect(undoOfEntry([agreed('a'), miss('b')])).toEqual({ kind: 'withdrawn', withdraws: 'b' })
    expect(undoOfEntry([miss('a'), withdrawn('b', 'a')])).toEqual({
      kind: 'missed',
      resultId: 'r',
      sopInstanceUid: '1.2.3',
      frameIndex: 4,
      outline: [[7, 8]],
    })
    expect(undoOfEntry([agreed('a'), withdrawn('b', 'a')])).toEqual({ kind: 'nothing-found', resultId: 'r' })
  })
})

describe('"nothing found" can be agreed with', () => {
  const images = [imageResult('1'), imageResult('2')]
  const whole = result({ images, imagesTotal: 2, findings: [] })
  const shown = new Set([`${images[1].sopInstanceUid}#${images[1].frameIndex}`])

  test('where all was read, nothing found and a picture shown', () => expect(foundNothing(whole, shown, 2)).toBe(true))
  test('with what lies below its operating point', () =>
    expect(foundNothing({ ...whole, findings: [finding({ above: false })] }, shown, 2)).toBe(true))
  test.each<[string, boolean]>([
    ['no picture was shown', foundNothing(whole, new Set(), 2)],
    ['a picture of another series was shown', foundNothing(whole, new Set(['1.2.9#0']), 2)],
    ['there is a finding', foundNothing({ ...whole, findings: [finding()] }, shown, 2)],
    ['pictures came since', foundNothing(whole, shown, 3)],
    ['it was broken off', foundNothing({ ...whole, incomplete: { code: 'compute.cancelled', message: '' } }, shown, 2)],
    [
      'no picture could be read',
      foundNothing({ ...whole, images: [1, 2].map((one) => imageResult(String(one), { refused: true })) }, shown, 2),
    ],
    ['normal anatomy was outlined', foundNothing({ ...whole, hasLabelMaps: true }, shown, 2)],
  ])('not where %s', (_, can) => expect(can).toBe(false))
})
