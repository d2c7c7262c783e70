/** `overread archive check`: is everything there, and is it what was stored? Reads alone, also beside an owner. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import { analysisResultSchema } from '../../contracts/analysis'
import { instanceFactsSchema } from '../../contracts/dicom-facts'
import { OverreadError } from '../../contracts/errors'
import { chunkBytes, sha256 } from '../base/hashing'
import type { ReadableDb } from './database'
import { hashedPath, layoutOf, type ArchiveLayout } from './layout'
import { listReaderEntries } from './reader-entries'
import { connectForReading } from './reading'
import { readResult } from './results'
import { splitChunks } from './study-contents'

/** `object` and `overlay`: a stored file; `row`: an entry that contradicts itself or others; `database`: SQLite's own finding. */
export interface ArchiveProblem {
  readonly kind: 'object' | 'overlay' | 'row' | 'database'
  /** A SHA-256, a result id, a UID or a study's key. Never a name. */
  readonly where: string
  readonly what: string
}

export interface ArchiveReport {
  readonly studies: number
  readonly instances: number
  readonly results: number
  readonly overlays: number
  readonly decisions: number
  readonly entries: number
  readonly bytes: number
  /** Files that no row names: left by a kill, or being stored just now. They take space and do no harm. */
  readonly unreferenced: number
  readonly problems: readonly ArchiveProblem[]
}

export interface CheckOptions {
  /** After each file. */
  onProgress?(done: number, total: number): void
}

/** @throws OverreadError 'archive.absent', 'archive.newer', 'archive.older', 'archive.damaged' when nothing can be read. */
export function checkArchive(folder: string, options: CheckOptions = {}): ArchiveReport {
  const layout = layoutOf(resolve(folder))
  const db = connectForReading(layout)
  try {
    // One transaction: rows and counts of the same moment, while an owner may be storing.
    db.exec('BEGIN')
    return check(db, layout, options)
  } finally {
    db.close()
  }
}

function check(db: ReadableDb, layout: ArchiveLayout, { onProgress }: CheckOptions): ArchiveReport {
  const problems: ArchiveProblem[] = []
  const found = (kind: ArchiveProblem['kind'], where: string, what: string): void => void problems.push({ kind, where, what })
  checkDatabase(db, found)
  checkRows(db, found)

  const objects = db.all<{ sha256: string; size: number; chunks: ArrayBuffer; instanceKey: number }>(
    'SELECT sha256, size, chunks, instanceKey FROM instances ORDER BY instanceKey',
  )
  const former = db.all<{ sha256: string; size: number; chunks: ArrayBuffer }>(
    'SELECT sha256, size, chunks FROM headerCorrections ORDER BY correctionSequence',
  )
  const overlays = db.all<{ sha256: string; size: number }>('SELECT DISTINCT sha256, size FROM overlays ORDER BY sha256')
  const total = objects.length + former.length + overlays.length
  let bytes = 0
  let done = 0
  const step = (size: number): void => {
    bytes += size
    onProgress?.(++done, total)
  }
  for (const { sha256: hash, size, chunks, instanceKey } of objects) {
    const fault = faultOf(hashedPath(layout.objects, hash), hash, size, splitChunks(chunks)) ?? factsFault(db, instanceKey)
    if (fault) found('object', hash, fault)
    step(size)
  }
  for (const { sha256: hash, size, chunks } of former) {
    const fault = faultOf(hashedPath(layout.objects, hash), hash, size, splitChunks(chunks))
    if (fault) found('object', hash, fault)
    step(size)
  }
  for (const { sha256: hash, size } of overlays) {
    const fault = faultOf(hashedPath(layout.results, hash), hash, size)
    if (fault) found('overlay', hash, fault)
    step(size)
  }
  const count = (table: string): number => db.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
  return {
    studies: count('studies'),
    instances: objects.length,
    results: count('results'),
    overlays: count('overlays'),
    decisions: count('decisions'),
    entries: count('readerEntries'),
    bytes,
    unreferenced: unreferenced(layout.objects, [...objects, ...former]) + unreferenced(layout.results, overlays),
    problems,
  }
}

type Found = (kind: ArchiveProblem['kind'], where: string, what: string) => void

function checkDatabase(db: ReadableDb, found: Found): void {
  for (const { integrity_check: line } of db.all<{ integrity_check: string }>('PRAGMA integrity_check(20)')) {
    if (line !== 'ok') found('database', 'integrity_check', line)
  }
  for (const { table, rowid, parent } of db.all<{ table: string; rowid: number | null; parent: string }>('PRAGMA foreign_key_check')) {
    found('row', `${table} ${rowid ?? ''}`.trim(), `names a row that ${parent} lacks`)
  }
}

/** Whatever is kept twice is to agree. */
function checkRows(db: ReadableDb, found: Found): void {
  const rules: readonly [what: string, sql: string][] = [
    [
      'counts of a study',
      `SELECT studyKey AS place FROM studies WHERE
         seriesCount <> (SELECT count(*) FROM series WHERE series.studyKey = studies.studyKey)
         OR instanceCount <> (SELECT count(*) FROM series JOIN instances USING (seriesKey) WHERE series.studyKey = studies.studyKey)`,
    ],
    [
      'counts of a series',
      `SELECT studyKey AS place FROM series WHERE
         instanceCount <> (SELECT count(*) FROM instances WHERE instances.seriesKey = series.seriesKey)
         OR frameCount <> (SELECT ifnull(sum(frames), 0) FROM instances WHERE instances.seriesKey = series.seriesKey)`,
    ],
    [
      'AI state of a study',
      `SELECT studyKey AS place FROM studies JOIN studyAi USING (studyKey)
       WHERE studies.aiState <> studyAi.aiState OR studies.aiDone <> studyAi.aiDone OR studies.aiTotal <> studyAi.aiTotal
         OR studies.aiMissed <> studyAi.aiMissed`,
    ],
    [
      'search text of a study',
      'SELECT studyKey AS place FROM studies WHERE NOT EXISTS (SELECT 1 FROM studySearch WHERE studySearch.studyKey = studies.studyKey)',
    ],
    [
      'flag of two identities',
      `SELECT studyKey AS place FROM studies WHERE identityConflict <>
         ((SELECT count(*) FROM studies AS other WHERE other.studyInstanceUid = studies.studyInstanceUid) > 1)`,
    ],
    [
      'facts of an instance',
      'SELECT instanceKey AS place FROM instances WHERE NOT EXISTS (SELECT 1 FROM instanceFacts WHERE instanceFacts.instanceKey = instances.instanceKey)',
    ],
    [
      'study of an instance',
      'SELECT instanceKey AS place FROM instances JOIN series USING (seriesKey) WHERE instances.studyKey <> series.studyKey',
    ],
    [
      'order of header corrections',
      'SELECT max(correctionSequence) AS place FROM headerCorrections HAVING count(*) <> ifnull(max(correctionSequence), 0)',
    ],
    ['order of decisions', `SELECT max(sequence) AS place FROM decisions HAVING count(*) <> max(sequence)`],
    ['order of entries', `SELECT max(sequence) AS place FROM readerEntries HAVING count(*) <> max(sequence)`],
    [
      'subject of an entry',
      `SELECT entry.sequence AS place FROM readerEntries AS entry
         LEFT JOIN results AS result USING (resultSequence) LEFT JOIN readerEntries AS withdrawn ON withdrawn.sequence = entry.withdraws
       WHERE ifnull(result.studyKey, withdrawn.studyKey) IS NOT entry.studyKey
         OR entry.withdraws >= entry.sequence OR withdrawn.kind = 'withdrawn'
         OR entry.afterDecision > (SELECT ifnull(max(sequence), 0) FROM decisions)`,
    ],
    ['order of operating points', `SELECT max(sequence) AS place FROM operatingPointSettings HAVING count(*) <> max(sequence)`],
  ]
  for (const [what, sql] of rules) {
    for (const { place } of db.all<{ place: number }>(sql)) found('row', String(place), `${what} does not agree`)
  }
  for (const { studyKey } of db.all<{ studyKey: number }>('SELECT DISTINCT studyKey FROM readerEntries')) {
    try {
      listReaderEntries(db, studyKey)
    } catch (error) {
      if (error instanceof OverreadError) throw error
      found('row', String(studyKey), 'an entry of a reader is not of its form')
    }
  }
  for (const { resultId } of db.all<{ resultId: string }>('SELECT resultId FROM results')) {
    try {
      if (!analysisResultSchema.safeParse(readResult(db, resultId)).success) found('row', resultId, 'result is not of its form')
    } catch (error) {
      if (error instanceof OverreadError) throw error
      found('row', resultId, 'result cannot be read')
    }
  }
}

function factsFault(db: ReadableDb, instanceKey: number): string | null {
  const row = db.first<{ facts: string; sopInstanceUid: string; seriesInstanceUid: string; studyInstanceUid: string }>(
    `SELECT facts, sopInstanceUid, seriesInstanceUid, studyInstanceUid
     FROM instances JOIN instanceFacts USING (instanceKey) JOIN series USING (seriesKey) JOIN studies ON studies.studyKey = series.studyKey
     WHERE instanceKey = ?`,
    [instanceKey],
  )
  if (!row) return null
  try {
    const facts = instanceFactsSchema.safeParse(JSON.parse(row.facts))
    if (!facts.success) return 'facts are not of their form'
    const agrees = (['sopInstanceUid', 'seriesInstanceUid', 'studyInstanceUid'] as const).every((key) => facts.data[key] === row[key])
    return agrees ? null : 'facts belong to another object'
  } catch {
    return 'facts cannot be read'
  }
}

/** What is wrong with a file, or null. It is read by 4 MiB. */
function faultOf(path: string, expected: string, size: number, chunks?: readonly string[]): string | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the file is missing' : 'the file cannot be opened'
  }
  try {
    const whole = createHash('sha256')
    const buffer = new Uint8Array(chunkBytes)
    const broken: number[] = []
    let read = 0
    for (let index = 0; ; index++) {
      let filled = 0
      for (let count = -1; filled < chunkBytes && count !== 0; filled += count)
        count = readSync(file, buffer, filled, chunkBytes - filled, null)
      const chunk = buffer.subarray(0, filled)
      if (filled > 0 || index === 0) {
        whole.update(chunk)
        if (chunks && sha256(chunk) !== chunks[index]) broken.push(index)
      }
      read += filled
      if (filled < chunkBytes) break
    }
    if (read !== size) return `the file has ${read} bytes, stored were ${size}`
    if (whole.digest('hex') !== expected)
      return broken.length > 0 ? `the content changed, first in its ${broken[0]! + 1}. part of 4 MiB` : 'the content changed'
    return broken.length > 0 || (chunks && chunks.length !== Math.max(1, Math.ceil(size / chunkBytes)))
      ? 'the hashes of its parts do not agree'
      : null
  } catch {
    return 'the file cannot be read to its end'
  } finally {
    closeSync(file)
  }
}

function unreferenced(root: string, rows: readonly { sha256: string }[]): number {
  const named = new Set(rows.map((row) => row.sha256))
  let count = 0
  for (const folder of readdirSync(root, { withFileTypes: true })) {
    if (!folder.isDirectory()) {
      count++
      continue
    }
    for (const name of readdirSync(join(root, folder.name))) if (!named.has(basename(name))) count++
  }
  return count
}
