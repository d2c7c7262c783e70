import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { upgradedTo } from './fixtures'

const states = ['bundled', 'trusted', 'unsigned', 'unknown-key', null] as const

/** A study with one whole result for each kind of signature, and none, in a database of the step before. */
function before() {
  const db = upgradedTo(120)
  for (const [index, state] of states.entries()) {
    const key = index + 1
    const signature = state && { state, signer: null, publicKey: null }
    const head = JSON.stringify({ model: { id: 'm', version: '1.0.0', sha256: 'aa' }, overridden: false, ...(signature && { signature }) })
    db.exec(`
      INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt, aiState, aiRank)
        VALUES ('1.${key}', '', '', '', '', '', '', '', '', '', '', 0, '', 'no-finding', 11);
      INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (${key}, '1.${key}.3', 'MR', '', 1, 1);
      INSERT INTO instances (studyKey, seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (${key}, ${key}, '1.${key}.3.4', '${key}', 1, x'00', 1, '');
      INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head)
        VALUES ('r${key}', ${key}, ${key}, 'm', 1, 1, 1, '${head}');
      INSERT INTO resultImages (resultSequence, studyKey, sopInstanceUid, frameIndex, position, refused, sha256, image)
        VALUES (${key}, ${key}, '1.${key}.3.4', 0, 0, 0, '${key}', '{}');
      INSERT INTO resultEnds (resultSequence, incompleteCode, imagesDone, anyRead, ending) VALUES (${key}, NULL, 1, 1, '{}')`)
  }
  return db
}

test('what no trusted key stands for is told apart; all else stays as it was, in its place of the list', () => {
  const db = before()
  migrate(db, null)
  expect(db.all('SELECT aiState, aiRank FROM studies ORDER BY studyKey')).toEqual([
    { aiState: 'no-finding', aiRank: 12 },
    { aiState: 'no-finding', aiRank: 12 },
    { aiState: 'untrusted', aiRank: 8 },
    { aiState: 'untrusted', aiRank: 8 },
    { aiState: 'no-finding', aiRank: 12 },
  ])
  expect(db.all('SELECT resultId FROM results')).toHaveLength(states.length)
  expect(db.all('PRAGMA foreign_key_check')).toEqual([])
  // A new database has the same views.
  expect(upgradedTo(130).all('SELECT * FROM studyAi')).toEqual([])
})
