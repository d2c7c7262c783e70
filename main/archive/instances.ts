/** Taking staged objects into the archive: acknowledged means on disk and listed; nothing half. */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { OverreadError } from '../../contracts/errors'
import { syncFolder } from '../base/atomic-write'
import { freeBytes } from '../base/free-space'
import { refreshAiState } from './ai-state'
import type { WritableDb } from './database'
import { hashedPath, temporaryPath, type ArchiveLayout } from './layout'
import { reservedBytes, type StagedFile } from './staging'
import { seriesKeyOf, studyKeyOf, summarise } from './studies'

export interface IncomingInstance extends StagedFile {
  readonly facts: InstanceFacts
  /** The file's own name, for the report of what was kept out. */
  readonly sourceName: string
}

/** `known`: the same content is there. `conflict`: the identifier is there with other content; kept out, and recorded. */
export type StoreOutcome = 'stored' | 'known' | 'conflict'
export interface StoredInstance {
  readonly outcome: StoreOutcome
  /** The study that holds the identifier. */
  readonly studyKey: number
}

interface KnownInstance {
  readonly sha256: string
  readonly studyKey: number
}

/**
 * Moves staged files into `objects/` and lists them, in one transaction. When it returns, all
 * of the batch survives a power cut; when it throws, none of it is listed.
 *
 * @throws OverreadError 'archive.disk-full', 'archive.unwritable'
 */
export function storeInstances(db: WritableDb, layout: ArchiveLayout, batch: readonly IncomingInstance[]): StoredInstance[] {
  if (freeBytes(layout.folder) < reservedBytes) {
    discard(layout, batch)
    throw new OverreadError('archive.disk-full')
  }
  const moved: IncomingInstance[] = []
  try {
    const fresh = selectFresh(db, batch)
    moveToObjects(layout, [...fresh.values()], moved)
    return db.transaction(() => list(db, batch, fresh))
  } catch (error) {
    removeUnlisted(db, layout, moved)
    throw error
  } finally {
    const gone = new Set(moved)
    discard(
      layout,
      batch.filter((item) => !gone.has(item)),
    )
  }
}

/** The first of each identifier that the archive does not hold. */
function selectFresh(db: WritableDb, batch: readonly IncomingInstance[]): Map<string, IncomingInstance> {
  const fresh = new Map<string, IncomingInstance>()
  for (const item of batch) {
    const uid = item.facts.sopInstanceUid
    if (!fresh.has(uid) && !find(db, uid)) fresh.set(uid, item)
  }
  return fresh
}

function find(db: WritableDb, sopInstanceUid: string): KnownInstance | undefined {
  return db.first<KnownInstance>('SELECT sha256, studyKey FROM instances JOIN series USING (seriesKey) WHERE sopInstanceUid = ?', [
    sopInstanceUid,
  ])
}

function moveToObjects(layout: ArchiveLayout, items: readonly IncomingInstance[], moved: IncomingInstance[]): void {
  const folders = new Set<string>()
  let made = false
  for (const item of items) {
    const from = temporaryPath(layout, item.temporary)
    if (statSync(from).size !== item.size) throw new OverreadError('internal', 'a staged file has not the size it was staged with')
    const to = hashedPath(layout.objects, item.sha256)
    const folder = dirname(to)
    if (!folders.has(folder) && mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) made = true
    folders.add(folder)
    // An unlisted file of that name, left by a kill, is replaced by what was hashed now.
    renameSync(from, to)
    moved.push(item)
  }
  for (const folder of folders) syncFolder(folder)
  if (made) syncFolder(layout.objects)
}

function list(db: WritableDb, batch: readonly IncomingInstance[], fresh: ReadonlyMap<string, IncomingInstance>): StoredInstance[] {
  const now = new Date().toISOString()
  const touched = new Set<number>()
  const outcomes = batch.map((item): StoredInstance => {
    const known = find(db, item.facts.sopInstanceUid)
    if (!known) {
      if (fresh.get(item.facts.sopInstanceUid) !== item) throw new OverreadError('internal', 'an object was listed twice')
      const studyKey = insert(db, item, now)
      touched.add(studyKey)
      return { outcome: 'stored', studyKey }
    }
    if (known.sha256 === item.sha256) return { outcome: 'known', studyKey: known.studyKey }
    db.run(
      `INSERT INTO conflicts (sopInstanceUid, storedSha256, offeredSha256, sourceName, seenAt) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [item.facts.sopInstanceUid, known.sha256, item.sha256, item.sourceName.slice(0, 1024), now],
    )
    return { outcome: 'conflict', studyKey: known.studyKey }
  })
  for (const studyKey of touched) {
    summarise(db, studyKey)
    refreshAiState(db, studyKey)
  }
  return outcomes
}

function insert(db: WritableDb, item: IncomingInstance, now: string): number {
  const { facts } = item
  const studyKey = studyKeyOf(db, facts, now)
  const seriesKey = seriesKeyOf(db, studyKey, facts)
  const frames = facts.image?.numberOfFrames ?? 0
  const chunks = Buffer.concat(item.chunks.map((chunk) => Buffer.from(chunk, 'hex')))
  const { instanceKey } = db.first<{ instanceKey: number }>(
    `INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, tiled, storedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING instanceKey`,
    [seriesKey, facts.sopInstanceUid, item.sha256, item.size, chunks, frames, facts.image?.mosaic ? 1 : 0, now],
  )!
  db.run('INSERT INTO instanceFacts (instanceKey, facts) VALUES (?, ?)', [instanceKey, JSON.stringify(facts)])
  db.run('UPDATE series SET instanceCount = instanceCount + 1, frameCount = frameCount + ? WHERE seriesKey = ?', [frames, seriesKey])
  db.run('UPDATE studies SET instanceCount = instanceCount + 1 WHERE studyKey = ?', [studyKey])
  return studyKey
}

/** After a failure files without a row would only take space. A failed commit may have reached the disk, so each row is looked for. */
function removeUnlisted(db: WritableDb, layout: ArchiveLayout, moved: readonly IncomingInstance[]): void {
  try {
    for (const item of moved) {
      if (!find(db, item.facts.sopInstanceUid)) rmSync(hashedPath(layout.objects, item.sha256), { force: true })
    }
  } catch {
    // The first fault is the one to report; unlisted files do no harm.
  }
}

function discard(layout: ArchiveLayout, batch: readonly IncomingInstance[]): void {
  for (const item of batch) rmSync(temporaryPath(layout, item.temporary), { force: true })
}
