import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { upgradedTo } from './fixtures'

/** A series of four frames in a database of the step before. */
function before() {
  const db = upgradedTo(50)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (1, '1.2.3', 'MR', '', 4, 4)`)
  return db
}

const jobColumns = `jobId, requestId, studyKey, seriesKey, modelId, override, state, imagesDone, imagesTotal, attempts, deaths, step, askedAt`

test('what was analysed before is of the undivided series, and counts as it did', () => {
  const db = before()
  db.exec(`
    INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (1, '1.2.3.4', 'aa', 1, x'00', 4, '');
    INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, 4, 4, '{}');
    INSERT INTO resultEnds VALUES (1, NULL, 4, 1, '{}');
    INSERT INTO jobs (${jobColumns}) VALUES ('j', 'q', 1, 1, 'm', 0, 'done', 4, 4, 1, 0, '', '')`)
  migrate(db, null)
  expect(db.all('SELECT stack FROM results UNION ALL SELECT stack FROM jobs')).toEqual([{ stack: '' }, { stack: '' }])
  expect(db.all('SELECT aiState FROM studyAi')).toEqual([{ aiState: 'no-finding' }])
  // The tiles of a mosaic were not counted as frames then.
  expect(db.all('SELECT tiled FROM instances')).toEqual([{ tiled: 0 }])
})

test('each stack has its own current result, and together they take the place of that of the undivided series', () => {
  const db = upgradedTo(60)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (1, '1.2.3', 'MR', '', 4, 4)`)
  const add = (sequence: number, stack: string, images: number) =>
    db.exec(`
      INSERT INTO results (resultId, studyKey, seriesKey, stack, modelId, wholeSeries, imagesTotal, seriesFrames, head)
        VALUES ('r${sequence}', 1, 1, '${stack}', 'm', 1, ${images}, 4, '{}');
      INSERT INTO resultEnds VALUES (${sequence}, NULL, ${images}, 1, '{}')`)
  const current = () =>
    db.all<{ resultSequence: number }>('SELECT resultSequence FROM currentResults ORDER BY 1').map((row) => row.resultSequence)
  add(1, '', 4)
  expect(current()).toEqual([1])
  add(2, 'TE 20 ms', 2)
  expect(current()).toEqual([2])
  add(3, 'TE 80 ms', 2)
  expect(current()).toEqual([2, 3])
  add(4, 'TE 20 ms', 2)
  expect(current()).toEqual([3, 4])
})

test('a failed job of one stack is not answered by the result of another', () => {
  const db = before()
  migrate(db, null)
  db.exec(`
    INSERT INTO results (resultId, studyKey, seriesKey, stack, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'TE 20 ms', 'm', 1, 2, 4, '{}');
    INSERT INTO resultEnds VALUES (1, NULL, 2, 1, '{}');
    INSERT INTO jobs (${jobColumns}, stack) VALUES ('j', 'q', 1, 1, 'm', 0, 'failed', 0, 2, 1, 0, '', '', 'TE 80 ms')`)
  expect(db.all('SELECT aiState FROM studyAi')).toEqual([{ aiState: 'failed' }])
  db.exec(`
    INSERT INTO results (resultId, studyKey, seriesKey, stack, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('s', 1, 1, 'TE 80 ms', 'm', 1, 2, 4, '{}');
    INSERT INTO resultEnds VALUES (2, NULL, 2, 1, '{}')`)
  expect(db.all('SELECT aiState FROM studyAi')).toEqual([{ aiState: 'no-finding' }])
})

test('the state of one study is still derived from its own rows, by index', () => {
  const db = upgradedTo(60)
  const plan = db.all<{ detail: string }>('EXPLAIN QUERY PLAN SELECT * FROM studyAi WHERE studyKey = 1').map((row) => row.detail)
  expect(plan.filter((line) => /^SCAN (?!\(subquery|CONSTANT)/.test(line))).toEqual([])
})
