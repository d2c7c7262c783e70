/** The AI state kept with a study: written from the view `studyAi` whenever a job, result, decision or entry of it changed. */
import { OverreadError } from '../../contracts/errors'
import type { AiState } from '../../contracts/worklist'
import type { ReadableDb, WritableDb } from './database'

/** Sorted by AI state, what asks for the reader comes first. */
export const aiStateOrder: readonly AiState['state'][] = [
  'findings',
  'running',
  'queued',
  'failed',
  'partial',
  'stale',
  'overridden',
  'untrusted',
  'missed',
  'reviewed',
  'agreed',
  'no-finding',
  'refused',
  'not-run',
]

const rank = `CASE aiState ${aiStateOrder.map((state, index) => `WHEN '${state}' THEN ${index + 1}`).join(' ')} END`

export function refreshAiState(db: WritableDb, studyKey: number): void {
  db.run(
    `UPDATE studies SET (aiState, aiDone, aiTotal, aiMissed, aiRank) =
       (SELECT aiState, aiDone, aiTotal, aiMissed, ${rank} FROM studyAi WHERE studyAi.studyKey = studies.studyKey)
     WHERE studyKey = ?`,
    [studyKey],
  )
}

export interface AiStateColumns {
  readonly aiState: string
  readonly aiDone: number
  readonly aiTotal: number
}

/** The newest result of a study that another version or other weights made. */
export interface StaleVersions {
  readonly by: string
  readonly active: string
}

export function aiStateOf({ aiState, aiDone: done, aiTotal: total }: AiStateColumns, stale: StaleVersions | undefined): AiState {
  switch (aiState) {
    case 'not-run':
    case 'queued':
    case 'refused':
    case 'failed':
    case 'no-finding':
    case 'agreed':
      return { state: aiState }
    case 'running':
    case 'partial':
      return { state: aiState, done, total }
    case 'stale':
      return { state: aiState, by: stale?.by ?? '', active: stale?.active ?? '' }
    case 'findings':
    case 'missed':
      return { state: aiState, count: total }
    case 'reviewed':
    case 'overridden':
    case 'untrusted':
      return { state: aiState, decided: done, count: total }
    default:
      throw new OverreadError('archive.damaged', 'unknown AI state')
  }
}

/** By study, of those among these keys that show one. */
export function staleVersions(db: ReadableDb, keys: readonly number[]): ReadonlyMap<number, StaleVersions> {
  if (keys.length === 0) return new Map()
  const rows = db.all<StaleVersions & { studyKey: number }>(
    `SELECT result.studyKey, version AS by, activeVersion AS active
     FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
     WHERE stale AND result.studyKey IN (SELECT value FROM json_each(?)) ORDER BY resultSequence`,
    [JSON.stringify(keys)],
  )
  return new Map(rows.map(({ studyKey, by, active }) => [studyKey, { by, active }]))
}
