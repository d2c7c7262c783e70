/** The rows above an instance: its study and its series. */
import type { InstanceFacts, PatientFacts } from '../../contracts/dicom-facts'
import { refreshAiState } from './ai-state'
import type { ReadableDb, WritableDb } from './database'
import { fold, nameKey, plainDate, searchText } from './search'

/** Patient ids of our own synthetic studies begin with this. */
export const phantomIdPrefix = 'OVERREAD-PHANTOM-'

/** What tells two patients apart; the name is no part of it, as it is written in many ways. */
export function identityOf(patient: PatientFacts): [string, string, string, string] {
  return [patient.patientId.trim(), patient.issuer.trim(), patient.birthDate.trim(), patient.sex.trim()]
}

/**
 * The study of an instance, made where there is none. One study UID under two patient
 * identities is two studies, and both are flagged.
 */
export function studyKeyOf(db: WritableDb, facts: InstanceFacts, now: string): number {
  const { patient, study } = facts
  const identity = identityOf(patient)
  const known = db.first<{ studyKey: number }>(
    'SELECT studyKey FROM studies WHERE studyInstanceUid = ? AND patientId = ? AND issuer = ? AND birthDate = ? AND sex = ?',
    [facts.studyInstanceUid, ...identity],
  )
  if (known) {
    // What the first instance left empty, a later one may state; nothing stated is replaced.
    db.run(
      `UPDATE studies SET
         patientName = CASE patientName WHEN '' THEN ?1 ELSE patientName END,
         studyDate = CASE studyDate WHEN '' THEN ?2 ELSE studyDate END,
         studyTime = CASE studyTime WHEN '' THEN ?3 ELSE studyTime END,
         description = CASE description WHEN '' THEN ?4 ELSE description END,
         accessionNumber = CASE accessionNumber WHEN '' THEN ?5 ELSE accessionNumber END,
         studyId = CASE studyId WHEN '' THEN ?6 ELSE studyId END
       WHERE studyKey = ?7 AND '' IN (patientName, studyDate, studyTime, description, accessionNumber, studyId)`,
      [patient.patientName, study.date, study.time, study.description, study.accessionNumber, study.id, known.studyKey],
    )
    return known.studyKey
  }
  const others = db.run('UPDATE studies SET identityConflict = 1 WHERE studyInstanceUid = ?', [facts.studyInstanceUid])
  return db.first<{ studyKey: number }>(
    `INSERT INTO studies (
       studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime,
       description, accessionNumber, studyId, identityConflict, phantom, storedAt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING studyKey`,
    [
      facts.studyInstanceUid,
      ...identity,
      patient.patientName,
      study.date,
      study.time,
      study.description,
      study.accessionNumber,
      study.id,
      others > 0 ? 1 : 0,
      identity[0].startsWith(phantomIdPrefix) ? 1 : 0,
      now,
    ],
  )!.studyKey
}

export function seriesKeyOf(db: WritableDb, studyKey: number, facts: InstanceFacts): number {
  const { series } = facts
  const known = findSeriesKey(db, studyKey, facts.seriesInstanceUid)
  if (known !== undefined) {
    db.run(
      `UPDATE series SET
         number = ifnull(number, ?1),
         modality = CASE modality WHEN '' THEN ?2 ELSE modality END,
         description = CASE description WHEN '' THEN ?3 ELSE description END
       WHERE seriesKey = ?4 AND (number IS NULL OR '' IN (modality, description))`,
      [series.number, series.modality, series.description, known],
    )
    return known
  }
  db.run('UPDATE studies SET seriesCount = seriesCount + 1 WHERE studyKey = ?', [studyKey])
  return db.first<{ seriesKey: number }>(
    'INSERT INTO series (studyKey, seriesInstanceUid, number, modality, description) VALUES (?, ?, ?, ?, ?) RETURNING seriesKey',
    [studyKey, facts.seriesInstanceUid, series.number, series.modality, series.description],
  )!.seriesKey
}

export function findSeriesKey(db: ReadableDb, studyKey: number, seriesInstanceUid: string): number | undefined {
  return db.first<{ seriesKey: number }>('SELECT seriesKey FROM series WHERE studyKey = ? AND seriesInstanceUid = ?', [
    studyKey,
    seriesInstanceUid,
  ])?.seriesKey
}

/** After a step of the database's form: what is kept of each study, as this version works it out. */
export function renewStudies(db: WritableDb): void {
  for (const { studyKey } of db.all<{ studyKey: number }>('SELECT studyKey FROM studies ORDER BY studyKey')) {
    summarise(db, studyKey)
    refreshAiState(db, studyKey)
  }
}

/** Brings the modalities and the folded texts of a study up to date with its rows. */
export function summarise(db: WritableDb, studyKey: number): void {
  db.run('DELETE FROM studyModalities WHERE studyKey = ?1 AND modality NOT IN (SELECT modality FROM series WHERE studyKey = ?1)', [
    studyKey,
  ])
  db.run(`INSERT OR IGNORE INTO studyModalities SELECT DISTINCT studyKey, modality FROM series WHERE studyKey = ? AND modality <> ''`, [
    studyKey,
  ])
  const modalities = db.all<{ modality: string }>('SELECT modality FROM studyModalities WHERE studyKey = ? ORDER BY modality', [studyKey])
  const study = db.first<{
    patientName: string
    patientId: string
    description: string
    accessionNumber: string
    studyDate: string
    studyTime: string
  }>('SELECT patientName, patientId, description, accessionNumber, studyDate, studyTime FROM studies WHERE studyKey = ?', [studyKey])!
  db.run(
    `INSERT INTO studySearch (studyKey, text, patientName, patientId, description, modalities, studyDate, studyTime) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET text = excluded.text, patientName = excluded.patientName, patientId = excluded.patientId,
       description = excluded.description, modalities = excluded.modalities, studyDate = excluded.studyDate, studyTime = excluded.studyTime`,
    [
      studyKey,
      searchText(study),
      nameKey(study.patientName),
      fold(study.patientId),
      fold(study.description),
      modalities.map((row) => row.modality).join(' '),
      plainDate(study.studyDate),
      study.studyTime,
    ],
  )
}
