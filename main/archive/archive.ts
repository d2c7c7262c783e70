/**
 * The archive: file store and database of one folder, and the one writer of both. Synchronous; it
 * runs in a thread of its own. Everything its methods take and return can be cloned between threads.
 */
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { AnalysisResult, Decision } from '../../contracts/analysis'
import { describeError, OverreadError, type ErrorReport } from '../../contracts/errors'
import type { ModelEvent, TrustEntry } from '../../contracts/model-store'
import type { PointSetting } from '../../contracts/operating-points'
import type { ModelCounts, NewReaderEntry, ReaderEntry } from '../../contracts/reader-entries'
import type { StudyRow } from '../../contracts/worklist'
import { setActiveModels, type ActiveModel } from './active-models'
import { connect, type Connection } from './database'
import { addDecision, listDecisions, type NewDecision } from './decisions'
import { lastCorrection } from './header-corrections'
import { storeInstances, type IncomingInstance, type StoredInstance } from './instances'
import {
  addJobs,
  listJobs,
  nextJob,
  readJob,
  recordDeath,
  requeueAfterKill,
  requeueAtEnd,
  updateJob,
  type JobChange,
  type NewJob,
  type StoredJob,
} from './jobs'
import { layoutOf, prepareFolders, sweepTemporary, type ArchiveLayout } from './layout'
import { listContents, type ListedStudy } from './listing'
import { refuseNetwork, vanishedOr, watchDatabase } from './location'
import { lockTimeoutMs, takeLock, type ArchiveLock } from './lock'
import { migrate, refuseNewer } from './migrate'
import { addModelEvents, addTrustEntry, listModelEvents, listTrustEntries, type NewModelEvent, type NewTrustEntry } from './model-store'
import { addPointSetting, listPointSettings, type NewPointSetting } from './operating-points'
import {
  discardOverlays,
  getOverlay,
  stageOverlays,
  type Overlay,
  type OverlayBytes,
  type IncomingOverlay,
  type OverlayKey,
} from './overlays'
import { quickFault } from './quick-check'
import { addReaderEntry, countByModel, listReaderEntries } from './reader-entries'
import { connectForReading } from './reading'
import { appendImages, appendResult, beginResult, finishResult, listResults, readResult, type ResultEnd, type ResultHead } from './results'
import { storageError } from './storage-error'
import { renewStudies } from './studies'
import { instanceLocation, studyDetail, studyRow, type InstanceLocation, type StudyContents } from './study-contents'
import { threadChoiceStore, type ThreadChoice } from './thread-choices'
import { thumbnailStore, type Thumbnail } from './thumbnails'
import { listStudies, type WorklistPage, type WorklistQuery } from './worklist'

export interface OpenOptions {
  /** Beside an owner, or without one: takes no lock and refuses every write. */
  readonly readOnly?: boolean
  /** Who decides; the account of the operating system unless said. */
  readonly reader?: string
  readonly lockTimeoutMs?: number
  /** As statfs(2) states it for a folder. */
  readonly fileSystemType?: (folder: string) => number
}

export interface ImageToAppend {
  readonly image: AnalysisResult['images'][number]
  /** Staged by a worker, or as bytes. */
  readonly overlays: readonly (IncomingOverlay | OverlayBytes)[]
}

export type Archive = ReturnType<typeof methods>

/**
 * Opens an archive; makes it where there is none, unless `readOnly`.
 *
 * @throws OverreadError 'archive.in-use', 'archive.newer', 'archive.foreign', 'archive.unwritable', 'archive.network',
 * 'archive.damaged', 'archive.disk-full'; `readOnly`: 'archive.absent', 'archive.older' as well.
 */
export function openArchive(folder: string, options: OpenOptions = {}): Archive {
  const layout = layoutOf(resolve(folder))
  return options.readOnly ? methods(connectForReading(layout), layout, null, '') : openAsOwner(layout, options)
}

function openAsOwner(layout: ArchiveLayout, options: OpenOptions): Archive {
  let lock: ArchiveLock | undefined
  let db: Connection | undefined
  try {
    refuseNetwork(layout.folder, options.fileSystemType)
    prepareFolders(layout)
    lock = takeLock(layout.lock, options.lockTimeoutMs ?? lockTimeoutMs)
    db = connect(layout.database)
    // Before anything in it changes.
    refuseNewer(db)
    sweepTemporary(layout)
    db.all('PRAGMA journal_mode = WAL')
    // FULL: a transaction that returned survives a power cut, not only a kill.
    db.exec('PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768')
    migrate(db, layout, undefined, renewStudies)
    requeueAfterKill(db, { code: 'engine.stopped', message: describeError('engine.stopped') })
    return methods(db, layout, lock, options.reader ?? userInfo().username)
  } catch (error) {
    db?.close()
    lock?.release()
    throw storageError(error)
  }
}

function methods(db: Connection, layout: ArchiveLayout, lock: ArchiveLock | null, reader: string) {
  const thumbnails = thumbnailStore(layout)
  const threads = threadChoiceStore(layout)
  const readOnly = lock === null
  const ensureThere = watchDatabase(layout)

  const reading =
    <A extends unknown[], R>(action: (...parameters: A) => R) =>
    (...parameters: A): R => {
      try {
        return action(...parameters)
      } catch (error) {
        throw storageError(vanishedOr(error, layout))
      }
    }
  const writing = <A extends unknown[], R>(action: (...parameters: A) => R) =>
    reading((...parameters: A): R => {
      if (readOnly) throw new OverreadError('archive.in-use', 'opened for reading')
      ensureThere()
      return action(...parameters)
    })

  /** A small picture of pixels whose header was corrected since is made anew. */
  const versioned = (studyKey: number, stackKey: string): string => {
    const corrections = lastCorrection(db, studyKey)
    return corrections === 0 ? stackKey : `${stackKey} ${corrections}`
  }

  return {
    folder: layout.folder,

    storeInstances: writing((batch: readonly IncomingInstance[]): StoredInstance[] => storeInstances(db, layout, batch)),

    listStudies: reading((query: WorklistQuery): WorklistPage => listStudies(db, query)),
    studyRow: reading((studyKey: number): StudyRow => studyRow(db, studyKey)),
    studyDetail: reading((studyKey: number): StudyContents => studyDetail(db, layout, studyKey)),
    instanceLocation: reading((studyKey: number, sopInstanceUid: string): InstanceLocation => {
      ensureThere()
      return instanceLocation(db, layout, studyKey, sopInstanceUid)
    }),
    list: reading((): ListedStudy[] => listContents(db)),

    putThumbnail: writing((studyKey: number, stackKey: string, thumbnail: Thumbnail): void =>
      thumbnails.put(studyKey, versioned(studyKey, stackKey), thumbnail),
    ),
    getThumbnail: reading((studyKey: number, stackKey: string): Thumbnail | null =>
      thumbnails.get(studyKey, versioned(studyKey, stackKey)),
    ),

    putThreads: writing((sha256: string, processor: string, choice: ThreadChoice): void => threads.put(sha256, processor, choice)),
    getThreads: reading((sha256: string, processor: string): ThreadChoice | null => threads.get(sha256, processor)),

    appendResult: writing((studyKey: number, result: AnalysisResult): void => appendResult(db, layout, studyKey, result)),
    beginResult: writing((studyKey: number, head: ResultHead): void => beginResult(db, studyKey, head)),
    appendImages: writing((resultId: string, images: readonly ImageToAppend[]): void => {
      const staged = images.map(({ image, overlays }) => ({ image, overlays: stageOverlays(layout, overlays) }))
      try {
        appendImages(db, layout, resultId, staged)
      } finally {
        for (const { overlays } of staged) discardOverlays(layout, overlays)
      }
    }),
    finishResult: writing((resultId: string, end: ResultEnd): void => finishResult(db, resultId, end)),
    readResult: reading((resultId: string): AnalysisResult => readResult(db, resultId)),
    listResults: reading((studyKey: number): { results: AnalysisResult[]; decisions: Decision[]; entries: ReaderEntry[] } => ({
      results: listResults(db, studyKey),
      decisions: listDecisions(db, studyKey),
      entries: listReaderEntries(db, studyKey),
    })),
    getOverlay: reading((studyKey: number, key: OverlayKey): Overlay | null => getOverlay(db, layout, studyKey, key)),

    addDecision: writing((studyKey: number, decision: Omit<NewDecision, 'reader'>): Decision =>
      addDecision(db, studyKey, { ...decision, reader }),
    ),

    addReaderEntry: writing((studyKey: number, entry: NewReaderEntry): ReaderEntry => addReaderEntry(db, studyKey, entry, reader)),
    countByModel: reading((): ModelCounts[] => countByModel(db)),

    setActiveModels: writing((models: readonly ActiveModel[]): number[] => setActiveModels(db, models)),

    addPointSetting: writing((setting: Omit<NewPointSetting, 'reader'>): PointSetting => addPointSetting(db, { ...setting, reader })),
    listPointSettings: reading((modelId: string): PointSetting[] => listPointSettings(db, modelId)),

    addModelEvents: writing((events: readonly Omit<NewModelEvent, 'by'>[]): ModelEvent[] =>
      addModelEvents(
        db,
        events.map((event) => ({ ...event, by: reader })),
      ),
    ),
    listModelEvents: reading((): ModelEvent[] => listModelEvents(db)),
    addTrustEntry: writing((entry: Omit<NewTrustEntry, 'by'>): TrustEntry => addTrustEntry(db, { ...entry, by: reader })),
    listTrustEntries: reading((): TrustEntry[] => listTrustEntries(db)),

    /** @throws OverreadError 'archive.vanished' where the folder is not the one that was opened. */
    ensureThere: reading(ensureThere),
    quickCheck: reading((): string | null => quickFault(db)),

    addJobs: writing((requestId: string, jobs: readonly NewJob[]): StoredJob[] => addJobs(db, requestId, jobs)),
    readJob: reading((jobId: string): StoredJob => readJob(db, jobId)),
    listJobs: reading((studyKey: number): StoredJob[] => listJobs(db, studyKey)),
    nextJob: reading((): StoredJob | null => nextJob(db)),
    updateJob: writing((jobId: string, change: JobChange): StoredJob => updateJob(db, jobId, change)),
    recordDeath: writing((jobId: string, error: ErrorReport): StoredJob => recordDeath(db, jobId, error)),

    /** Ends in order: running jobs are queued again, the log of the database is folded in, the lock is freed. */
    close(): void {
      try {
        if (!readOnly) {
          requeueAtEnd(db)
          db.all('PRAGMA wal_checkpoint(TRUNCATE)')
        }
      } catch {
        // On a full disk. Nothing is lost: the next start does both.
      } finally {
        db.close()
        lock?.release()
      }
    },
  }
}
