import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { upgradedTo } from './fixtures'

/** A result with a mask, in a database of the step before. */
function before() {
  const db = upgradedTo(60)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (1, '1.2.3', 'MR', '', 1, 1);
    INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (1, '1.2.3.4', 'aa', 1, x'00', 1, '');
    INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, 1, 1, '{}');
    INSERT INTO resultImages VALUES (1, '1.2.3.4', 0, 0, 0, '{}')`)
  addOverlay(db, 'mask')
  return db
}

function addOverlay(db: ReturnType<typeof upgradedTo>, kind: string): void {
  db.exec(`INSERT INTO overlays VALUES (1, '1.2.3.4', 0, 'spot', '${kind}', 2, 3, 'bb', 6)`)
}

test('overlays that are there stay, and a mask of what is possible may lie beside them', () => {
  const db = before()
  expect(() => addOverlay(db, 'possible-mask')).toThrow(/CHECK/)
  migrate(db, null)
  addOverlay(db, 'possible-mask')
  expect(db.all('SELECT kind, rows, columns, sha256 FROM overlays ORDER BY kind')).toEqual([
    { kind: 'mask', rows: 2, columns: 3, sha256: 'bb' },
    { kind: 'possible-mask', rows: 2, columns: 3, sha256: 'bb' },
  ])
  expect(() => addOverlay(db, 'guess')).toThrow(/CHECK/)
})

test('the table stays append-only and its references hold', () => {
  const db = upgradedTo(80)
  expect(db.all('PRAGMA foreign_key_check')).toEqual([])
  const filled = before()
  migrate(filled, null)
  expect(() => filled.exec('DELETE FROM overlays')).toThrow(/append-only/)
  expect(() => filled.exec(`UPDATE overlays SET size = 1`)).toThrow(/append-only/)
  expect(filled.all('PRAGMA foreign_key_check')).toEqual([])
})
