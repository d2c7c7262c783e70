import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { upgradedTo } from './fixtures'

/** A complete result with a mask, in a database of the step before. */
function before(head = '{}') {
  const db = upgradedTo(80)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (1, '1.2.3', 'MR', '', 1, 1);
    INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (1, '1.2.3.4', 'aa', 1, x'00', 1, '');
    INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, 1, 1, '${head}');
    INSERT INTO resultImages VALUES (1, '1.2.3.4', 0, 0, 0, '{}');
    INSERT INTO resultEnds (resultSequence, incompleteCode, imagesDone, anyRead, ending) VALUES (1, NULL, 1, 1, '{}')`)
  addOverlay(db, 'mask', 'spot')
  return db
}

function addOverlay(db: ReturnType<typeof upgradedTo>, kind: string, label: string): void {
  db.exec(`INSERT INTO overlays VALUES (1, '1.2.3.4', 0, '${label}', '${kind}', 2, 3, 'bb', 6)`)
}

const stateOf = (db: ReturnType<typeof upgradedTo>) =>
  db.first<{ aiState: string }>('SELECT aiState FROM studyAi WHERE studyKey = 1')?.aiState

test('overlays that are there stay, and a label map may lie beside them', () => {
  const db = before()
  expect(() => addOverlay(db, 'label-map', '')).toThrow(/CHECK/)
  migrate(db, null)
  addOverlay(db, 'label-map', '')
  expect(db.all('SELECT kind, label, rows FROM overlays ORDER BY kind')).toEqual([
    { kind: 'label-map', label: '', rows: 2 },
    { kind: 'mask', label: 'spot', rows: 2 },
  ])
  expect(() => addOverlay(db, 'guess', '')).toThrow(/CHECK/)
})

test('the table stays append-only and its references hold', () => {
  expect(upgradedTo(90).all('PRAGMA foreign_key_check')).toEqual([])
  const filled = before()
  migrate(filled, null)
  expect(() => filled.exec('DELETE FROM overlays')).toThrow(/append-only/)
  expect(() => filled.exec('UPDATE overlays SET size = 1')).toThrow(/append-only/)
  expect(filled.all('PRAGMA foreign_key_check')).toEqual([])
})

test('a network that only outlines anatomy has not found nothing', () => {
  const pictures = before()
  migrate(pictures, null)
  expect(stateOf(pictures)).toBe('no-finding')
  const volume = before('{"hasLabelMaps":true}')
  expect(stateOf(volume)).toBe('no-finding')
  migrate(volume, null)
  expect(stateOf(volume)).toBe('not-run')
})
