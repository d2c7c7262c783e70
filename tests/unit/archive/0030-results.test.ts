import { expect, test } from 'vitest'
import type { Connection } from '../../../main/archive/database'
import { upgradedTo } from './fixtures'

function filled(): Connection {
  const db = upgradedTo(30)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description) VALUES (1, '1.2.3', 'MR', '');
    INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (1, '1.2.3.4', 'aa', 1, x'00', 1, '');
    INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, 1, 1, '{}');
    INSERT INTO resultImages VALUES (1, '1.2.3.4', 0, 0, 0, '{}');
    INSERT INTO overlays VALUES (1, '1.2.3.4', 0, 'lesion', 'mask', 4, 3, 'aa', 9);
    INSERT INTO resultEnds VALUES (1, NULL, 1, 1, '{}');
    INSERT INTO findings (findingId, resultSequence, above, finding) VALUES ('f', 1, 1, '{}');
    INSERT INTO decisions VALUES (1, 'd', 1, 'accepted', '', 'reader', '');`)
  return db
}

test.each(['results', 'resultImages', 'resultEnds', 'overlays', 'findings', 'decisions'])('%s takes no change and no removal', (table) => {
  const db = filled()
  const column = db.all<{ name: string }>(`PRAGMA table_info(${table})`)[0]!.name
  expect(() => db.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow(/append-only/)
  expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/)
})

test('an overlay without its picture is not committed', () => {
  const db = filled()
  expect(() => db.transaction(() => db.exec(`INSERT INTO overlays VALUES (1, '1.2.3.4', 1, 'lesion', 'mask', 4, 3, 'aa', 9)`))).toThrow(
    /FOREIGN KEY/,
  )
  expect(db.all('SELECT * FROM overlays')).toHaveLength(1)
})

test('the standing decision is the last verdict; a comment is none', () => {
  const db = filled()
  const standing = () => db.all<{ sequence: number; verdict: string }>('SELECT sequence, verdict FROM standingDecisions')
  db.exec(`INSERT INTO decisions VALUES (2, 'e', 1, 'comment', 'why', 'reader', '')`)
  expect(standing()).toEqual([{ sequence: 1, verdict: 'accepted' }])
  db.exec(`INSERT INTO decisions VALUES (3, 'g', 1, 'undecided', '', 'reader', '')`)
  expect(standing()).toEqual([{ sequence: 3, verdict: 'undecided' }])
})
