/** An archive of a hospital's size, its rows written straight into the tables: importing a million files would measure the disk. */
import { openArchive } from '../../../main/archive/archive'
import { aiStateOrder } from '../../../main/archive/ai-state'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { fold, nameKey, searchText } from '../../../main/archive/search'

const families = ['Müller', 'García', 'Nowak', 'Ångström', 'Yamada', "O'Neill", 'Silva', 'Đorđević', 'Kim', 'Dupont']
const givens = ['Jane', 'José', 'Zoë', 'Łukasz', 'Søren', 'Anna', 'Minh', 'Omar']
const descriptions = ['Head FLAIR', 'Chest PA', 'Brain MRI with contrast', 'Thorax AP supine', 'Schädel nativ']
const modalities = ['MR', 'DX', 'CT', 'CR']
export const instancesPerStudy = 100

/** Makes an archive in `folder` with so many studies of four series and a hundred objects each; their files are not there. */
export function fillArchive(folder: string, studies: number): void {
  openArchive(folder).close()
  const db = connect(layoutOf(folder).database)
  db.transaction(() => {
    for (let key = 1; key <= studies; key++) {
      const patientName = `${families[key % 10]}^${givens[(key * 7) % 8]}`
      const study = {
        patientName,
        patientId: `P${String((key * 7919) % 1_000_003).padStart(7, '0')}`,
        description: descriptions[key % 5],
        accessionNumber: `ACC${key * 31}`,
        studyDate: new Date(Date.UTC(2015, 0, 1 + (key % 4000))).toISOString().slice(0, 10).replaceAll('-', ''),
      }
      const modality = modalities[key % 4]
      const state = aiStateOrder[key % aiStateOrder.length]
      db.run(
        `INSERT INTO studies (studyKey, studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId,
           seriesCount, instanceCount, phantom, storedAt, aiState, aiDone, aiTotal, aiRank)
         VALUES (?, ?, ?, '', '19700101', 'F', ?, ?, '101500', ?, ?, '', 4, ?, 0, '', ?, 1, 2, ?)`,
        [
          key,
          `1.2.${key}`,
          study.patientId,
          patientName,
          study.studyDate,
          study.description,
          study.accessionNumber,
          instancesPerStudy,
          state,
          aiStateOrder.indexOf(state) + 1,
        ],
      )
      db.run('INSERT INTO studyModalities VALUES (?, ?)', [key, modality])
      db.run('INSERT INTO studySearch VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
        key,
        searchText(study),
        nameKey(patientName),
        fold(study.patientId),
        fold(study.description),
        modality,
        study.studyDate,
        '101500',
      ])
    }
    db.run(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
       INSERT INTO series (seriesKey, studyKey, seriesInstanceUid, number, modality, description, instanceCount, frameCount)
       SELECT i + 1, i / 4 + 1, '1.3.' || i, i % 4, 'MR', 'series', 25, 25 FROM n`,
      [studies * 4],
    )
    db.run(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
       INSERT INTO instances (studyKey, seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt)
       SELECT i / ${instancesPerStudy} + 1, i / 25 + 1, '1.4.' || i, printf('%064x', i), 524288, zeroblob(32), 1, '' FROM n`,
      [studies * instancesPerStudy],
    )
  })
  db.close()
}
