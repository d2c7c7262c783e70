import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { migrations } from '../../../main/archive/migrations/index'
import { upgradedTo } from './fixtures'

const here = migrations.filter(({ number }) => number <= 110)

/** A complete result with a mask, and an object that was kept out, in a database of the step before. */
function before() {
  const db = upgradedTo(90)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (1, '1.2.3', 'MR', '', 2, 2);
    INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt, tiled) VALUES
      (1, '1.2.3.4', 'aa', 1, x'00', 1, 'then', 0), (1, '1.2.3.5', 'bb', 2, x'01', 1, 'later', 1);
    INSERT INTO instanceFacts VALUES (1, '{}'), (2, '{}');
    INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, 2, 2, '{}');
    INSERT INTO resultImages VALUES (1, '1.2.3.4', 0, 0, 0, '{"sha256":"aa"}'), (1, '1.2.3.5', 0, 1, 1, '{}');
    INSERT INTO overlays VALUES (1, '1.2.3.4', 0, 'spot', 'mask', 2, 3, 'cc', 6);
    INSERT INTO resultEnds (resultSequence, incompleteCode, imagesDone, anyRead, ending) VALUES (1, NULL, 2, 1, '{}');
    INSERT INTO conflicts (sopInstanceUid, storedSha256, offeredSha256, sourceName, seenAt) VALUES ('1.2.3.5', 'bb', 'dd', 'IM1', '')`)
  return db
}

const coverOf = (db: ReturnType<typeof upgradedTo>) => db.all('SELECT imagesDone, imagesTotal, complete FROM resultCover')
const stateOf = (db: ReturnType<typeof upgradedTo>) => db.all('SELECT aiState, aiDone, aiTotal FROM studyAi')

test('instances, pictures of results and what was kept out stay as they were', () => {
  const db = before()
  migrate(db, null, here)
  expect(db.all('SELECT instanceKey, studyKey, seriesKey, sopInstanceUid, sha256, size, frames, storedAt, tiled FROM instances')).toEqual([
    { instanceKey: 1, studyKey: 1, seriesKey: 1, sopInstanceUid: '1.2.3.4', sha256: 'aa', size: 1, frames: 1, storedAt: 'then', tiled: 0 },
    { instanceKey: 2, studyKey: 1, seriesKey: 1, sopInstanceUid: '1.2.3.5', sha256: 'bb', size: 2, frames: 1, storedAt: 'later', tiled: 1 },
  ])
  expect(db.all('SELECT studyKey, sopInstanceUid, position, refused, sha256 FROM resultImages ORDER BY position')).toEqual([
    { studyKey: 1, sopInstanceUid: '1.2.3.4', position: 0, refused: 0, sha256: 'aa' },
    { studyKey: 1, sopInstanceUid: '1.2.3.5', position: 1, refused: 1, sha256: '' },
  ])
  expect(db.all('SELECT sopInstanceUid, studyKey FROM conflicts')).toEqual([{ sopInstanceUid: '1.2.3.5', studyKey: 1 }])
  expect(coverOf(db)).toEqual([{ imagesDone: 2, imagesTotal: 2, complete: 1 }])
})

test('references are followed again afterwards, and what is appended stays so', () => {
  const db = before()
  migrate(db, null, here)
  expect(db.all('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
  expect(db.all('PRAGMA foreign_key_check')).toEqual([])
  expect(() => db.exec(`INSERT INTO resultImages VALUES (1, 1, '9.9', 0, 2, 0, '', '{}')`)).toThrow(/FOREIGN KEY/)
  expect(() => db.exec(`DELETE FROM instances WHERE instanceKey = 1`)).toThrow(/FOREIGN KEY/)
  for (const table of ['resultImages', 'overlays']) expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/)
  expect(() => db.exec(`UPDATE resultImages SET position = 9`)).toThrow(/append-only/)
})

test('an identifier may stand in two studies, and in one only once', () => {
  const db = before()
  migrate(db, null, here)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', 'other', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description) VALUES (2, '1.2.3', 'MR', '')`)
  const insert = (studyKey: number) =>
    db.exec(
      `INSERT INTO instances (studyKey, seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (${studyKey}, ${studyKey}, '1.2.3.4', 'ee', 1, x'00', 1, '')`,
    )
  insert(2)
  expect(() => insert(1)).toThrow(/UNIQUE/)
})

test('a picture whose header was corrected since counts as not done', () => {
  const db = before()
  migrate(db, null, here)
  expect(stateOf(db)).toEqual([{ aiState: 'no-finding', aiDone: 0, aiTotal: 0 }])
  const correct = (sha256: string) =>
    db.exec(
      `INSERT INTO headerCorrections (instanceKey, studyKey, sopInstanceUid, sha256, size, chunks, facts, changed, sourceName, correctedAt)
       VALUES (1, 1, '1.2.3.4', '${sha256}', 1, x'00', '{}', '[]', '', '')`,
    )
  correct('another version, that this result did not read')
  expect(coverOf(db)).toEqual([{ imagesDone: 2, imagesTotal: 2, complete: 1 }])
  correct('aa')
  expect(coverOf(db)).toEqual([{ imagesDone: 1, imagesTotal: 2, complete: 0 }])
  expect(stateOf(db)).toEqual([{ aiState: 'partial', aiDone: 1, aiTotal: 2 }])
  expect(() => db.exec('DELETE FROM headerCorrections')).toThrow(/append-only/)
  expect(() => db.exec(`UPDATE headerCorrections SET changed = ''`)).toThrow(/append-only/)
})

test('EXPECTED FAILURE: rows that name others which are not there stop the step, and nothing of it stays', () => {
  const db = before()
  db.exec("PRAGMA foreign_keys = OFF; INSERT INTO instanceFacts VALUES (77, '{}'); PRAGMA foreign_keys = ON")
  expect(() => migrate(db, null, here)).toThrow(expect.objectContaining({ code: 'archive.damaged' }))
  expect(db.all('PRAGMA user_version')).toEqual([{ user_version: 100 }])
  expect(db.all('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
  expect(upgradedTo(110).all('PRAGMA user_version')).toEqual([{ user_version: 110 }])
})
