import { describe, expect, onTestFinished, test } from 'vitest'
import type { AnalysisResult } from '../../../contracts/analysis'
import { mostVertices, newReaderEntrySchema, readerEntrySchema, type NewReaderEntry } from '../../../contracts/reader-entries'
import { openArchive } from '../../../main/archive/archive'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { addReaderEntry } from '../../../main/archive/reader-entries'
import { everything, finding, imageResult, result, store, temporaryArchive } from './fixtures'

const failingWith = (code: string) => expect.objectContaining({ code })
const two = [imageResult('1'), imageResult('2')]
const nothing = (options: Partial<AnalysisResult> = {}) => result({ images: two, ...options })

function withResult(made = nothing()) {
  const archive = temporaryArchive()
  const key = store(archive, { instance: '1' }, { instance: '2' })
  archive.appendResult(key, made)
  return { archive, key, resultId: made.resultId, model: made.model }
}

const missOn = (resultId: string, instance = '1'): Extract<NewReaderEntry, { kind: 'missed' }> => ({
  kind: 'missed',
  entryId: crypto.randomUUID(),
  resultId,
  sopInstanceUid: `1.2.3.1.1.${instance}`,
  frameIndex: 0,
  outline: [[0.5, 1.25]],
})
const agreeWith = (resultId: string): NewReaderEntry => ({ kind: 'nothing-found', entryId: crypto.randomUUID(), resultId })
const withdraw = (withdraws: string): NewReaderEntry => ({ kind: 'withdrawn', entryId: crypto.randomUUID(), withdraws })

describe('entries of the reader', () => {
  test('are kept in order, with reader, time in UTC, and the very result and version they speak of', () => {
    const { archive, key, resultId, model } = withResult()
    const missed = archive.addReaderEntry(key, { ...missOn(resultId), outline: [[1, 1], [3, 1], [3, 2.5]] }) // prettier-ignore
    const undone = archive.addReaderEntry(key, withdraw(missed.entryId))
    const agreed = archive.addReaderEntry(key, agreeWith(resultId))
    expect(missed).toMatchObject({
      sequence: 1,
      reader: 'Reader One',
      resultId,
      seriesInstanceUid: '1.2.3.1.1',
      stack: '',
      model,
      sopInstanceUid: '1.2.3.1.1.1',
      outline: [
        [1, 1],
        [3, 1],
        [3, 2.5],
      ],
    })
    expect(missed.enteredAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(undone).toMatchObject({ sequence: 2, withdraws: missed.entryId })
    expect(archive.listResults(key).entries).toEqual([missed, undone, agreed])
    for (const entry of [missed, undone, agreed]) expect(readerEntrySchema.safeParse(entry).success).toBe(true)
  })

  test('the same entry twice is one, of each kind', () => {
    const { archive, key, resultId } = withResult()
    const miss = missOn(resultId)
    for (const entry of [miss, agreeWith(resultId), withdraw(miss.entryId)]) {
      expect(archive.addReaderEntry(key, entry)).toEqual(archive.addReaderEntry(key, entry))
    }
    expect(archive.listResults(key).entries).toHaveLength(3)
  })

  test('have their place among decisions without a clock', () => {
    const found = finding()
    const { archive, key, resultId } = withResult(nothing({ findings: [found] }))
    const decide = (decisionId: string) =>
      archive.addDecision(key, { decisionId, findingId: found.findingId, verdict: 'accepted', comment: '' })
    decide('a')
    const between = archive.addReaderEntry(key, missOn(resultId))
    decide('b')
    expect(between.afterDecision).toBe(1)
    const db = connect(layoutOf(archive.folder).database)
    const entered = [2030, 1990].map((year) => addReaderEntry(db, key, missOn(resultId), 'r', new Date(Date.UTC(year, 0))))
    db.close()
    expect(entered.map(({ sequence, afterDecision }) => [sequence, afterDecision])).toEqual([
      [2, 2],
      [3, 2],
    ])
  })
})

describe('EXPECTED FAILURE', () => {
  test('one id for two entries, and an entry that is not there or was withdrawn', () => {
    const { archive, key, resultId } = withResult()
    const miss = missOn(resultId)
    archive.addReaderEntry(key, miss)
    expect(() => archive.addReaderEntry(key, { ...miss, outline: [[2, 2]] })).toThrow(failingWith('request.invalid'))
    expect(() => archive.addReaderEntry(key, { ...agreeWith(resultId), entryId: miss.entryId })).toThrow(failingWith('request.invalid'))
    expect(() => archive.addReaderEntry(key, withdraw('none'))).toThrow(failingWith('request.unknown'))
    const undone = archive.addReaderEntry(key, withdraw(miss.entryId))
    expect(() => archive.addReaderEntry(key, withdraw(miss.entryId))).toThrow(failingWith('request.invalid'))
    expect(() => archive.addReaderEntry(key, withdraw(undone.entryId))).toThrow(failingWith('request.unknown'))
    expect(archive.listResults(key).entries).toHaveLength(2)
  })

  test('a result or an entry of another study', () => {
    const { archive, key, resultId } = withResult()
    const miss = archive.addReaderEntry(key, missOn(resultId))
    const other = store(archive, { study: '2' })
    for (const entry of [missOn(resultId), agreeWith(resultId), withdraw(miss.entryId)]) {
      expect(() => archive.addReaderEntry(other, entry)).toThrow(failingWith('request.unknown'))
    }
    expect(() => archive.addReaderEntry(other, { ...missOn(resultId), entryId: miss.entryId })).toThrow(failingWith('request.invalid'))
    expect(archive.listResults(other).entries).toEqual([])
  })

  test('a miss where the network has not looked: a picture it refused or was not asked of, or an outline of anatomy', () => {
    const refusing = withResult(nothing({ images: [imageResult('1'), imageResult('2', { refused: true })] }))
    expect(() => refusing.archive.addReaderEntry(refusing.key, missOn(refusing.resultId, '2'))).toThrow(failingWith('entry.not-read'))
    const partial = withResult(result({ images: [two[0]], requested: [{ sopInstanceUid: '1.2.3.1.1.1', frameIndex: 0 }] }))
    expect(() => partial.archive.addReaderEntry(partial.key, missOn(partial.resultId, '2'))).toThrow(failingWith('entry.not-read'))
    const lungs = withResult(nothing({ findings: [finding({ kind: 'structure' })] }))
    expect(() => lungs.archive.addReaderEntry(lungs.key, missOn(lungs.resultId))).toThrow(failingWith('entry.not-read'))
  })

  test('agreement that nothing is found with a result that found something, looked for nothing, or has not ended', () => {
    for (const made of [
      nothing({ findings: [finding()] }),
      nothing({ hasLabelMaps: true }),
      nothing({ images: [imageResult('1', { refused: true })] }),
    ]) {
      const { archive, key, resultId } = withResult(made)
      expect(() => archive.addReaderEntry(key, agreeWith(resultId))).toThrow(failingWith('entry.findings'))
    }
    const { archive, key } = withResult()
    const { images: _images, findings: _findings, structures: _structures, incomplete: _incomplete, ...head } = nothing()
    archive.beginResult(key, head)
    expect(() => archive.addReaderEntry(key, agreeWith(head.resultId))).toThrow(failingWith('entry.findings'))
  })

  test('an outline of two vertices, of too many, beyond any picture, or of what is no number', () => {
    const parse = (outline: unknown) => newReaderEntrySchema.safeParse({ ...missOn('r'), outline }).success
    const line = (count: number) => Array.from({ length: count }, (_, index) => [index, 1])
    expect([1, 2, 3, mostVertices, mostVertices + 1].map((count) => parse(line(count)))).toEqual([true, false, true, true, false])
    expect([[[-1, 0]], [[70_000, 0]], [[Number.NaN, 0]], []].map(parse)).toEqual([false, false, false, false])
  })
})

describe('the worklist', () => {
  test('says "agreed" while the reader agrees with each current result, and not of a newer one', () => {
    const { archive, key, resultId } = withResult()
    const state = () => archive.studyRow(key).ai
    expect(state()).toEqual({ state: 'no-finding' })
    const agreed = archive.addReaderEntry(key, agreeWith(resultId))
    expect(state()).toEqual({ state: 'agreed' })
    archive.addReaderEntry(key, withdraw(agreed.entryId))
    expect(state()).toEqual({ state: 'no-finding' })
    archive.addReaderEntry(key, agreeWith(resultId))
    const other = nothing({ model: { ...result().model, id: 'another' } })
    archive.appendResult(key, other)
    expect(state()).toEqual({ state: 'no-finding' })
    archive.addReaderEntry(key, agreeWith(other.resultId))
    expect(state()).toEqual({ state: 'agreed' })
    archive.appendResult(key, nothing())
    expect(state()).toEqual({ state: 'no-finding' })
  })

  test('counts misses whatever the state, and is narrowed to them', () => {
    const found = finding()
    const { archive, key, resultId } = withResult(nothing({ findings: [found] }))
    store(archive, { study: '2' })
    const row = () => archive.studyRow(key)
    const narrowed = () => archive.listStudies({ ...everything, state: 'missed' }).rows.map(({ studyKey }) => studyKey)
    expect(narrowed()).toEqual([])
    archive.addReaderEntry(key, missOn(resultId))
    const second = archive.addReaderEntry(key, missOn(resultId, '2'))
    expect(row()).toMatchObject({ ai: { state: 'findings', count: 1 }, missed: 2 })
    expect(narrowed()).toEqual([key])
    archive.addDecision(key, { decisionId: 'd', findingId: found.findingId, verdict: 'rejected', comment: '' })
    expect(row()).toMatchObject({ ai: { state: 'missed', count: 2 }, missed: 2 })
    archive.addReaderEntry(key, withdraw(second.entryId))
    expect(row()).toMatchObject({ ai: { state: 'missed', count: 1 }, missed: 1 })
    // Analysed anew, what the reader marked does not vanish behind "no finding".
    archive.appendResult(key, nothing())
    expect(row()).toMatchObject({ ai: { state: 'missed', count: 1 } })
  })
})

test('a site counts what was missed, agreed and decided by version; what was withdrawn is not counted', () => {
  const found = [finding(), finding(), finding({ above: false })]
  const { archive, key, resultId, model } = withResult(nothing({ findings: found }))
  const newer = nothing({ model: { ...model, version: '1.1.0' } })
  archive.appendResult(key, newer)
  archive.addDecision(key, { decisionId: 'd', findingId: found[0].findingId, verdict: 'accepted', comment: '' })
  archive.addReaderEntry(key, missOn(resultId))
  archive.addReaderEntry(key, withdraw(archive.addReaderEntry(key, missOn(resultId)).entryId))
  archive.addReaderEntry(key, missOn(newer.resultId))
  archive.addReaderEntry(key, missOn(newer.resultId, '2'))
  archive.addReaderEntry(key, agreeWith(newer.resultId))
  expect(archive.countByModel()).toEqual([
    { model, results: 1, findings: 2, accepted: 1, rejected: 0, missed: 1, nothingFound: 0 },
    { model: newer.model, results: 1, findings: 0, accepted: 0, rejected: 0, missed: 2, nothingFound: 1 },
  ])
})

test('EXPECTED FAILURE: an archive opened for reading takes no entry', () => {
  const { archive, key, resultId } = withResult()
  const reading = openArchive(archive.folder, { readOnly: true })
  onTestFinished(() => reading.close())
  expect(reading.countByModel()).toHaveLength(1)
  expect(() => reading.addReaderEntry(key, agreeWith(resultId))).toThrow(failingWith('archive.in-use'))
})
