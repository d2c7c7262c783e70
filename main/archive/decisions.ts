/** What readers decided: appended, in order of arrival, never changed. */
import { decisionSchema, type Decision } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import { refreshAiState } from './ai-state'
import type { ReadableDb, WritableDb } from './database'

export interface NewDecision {
  readonly decisionId: string
  readonly findingId: string
  readonly verdict: Decision['verdict']
  readonly comment: string
  readonly reader: string
}

const columns = `SELECT sequence, decisionId, findingId, verdict, comment, reader, decidedAt FROM decisions JOIN findings USING (findingKey)`

/**
 * Appends a decision. The same `decisionId` twice is one, so a window may repeat a request whose answer it lost.
 *
 * @throws OverreadError 'request.unknown' for a finding that the study does not hold;
 * 'request.invalid' when the id already stands for another decision.
 */
export function addDecision(db: WritableDb, studyKey: number, decision: NewDecision, now = new Date()): Decision {
  return db.transaction(() => {
    const known = db.first<Decision>(`${columns} WHERE decisionId = ?`, [decision.decisionId])
    if (known) {
      const same = known.findingId === decision.findingId && known.verdict === decision.verdict && known.comment === decision.comment
      if (!same) throw new OverreadError('request.invalid', 'the id stands for another decision')
      return known
    }
    const finding = db.first<{ findingKey: number }>(
      'SELECT findingKey FROM findings JOIN results USING (resultSequence) WHERE findingId = ? AND studyKey = ?',
      [decision.findingId, studyKey],
    )
    if (!finding) throw new OverreadError('request.unknown', 'finding')
    const { sequence } = db.first<{ sequence: number }>('SELECT ifnull(max(sequence), 0) + 1 AS sequence FROM decisions')!
    const added = decisionSchema.parse({ ...decision, sequence, decidedAt: now.toISOString() })
    db.run('INSERT INTO decisions (sequence, decisionId, findingKey, verdict, comment, reader, decidedAt) VALUES (?, ?, ?, ?, ?, ?, ?)', [
      added.sequence,
      added.decisionId,
      finding.findingKey,
      added.verdict,
      added.comment,
      added.reader,
      added.decidedAt,
    ])
    refreshAiState(db, studyKey)
    return added
  })
}

/** Every decision on findings of a study, in the order they were made. */
export function listDecisions(db: ReadableDb, studyKey: number): Decision[] {
  return db.all<Decision>(`${columns} JOIN results USING (resultSequence) WHERE studyKey = ? ORDER BY sequence`, [studyKey])
}
