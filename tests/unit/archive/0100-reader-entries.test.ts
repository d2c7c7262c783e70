import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { upgradedTo } from './fixtures'

const head = (fields: object) => JSON.stringify({ model: { id: 'm', version: '1.0.0', sha256: 'aa' }, overridden: false, ...fields })

/** Two studies with a whole result each, the second one run against the network's word, in a database of the step before. */
function before() {
  const db = upgradedTo(90)
  for (const key of [1, 2]) {
    db.exec(`
      INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt, aiState, aiRank)
        VALUES ('1.${key}', '', '', '', '', '', '', '', '', '', '', 0, '', 'no-finding', 7);
      INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (${key}, '1.${key}.3', 'MR', '', 1, 1);
      INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (${key}, '1.${key}.3.4', '${key}', 1, x'00', 1, '');
      INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head)
        VALUES ('r${key}', ${key}, ${key}, 'm', 1, 1, 1, '${head(key === 2 ? { overridden: true } : {})}');
      INSERT INTO resultImages VALUES (${key}, '1.${key}.3.4', 0, 0, 0, '{}');
      INSERT INTO resultEnds (resultSequence, incompleteCode, imagesDone, anyRead, ending) VALUES (${key}, NULL, 1, 1, '{}')`)
  }
  return db
}

const insert = (sequence: number, values: string) =>
  `INSERT INTO readerEntries (sequence, entryId, studyKey, kind, resultSequence, sopInstanceUid, frameIndex, outline, withdraws, afterDecision, reader, enteredAt)
   VALUES (${sequence}, 'e${sequence}', 1, ${values}, 0, 'reader', '')`
const miss = `'missed', 1, '1.1.3.4', 0, '[[1,2]]', NULL`

test('what is there stays, and the state kept with each study follows the new rules', () => {
  const db = before()
  migrate(db, null)
  expect(db.all('SELECT aiState, aiRank, aiMissed FROM studies ORDER BY studyKey')).toEqual([
    { aiState: 'no-finding', aiRank: 12, aiMissed: 0 },
    { aiState: 'overridden', aiRank: 7, aiMissed: 0 },
  ])
  expect(db.all('SELECT resultId FROM results')).toHaveLength(2)
  expect(db.all('PRAGMA foreign_key_check')).toEqual([])
})

test('an entry takes no change and no removal', () => {
  const db = before()
  migrate(db, null)
  db.exec(insert(1, miss))
  expect(() => db.exec(`UPDATE readerEntries SET reader = 'another'`)).toThrow(/append-only/)
  expect(() => db.exec('DELETE FROM readerEntries')).toThrow(/append-only/)
})

test.each([
  ['a miss without its place', `'missed', 1, '1.1.3.4', 0, NULL, NULL`, /CHECK/],
  ['a miss without a picture', `'missed', 1, NULL, NULL, '[[1,2]]', NULL`, /CHECK/],
  ['a miss on a picture that the result does not hold', `'missed', 1, '1.2.3.4', 0, '[[1,2]]', NULL`, /FOREIGN KEY/],
  ['an agreement with nothing', `'nothing-found', NULL, NULL, NULL, NULL, NULL`, /CHECK/],
  ['a withdrawal of nothing', `'withdrawn', NULL, NULL, NULL, NULL, NULL`, /CHECK/],
  ['another kind', `'guess', 1, NULL, NULL, NULL, NULL`, /CHECK/],
])('EXPECTED FAILURE: %s', (_, values, fault) => {
  const db = upgradedTo(100)
  expect(db.all('SELECT * FROM standingEntries')).toEqual([])
  const filled = before()
  migrate(filled, null)
  expect(() => filled.exec(insert(1, values))).toThrow(fault)
})

test('a withdrawn entry stands no more, and cannot be withdrawn twice', () => {
  const db = before()
  migrate(db, null)
  db.exec(insert(1, miss))
  db.exec(insert(2, `'nothing-found', 1, NULL, NULL, NULL, NULL`))
  db.exec(insert(3, `'withdrawn', NULL, NULL, NULL, NULL, 1`))
  expect(db.all('SELECT entryId FROM standingEntries')).toEqual([{ entryId: 'e2' }])
  expect(() => db.exec(insert(4, `'withdrawn', NULL, NULL, NULL, NULL, 1`))).toThrow(/UNIQUE/)
})

test('the state of one study is derived from its own rows, by index', () => {
  const db = upgradedTo(100)
  const plan = db.all<{ detail: string }>('EXPLAIN QUERY PLAN SELECT * FROM studyAi WHERE studyKey = 1').map((row) => row.detail)
  expect(plan.filter((line) => /^SCAN (?!\(subquery|CONSTANT)/.test(line))).toEqual([])
})
