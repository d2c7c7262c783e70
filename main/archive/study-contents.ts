/** What a study holds: its series, their instances, and where each lies. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { OverreadError } from '../../contracts/errors'
import type { StudyEvent, StudyRow } from '../../contracts/worklist'
import { booleanOf, type ReadableDb } from './database'
import { hashedPath, type ArchiveLayout } from './layout'
import { studyHistory } from './study-history'
import { studyRows } from './worklist'

export interface StoredObject {
  /** For reading alone. */
  readonly path: string
  readonly sha256: string
  readonly size: number
}

export interface InstanceLocation extends StoredObject {
  /** SHA-256 of each 4 MiB; a range read checks the chunks it touches. */
  readonly chunks: readonly string[]
  /** Its facts count the tiles of one picture as frames. */
  readonly tiled: boolean
}

export interface StudyInstance extends StoredObject {
  readonly facts: InstanceFacts
}

export interface StudySeries {
  readonly seriesInstanceUid: string
  readonly number: number | null
  readonly modality: string
  readonly description: string
  /** In the order they were stored. */
  readonly instances: readonly StudyInstance[]
}

export interface StudyContents {
  readonly row: StudyRow
  /** By series number, then UID. */
  readonly series: readonly StudySeries[]
  /** The latest last. */
  readonly history: readonly StudyEvent[]
}

/** @throws OverreadError 'archive.missing' */
export function studyRow(db: ReadableDb, studyKey: number): StudyRow {
  const [row] = studyRows(db, [studyKey])
  if (!row) throw new OverreadError('archive.missing', 'study')
  return row
}

/** @throws OverreadError 'archive.missing' */
export function studyDetail(db: ReadableDb, layout: ArchiveLayout, studyKey: number): StudyContents {
  const row = studyRow(db, studyKey)
  const series = db.all<{ seriesKey: number; seriesInstanceUid: string; number: number | null; modality: string; description: string }>(
    `SELECT seriesKey, seriesInstanceUid, number, modality, description FROM series WHERE studyKey = ?
     ORDER BY number IS NULL, number, seriesInstanceUid`,
    [studyKey],
  )
  return {
    row,
    series: series.map(({ seriesKey, ...rest }) => ({ ...rest, instances: instancesOf(db, layout, seriesKey) })),
    history: studyHistory(db, studyKey),
  }
}

function instancesOf(db: ReadableDb, layout: ArchiveLayout, seriesKey: number): StudyInstance[] {
  return db
    .all<{ facts: string; sha256: string; size: number }>(
      'SELECT facts, sha256, size FROM instances JOIN instanceFacts USING (instanceKey) WHERE seriesKey = ? ORDER BY instanceKey',
      [seriesKey],
    )
    .map(({ facts, sha256, size }) => ({
      facts: JSON.parse(facts) as InstanceFacts,
      sha256,
      size,
      path: hashedPath(layout.objects, sha256),
    }))
}

/** @throws OverreadError 'archive.missing' also for an instance of another study. */
export function instanceLocation(db: ReadableDb, layout: ArchiveLayout, studyKey: number, sopInstanceUid: string): InstanceLocation {
  const row = db.first<{ sha256: string; size: number; chunks: ArrayBuffer; tiled: number }>(
    'SELECT sha256, size, chunks, tiled FROM instances WHERE sopInstanceUid = ? AND studyKey = ?',
    [sopInstanceUid, studyKey],
  )
  if (!row) throw new OverreadError('archive.missing', 'instance')
  return {
    path: hashedPath(layout.objects, row.sha256),
    sha256: row.sha256,
    size: row.size,
    chunks: splitChunks(row.chunks),
    tiled: booleanOf(row.tiled),
  }
}

export function splitChunks(chunks: ArrayBuffer): string[] {
  const hex = Buffer.from(chunks).toString('hex')
  return hex.match(/.{64}/g) ?? []
}
