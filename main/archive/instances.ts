/** Taking staged objects into the archive: acknowledged means on disk and listed; nothing half. */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { OverreadError } from '../../contracts/errors'
import type { HeaderChange } from '../../contracts/worklist'
import { syncFolder } from '../base/atomic-write'
import { freeBytes } from '../base/free-space'
import { refreshAiState } from './ai-state'
import type { ReadableDb, WritableDb } from './database'
import { compareFiles, correctHeader, isFormerVersion, type StoredVersion } from './header-corrections'
import { hashedPath, temporaryPath, type ArchiveLayout } from './layout'
import { reservedBytes, type StagedFile } from './staging'
import { identityOf, seriesKeyOf, studyKeyOf, summarise } from './studies'

export interface IncomingInstance extends StagedFile {
  readonly facts: InstanceFacts
  /** The file's own name, for the report of what was kept out. */
  readonly sourceName: string
}

/**
 * `known`: the study holds the same, or what gave way to a correction. `corrected`: the same pixels under another header,
 * which is in force from now on. `conflict`: the study holds the identifier with other pixels; kept out, and recorded.
 */
export type StoreOutcome = 'stored' | 'known' | 'corrected' | 'conflict'
export interface StoredInstance {
  readonly outcome: StoreOutcome
  /** The study that holds the identifier. */
  readonly studyKey: number
}

interface KnownInstance extends StoredVersion {
  readonly sha256: string
  readonly seriesInstanceUid: string
}

type Ruling =
  | { readonly outcome: 'stored' }
  | { readonly outcome: 'known' | 'conflict'; readonly known: KnownInstance }
  | { readonly outcome: 'corrected'; readonly known: KnownInstance; readonly changes: readonly HeaderChange[] }

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
    return db.transaction(() => {
      const outcomes = new Map<IncomingInstance, StoredInstance>()
      for (const round of roundsOf(batch)) storeRound(db, layout, round, moved, outcomes)
      return batch.map((item) => outcomes.get(item)!)
    })
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

/** What stands for an identifier within a study, before the study has a key. */
function identifierOf({ facts }: IncomingInstance): string {
  return JSON.stringify([facts.sopInstanceUid, facts.studyInstanceUid, ...identityOf(facts.patient)])
}

/** Almost always one: a round holds an identifier once, so that what comes again meets what came before it. */
function roundsOf(batch: readonly IncomingInstance[]): IncomingInstance[][] {
  const rounds: IncomingInstance[][] = []
  const taken = new Map<string, number>()
  for (const item of batch) {
    const identifier = identifierOf(item)
    const round = taken.get(identifier) ?? 0
    taken.set(identifier, round + 1)
    ;(rounds[round] ??= []).push(item)
  }
  return rounds
}

function storeRound(
  db: WritableDb,
  layout: ArchiveLayout,
  round: readonly IncomingInstance[],
  moved: IncomingInstance[],
  outcomes: Map<IncomingInstance, StoredInstance>,
): void {
  const rulings = new Map(round.map((item) => [item, rule(db, layout, item)]))
  const outcomeOf = (item: IncomingInstance) => rulings.get(item)!.outcome
  moveToObjects(
    layout,
    round.filter((item) => outcomeOf(item) === 'stored' || outcomeOf(item) === 'corrected'),
    moved,
  )
  const now = new Date().toISOString()
  const touched = new Set<number>()
  for (const [item, ruling] of rulings) {
    const studyKey = ruling.outcome === 'stored' ? insert(db, item, now) : ruling.known.studyKey
    outcomes.set(item, { outcome: ruling.outcome, studyKey })
    if (ruling.outcome === 'corrected') correct(db, item, ruling.known, ruling.changes, now)
    if (ruling.outcome === 'conflict') keepOut(db, item, ruling.known, now)
    if (ruling.outcome === 'known' && ruling.known.sha256 === item.sha256) heal(layout, item)
    if (ruling.outcome === 'stored' || ruling.outcome === 'corrected') touched.add(studyKey)
  }
  for (const studyKey of touched) {
    summarise(db, studyKey)
    refreshAiState(db, studyKey)
  }
}

function rule(db: ReadableDb, layout: ArchiveLayout, item: IncomingInstance): Ruling {
  const known = find(db, item.facts)
  if (!known) return { outcome: 'stored' }
  if (known.sha256 === item.sha256 || isFormerVersion(db, known.instanceKey, item.sha256)) return { outcome: 'known', known }
  // What moved to another series of its study cannot be told from a copy with a borrowed identifier.
  if (known.seriesInstanceUid !== item.facts.seriesInstanceUid) return { outcome: 'conflict', known }
  const comparison = compareFiles(hashedPath(layout.objects, known.sha256), temporaryPath(layout, item.temporary))
  if (!comparison?.samePixels) return { outcome: 'conflict', known }
  // Archives and media write the same object in many ways.
  return comparison.changed.length === 0 ? { outcome: 'known', known } : { outcome: 'corrected', known, changes: comparison.changed }
}

function find(db: ReadableDb, facts: InstanceFacts): KnownInstance | undefined {
  return db.first<KnownInstance>(
    `SELECT instanceKey, instances.studyKey, seriesKey, seriesInstanceUid, sha256
     FROM instances JOIN series USING (seriesKey) JOIN studies ON studies.studyKey = instances.studyKey
     WHERE sopInstanceUid = ? AND studyInstanceUid = ? AND patientId = ? AND issuer = ? AND birthDate = ? AND sex = ?`,
    [facts.sopInstanceUid, facts.studyInstanceUid, ...identityOf(facts.patient)],
  )
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

/** The same bytes came again: they take the place of those stored, which may have been damaged since. */
function heal(layout: ArchiveLayout, item: IncomingInstance): void {
  const to = hashedPath(layout.objects, item.sha256)
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  renameSync(temporaryPath(layout, item.temporary), to)
}

function correct(db: WritableDb, item: IncomingInstance, known: KnownInstance, changes: readonly HeaderChange[], now: string): void {
  const { facts, sha256, size } = item
  const row = {
    facts,
    sha256,
    size,
    chunks: chunksOf(item),
    frames: framesOf(facts),
    tiled: tiledOf(facts),
    sourceName: sourceNameOf(item),
  }
  correctHeader(db, known, row, changes, now)
}

function keepOut(db: WritableDb, item: IncomingInstance, known: KnownInstance, now: string): void {
  db.run(
    `INSERT INTO conflicts (sopInstanceUid, storedSha256, offeredSha256, sourceName, seenAt, studyKey) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [item.facts.sopInstanceUid, known.sha256, item.sha256, sourceNameOf(item), now, known.studyKey],
  )
}

const chunksOf = ({ chunks }: IncomingInstance): Uint8Array => Buffer.concat(chunks.map((chunk) => Buffer.from(chunk, 'hex')))
const framesOf = ({ image }: InstanceFacts): number => image?.numberOfFrames ?? 0
const tiledOf = ({ image }: InstanceFacts): number => (image?.mosaic ? 1 : 0)
const sourceNameOf = ({ sourceName }: IncomingInstance): string => sourceName.slice(0, 1024)

function insert(db: WritableDb, item: IncomingInstance, now: string): number {
  const { facts } = item
  const studyKey = studyKeyOf(db, facts, now)
  const seriesKey = seriesKeyOf(db, studyKey, facts)
  const frames = framesOf(facts)
  const { instanceKey } = db.first<{ instanceKey: number }>(
    `INSERT INTO instances (studyKey, seriesKey, sopInstanceUid, sha256, size, chunks, frames, tiled, storedAt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING instanceKey`,
    [studyKey, seriesKey, facts.sopInstanceUid, item.sha256, item.size, chunksOf(item), frames, tiledOf(facts), now],
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
      if (!isListed(db, item)) rmSync(hashedPath(layout.objects, item.sha256), { force: true })
    }
  } catch {
    // The first fault is the one to report; unlisted files do no harm.
  }
}

/** In whichever study, in force or not. */
function isListed(db: ReadableDb, { facts, sha256 }: IncomingInstance): boolean {
  const identifier = [facts.sopInstanceUid, sha256]
  return (
    db.first('SELECT 1 FROM instances WHERE sopInstanceUid = ? AND sha256 = ?', identifier) !== undefined ||
    db.first('SELECT 1 FROM headerCorrections WHERE sopInstanceUid = ? AND sha256 = ?', identifier) !== undefined
  )
}

function discard(layout: ArchiveLayout, batch: readonly IncomingInstance[]): void {
  for (const item of batch) rmSync(temporaryPath(layout, item.temporary), { force: true })
}
