/** An object that comes again under another header: the new one is in force, what stood before is kept. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { OverreadError } from '../../contracts/errors'
import type { HeaderChange } from '../../contracts/worklist'
import { fileSource } from '../base/byte-source'
import { compareObjects, type ObjectComparison } from '../dicom/compare-objects'
import { readDicomObject } from '../dicom/dicom-object'
import type { ReadableDb, WritableDb } from './database'

/** What is kept of the changes of one object: enough to say what was corrected. */
const changesKept = 32

export interface StoredVersion {
  readonly instanceKey: number
  readonly studyKey: number
  readonly seriesKey: number
}

export interface NextVersion {
  readonly facts: InstanceFacts
  readonly sha256: string
  readonly size: number
  readonly chunks: Uint8Array
  readonly frames: number
  readonly tiled: number
  readonly sourceName: string
}

/** True where these bytes were in force once and gave way to a correction: what is old does not correct what is new. */
export function isFormerVersion(db: ReadableDb, instanceKey: number, sha256: string): boolean {
  return db.first('SELECT 1 FROM headerCorrections WHERE instanceKey = ? AND sha256 = ?', [instanceKey, sha256]) !== undefined
}

/** The sequence of a study's last correction; 0 where there is none. */
export function lastCorrection(db: ReadableDb, studyKey: number): number {
  return db.first<{ last: number }>('SELECT ifnull(max(correctionSequence), 0) AS last FROM headerCorrections WHERE studyKey = ?', [
    studyKey,
  ])!.last
}

/** Two files as objects; null where one of them cannot be read as one. */
export function compareFiles(before: string, after: string): ObjectComparison | null {
  const sources: { close(): void }[] = []
  const open = (path: string) => {
    const source = fileSource(path)
    sources.push(source)
    return readDicomObject(source)
  }
  try {
    return compareObjects(open(before), open(after))
  } catch (error) {
    if (error instanceof OverreadError) return null
    throw error
  } finally {
    for (const source of sources) source.close()
  }
}

/** Within a transaction. The texts of study and series follow what the object says differently; the rest of them stays. */
export function correctHeader(
  db: WritableDb,
  known: StoredVersion,
  next: NextVersion,
  changes: readonly HeaderChange[],
  now: string,
): void {
  const { instanceKey, studyKey, seriesKey } = known
  const before = db.first<{ facts: string; frames: number }>(
    'SELECT facts, frames FROM instances JOIN instanceFacts USING (instanceKey) WHERE instanceKey = ?',
    [instanceKey],
  )!
  db.run(
    `INSERT INTO headerCorrections (instanceKey, studyKey, sopInstanceUid, sha256, size, chunks, facts, changed, sourceName, correctedAt)
     SELECT instanceKey, studyKey, sopInstanceUid, sha256, size, chunks, facts, ?, ?, ?
     FROM instances JOIN instanceFacts USING (instanceKey) WHERE instanceKey = ?`,
    [JSON.stringify(changes.slice(0, changesKept)), next.sourceName, now, instanceKey],
  )
  db.run('UPDATE instances SET sha256 = ?, size = ?, chunks = ?, frames = ?, tiled = ? WHERE instanceKey = ?', [
    next.sha256,
    next.size,
    next.chunks,
    next.frames,
    next.tiled,
    instanceKey,
  ])
  db.run('UPDATE instanceFacts SET facts = ? WHERE instanceKey = ?', [JSON.stringify(next.facts), instanceKey])
  db.run('UPDATE series SET frameCount = frameCount + ? WHERE seriesKey = ?', [next.frames - before.frames, seriesKey])
  const was = JSON.parse(before.facts) as InstanceFacts
  const set = (table: 'studies' | 'series', column: string, from: string | number | null, to: string | number | null): void => {
    if (from === to) return
    db.run(`UPDATE ${table} SET ${column} = ? WHERE ${table === 'studies' ? 'studyKey' : 'seriesKey'} = ?`, [
      to,
      table === 'studies' ? studyKey : seriesKey,
    ])
  }
  set('studies', 'patientName', was.patient.patientName, next.facts.patient.patientName)
  set('studies', 'studyDate', was.study.date, next.facts.study.date)
  set('studies', 'studyTime', was.study.time, next.facts.study.time)
  set('studies', 'description', was.study.description, next.facts.study.description)
  set('studies', 'accessionNumber', was.study.accessionNumber, next.facts.study.accessionNumber)
  set('studies', 'studyId', was.study.id, next.facts.study.id)
  set('series', 'number', was.series.number, next.facts.series.number)
  set('series', 'modality', was.series.modality, next.facts.series.modality)
  set('series', 'description', was.series.description, next.facts.series.description)
}
