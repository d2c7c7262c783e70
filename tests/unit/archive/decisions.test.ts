import { expect, test } from 'vitest'
import { decisionSchema } from '../../../contracts/analysis'
import { addDecision } from '../../../main/archive/decisions'
import { finding, result, store, temporaryArchive, upgradedTo } from './fixtures'

const failingWith = (code: string) => expect.objectContaining({ code })

function withFinding() {
  const archive = temporaryArchive()
  const key = store(archive, {})
  const found = finding()
  archive.appendResult(key, result({ findings: [found] }))
  return { archive, key, findingId: found.findingId }
}

test('decisions are kept in order, with reader and time in UTC', () => {
  const { archive, key, findingId } = withFinding()
  const first = archive.addDecision(key, { decisionId: 'one', findingId, verdict: 'accepted', comment: 'clear' })
  const second = archive.addDecision(key, { decisionId: 'two', findingId, verdict: 'undecided', comment: '' })
  expect(first).toMatchObject({ sequence: 1, reader: 'Reader One', verdict: 'accepted', comment: 'clear' })
  expect(first.decidedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(archive.listResults(key).decisions).toEqual([first, second])
  expect(decisionSchema.safeParse(second).success).toBe(true)
})

test('the same decision twice is one', () => {
  const { archive, key, findingId } = withFinding()
  const decision = { decisionId: 'one', findingId, verdict: 'accepted', comment: '' } as const
  expect(archive.addDecision(key, decision)).toEqual(archive.addDecision(key, decision))
  expect(archive.listResults(key).decisions).toHaveLength(1)
})

test('EXPECTED FAILURE: one id for two decisions; a finding of another study, and one that is not there', () => {
  const { archive, key, findingId } = withFinding()
  archive.addDecision(key, { decisionId: 'one', findingId, verdict: 'accepted', comment: '' })
  expect(() => archive.addDecision(key, { decisionId: 'one', findingId, verdict: 'rejected', comment: '' })).toThrow(
    failingWith('request.invalid'),
  )
  const other = store(archive, { study: '2' })
  expect(() => archive.addDecision(other, { decisionId: 'two', findingId, verdict: 'rejected', comment: '' })).toThrow(
    failingWith('request.unknown'),
  )
  expect(() => archive.addDecision(key, { decisionId: 'two', findingId: 'none', verdict: 'rejected', comment: '' })).toThrow(
    failingWith('request.unknown'),
  )
  expect(archive.listResults(key).decisions).toHaveLength(1)
})

test('order does not rest on the clock', () => {
  const db = upgradedTo(100)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description) VALUES (1, '1.2.3', 'MR', '');
    INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, 1, 1, '{}');
    INSERT INTO findings (findingId, resultSequence, above, finding) VALUES ('f', 1, 1, '{}')`)
  const decide = (decisionId: string, year: number) =>
    addDecision(db, 1, { decisionId, findingId: 'f', verdict: 'accepted', comment: '', reader: 'r' }, new Date(Date.UTC(year, 0)))
  expect([decide('a', 2030).sequence, decide('b', 1990).sequence, decide('c', 2026).sequence]).toEqual([1, 2, 3])
})
