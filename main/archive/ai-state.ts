/** The AI state kept with a study: written from the view `studyAi` whenever a job, result or decision of it changed. */
import { OverreadError } from '../../contracts/errors'
import type { AiState } from '../../contracts/worklist'
import type { WritableDb } from './database'

/** Sorted by AI state, what asks for the reader comes first. */
export const aiStateOrder: readonly AiState['state'][] = [
  'findings',
  'running',
  'queued',
  'failed',
  'partial',
  'reviewed',
  'no-finding',
  'refused',
  'not-run',
]

const rank = `CASE aiState ${aiStateOrder.map((state, index) => `WHEN '${state}' THEN ${index + 1}`).join(' ')} END`

export function refreshAiState(db: WritableDb, studyKey: number): void {
  db.run(
    `UPDATE studies SET (aiState, aiDone, aiTotal, aiRank) =
       (SELECT aiState, aiDone, aiTotal, ${rank} FROM studyAi WHERE studyAi.studyKey = studies.studyKey)
     WHERE studyKey = ?`,
    [studyKey],
  )
}

export interface AiStateColumns {
  readonly aiState: string
  readonly aiDone: number
  readonly aiTotal: number
}

export function aiStateOf({ aiState, aiDone: done, aiTotal: total }: AiStateColumns): AiState {
  switch (aiState) {
    case 'not-run':
    case 'queued':
    case 'refused':
    case 'failed':
    case 'no-finding':
      return { state: aiState }
    case 'running':
    case 'partial':
      return { state: aiState, done, total }
    case 'findings':
      return { state: aiState, count: total }
    case 'reviewed':
      return { state: aiState, decided: done, count: total }
    default:
      throw new OverreadError('archive.damaged', 'unknown AI state')
  }
}
