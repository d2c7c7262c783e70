import { expect, test } from 'vitest'
import { upgradedTo } from './fixtures'

const study = `INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
  VALUES ('1.2', ?, '', '', '', '', '', '', '', '', '', 0, '')`
const instance = `INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (1, ?, 'aa', ?, x'00', 1, '')`

test('one study UID stands once for each patient identity', () => {
  const db = upgradedTo(10)
  db.run(study, ['one'])
  db.run(study, ['two'])
  expect(() => db.run(study, ['one'])).toThrow(/UNIQUE/)
})

test('tables are strict and references are kept', () => {
  const db = upgradedTo(10)
  expect(() => db.run(instance, ['1.2.3', 4])).toThrow(/FOREIGN KEY/)
  db.run(study, ['one'])
  db.exec(`INSERT INTO series (studyKey, seriesInstanceUid, modality, description) VALUES (1, '1.2.3', 'MR', '')`)
  db.run(instance, ['1.2.3.4', 4])
  expect(() => db.run(instance, ['1.2.3.5', 'four'])).toThrow(/cannot store TEXT/)
  expect(() => db.run(instance, ['1.2.3.4', 4])).toThrow(/UNIQUE/)
})
