/** What became of objects that came again and were not the same: corrected headers, and other pixels that were kept out. */
import { basename } from 'node:path'
import type { HeaderChange, StudyEvent } from '../../contracts/worklist'
import type { ReadableDb } from './database'

/** Events, and names of files, that a study lists. */
const eventsListed = 50
const filesListed = 10

/** Offers that are in the archive by now, as a correction or after the first one went, are no conflict any more. */
const stillKeptOut = `NOT EXISTS (SELECT 1 FROM instances
    WHERE instances.studyKey = conflicts.studyKey AND instances.sopInstanceUid = conflicts.sopInstanceUid AND instances.sha256 = offeredSha256)
  AND NOT EXISTS (SELECT 1 FROM headerCorrections AS former
    WHERE former.studyKey = conflicts.studyKey AND former.sopInstanceUid = conflicts.sopInstanceUid AND former.sha256 = offeredSha256)`

/** The latest last; corrections that say the same are one. */
export function studyHistory(db: ReadableDb, studyKey: number): StudyEvent[] {
  const corrections = db
    .all<{ changed: string; objects: number; at: string }>(
      `SELECT changed, count(DISTINCT instanceKey) AS objects, max(correctedAt) AS at, max(correctionSequence) AS last
       FROM headerCorrections WHERE studyKey = ? GROUP BY changed ORDER BY last DESC LIMIT ${eventsListed}`,
      [studyKey],
    )
    .reverse()
    .map(({ changed, objects, at }): StudyEvent => ({
      event: 'header-corrected',
      objects,
      changes: JSON.parse(changed) as HeaderChange[],
      at,
    }))
  const keptOut = db.all<{ sourceName: string; seenAt: string }>(
    `SELECT sourceName, seenAt FROM conflicts WHERE studyKey = ? AND ${stillKeptOut} ORDER BY conflictKey`,
    [studyKey],
  )
  if (keptOut.length === 0) return corrections
  const files = keptOut.slice(0, filesListed).map(({ sourceName }) => basename(sourceName))
  return [...corrections, { event: 'kept-out', objects: keptOut.length, files, at: keptOut.at(-1)!.seenAt }]
}

/** By study: objects whose header was corrected. */
export function correctedCounts(db: ReadableDb, studyKeys: string): Map<number, number> {
  return counts(
    db,
    `SELECT studyKey, count(DISTINCT instanceKey) AS count FROM headerCorrections
     WHERE studyKey IN (SELECT value FROM json_each(?)) GROUP BY studyKey`,
    studyKeys,
  )
}

/** By study: objects kept out. */
export function keptOutCounts(db: ReadableDb, studyKeys: string): Map<number, number> {
  return counts(
    db,
    `SELECT studyKey, count(*) AS count FROM conflicts
     WHERE studyKey IN (SELECT value FROM json_each(?)) AND ${stillKeptOut} GROUP BY studyKey`,
    studyKeys,
  )
}

/** @param studyKeys JSON */
function counts(db: ReadableDb, sql: string, studyKeys: string): Map<number, number> {
  return new Map(db.all<{ studyKey: number; count: number }>(sql, [studyKeys]).map(({ studyKey, count }) => [studyKey, count]))
}
