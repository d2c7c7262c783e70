import { expect, test } from 'vitest'
import { upgradedTo } from './fixtures'

test('a job has a known state and one id', () => {
  const db = upgradedTo(40)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '');
    INSERT INTO series (studyKey, seriesInstanceUid, modality, description) VALUES (1, '1.2.3', 'MR', '');`)
  const add = (jobId: string, state: string) =>
    db.run(
      `INSERT INTO jobs (jobId, requestId, studyKey, seriesKey, modelId, override, state, imagesDone, imagesTotal, attempts, deaths, step, askedAt)
       VALUES (?, 'q', 1, 1, 'm', 0, ?, 0, 1, 0, 0, '', '')`,
      [jobId, state],
    )
  expect(add('one', 'queued')).toBe(1)
  expect(() => add('one', 'queued')).toThrow(/UNIQUE/)
  expect(() => add('two', 'sleeping')).toThrow(/CHECK/)
})
