/** What readers enter beside decisions: appended, in order of arrival, never changed. */
import type { ModelReference } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import {
  readerEntrySchema,
  type EntryOutline,
  type ModelCounts,
  type NewReaderEntry,
  type ReaderEntry,
} from '../../contracts/reader-entries'
import { refreshAiState } from './ai-state'
import type { ReadableDb, SqlValue, WritableDb } from './database'

interface EntryRow {
  readonly sequence: number
  readonly entryId: string
  readonly studyKey: number
  readonly kind: ReaderEntry['kind']
  readonly afterDecision: number
  readonly reader: string
  readonly enteredAt: string
  readonly resultId: string | null
  readonly seriesInstanceUid: string | null
  readonly stack: string | null
  readonly model: string | null
  readonly sopInstanceUid: string | null
  readonly frameIndex: number | null
  readonly outline: string | null
  readonly withdraws: string | null
}

const select = `
  SELECT entry.sequence, entry.entryId, entry.studyKey, entry.kind, entry.afterDecision, entry.reader, entry.enteredAt,
    result.resultId, series.seriesInstanceUid, result.stack, json_extract(result.head, '$.model') AS model,
    entry.sopInstanceUid, entry.frameIndex, entry.outline, withdrawn.entryId AS withdraws
  FROM readerEntries AS entry
    LEFT JOIN results AS result USING (resultSequence)
    LEFT JOIN series ON series.seriesKey = result.seriesKey
    LEFT JOIN readerEntries AS withdrawn ON withdrawn.sequence = entry.withdraws`

/**
 * Appends an entry. The same `entryId` twice is one, so a window may repeat a request whose answer it lost.
 *
 * @throws OverreadError 'request.unknown' for a result, picture or entry that the study does not hold;
 * 'entry.not-read' for a miss on a picture that the network has not read;
 * 'entry.findings' for an agreement with a result that has not ended, or found something, or looked for nothing;
 * 'request.invalid' when the id already stands for another entry, or the one to withdraw was withdrawn.
 */
export function addReaderEntry(db: WritableDb, studyKey: number, entry: NewReaderEntry, reader: string, now = new Date()): ReaderEntry {
  return db.transaction(() => {
    const known = db.first<EntryRow>(`${select} WHERE entry.entryId = ?`, [entry.entryId])
    if (known) {
      if (known.studyKey !== studyKey || !isSame(toEntry(known), entry))
        throw new OverreadError('request.invalid', 'the id stands for another entry')
      return toEntry(known)
    }
    const { sequence, afterDecision } = db.first<{ sequence: number; afterDecision: number }>(
      `SELECT (SELECT ifnull(max(sequence), 0) + 1 FROM readerEntries) AS sequence, (SELECT ifnull(max(sequence), 0) FROM decisions) AS afterDecision`,
    )!
    db.run(
      `INSERT INTO readerEntries (sequence, entryId, studyKey, kind, resultSequence, sopInstanceUid, frameIndex, outline, withdraws, afterDecision, reader, enteredAt)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [sequence, entry.entryId, studyKey, entry.kind, ...subjectOf(db, studyKey, entry), afterDecision, reader, now.toISOString()],
    )
    refreshAiState(db, studyKey)
    return toEntry(db.first<EntryRow>(`${select} WHERE entry.sequence = ?`, [sequence])!)
  })
}

/** Every entry on a study, in the order they were made. */
export function listReaderEntries(db: ReadableDb, studyKey: number): ReaderEntry[] {
  return db.all<EntryRow>(`${select} WHERE entry.studyKey = ? ORDER BY entry.sequence`, [studyKey]).map(toEntry)
}

/** What readers said of each version of each model, over the whole archive. */
export function countByModel(db: ReadableDb): ModelCounts[] {
  const rows = db.all<Omit<ModelCounts, 'model'> & { model: string }>(`
    SELECT json_extract(head, '$.model') AS model,
      count(*) AS results,
      sum((SELECT count(*) FROM findings WHERE findings.resultSequence = result.resultSequence AND above = 1)) AS findings,
      sum((SELECT count(*) FROM findings JOIN standingDecisions USING (findingKey)
        WHERE findings.resultSequence = result.resultSequence AND above = 1 AND verdict = 'accepted')) AS accepted,
      sum((SELECT count(*) FROM findings JOIN standingDecisions USING (findingKey)
        WHERE findings.resultSequence = result.resultSequence AND above = 1 AND verdict = 'rejected')) AS rejected,
      sum((SELECT count(*) FROM standingEntries AS entry WHERE entry.resultSequence = result.resultSequence AND kind = 'missed')) AS missed,
      sum((SELECT count(*) FROM standingEntries AS entry WHERE entry.resultSequence = result.resultSequence AND kind = 'nothing-found')) AS nothingFound
    FROM results AS result JOIN resultEnds USING (resultSequence)
    GROUP BY modelId, json_extract(head, '$.model.version'), json_extract(head, '$.model.sha256')
    ORDER BY modelId, min(resultSequence)`)
  return rows.map(({ model, ...counts }) => ({ model: JSON.parse(model) as ModelReference, ...counts }))
}

type Subject = [resultSequence: SqlValue, sopInstanceUid: SqlValue, frameIndex: SqlValue, outline: SqlValue, withdraws: SqlValue]

function subjectOf(db: ReadableDb, studyKey: number, entry: NewReaderEntry): Subject {
  if (entry.kind === 'withdrawn') return [null, null, null, null, withdrawable(db, studyKey, entry.withdraws)]
  const result = db.first<{ resultSequence: number; ended: number; anyRead: number | null; looked: number; above: number }>(
    `SELECT resultSequence, ending.resultSequence IS NOT NULL AS ended, anyRead, looked,
       (SELECT count(*) FROM findings WHERE findings.resultSequence = result.resultSequence AND above = 1) AS above
     FROM results AS result JOIN resultCaveats USING (resultSequence) LEFT JOIN resultEnds AS ending USING (resultSequence)
     WHERE resultId = ? AND studyKey = ?`,
    [entry.resultId, studyKey],
  )
  if (!result) throw new OverreadError('request.unknown', 'result')
  if (entry.kind === 'nothing-found') {
    if (!result.ended || !result.anyRead || !result.looked || result.above > 0) throw new OverreadError('entry.findings')
    return [result.resultSequence, null, null, null, null]
  }
  const { sopInstanceUid, frameIndex } = entry
  const picture = db.first<{ refused: number }>(
    'SELECT refused FROM resultImages WHERE resultSequence = ? AND sopInstanceUid = ? AND frameIndex = ?',
    [result.resultSequence, sopInstanceUid, frameIndex],
  )
  if (picture?.refused !== 0 || !result.looked) throw new OverreadError('entry.not-read')
  return [result.resultSequence, sopInstanceUid, frameIndex, JSON.stringify(entry.outline), null]
}

function withdrawable(db: ReadableDb, studyKey: number, entryId: string): number {
  const entry = db.first<{ sequence: number; kind: string; withdrawn: number }>(
    `SELECT sequence, kind, EXISTS (SELECT 1 FROM readerEntries AS later WHERE later.withdraws = entry.sequence) AS withdrawn
     FROM readerEntries AS entry WHERE entryId = ? AND studyKey = ?`,
    [entryId, studyKey],
  )
  if (!entry || entry.kind === 'withdrawn') throw new OverreadError('request.unknown', 'entry')
  if (entry.withdrawn) throw new OverreadError('request.invalid', 'the entry was withdrawn before')
  return entry.sequence
}

/** Whether a repeated request asks for what is kept. */
function isSame(kept: ReaderEntry, asked: NewReaderEntry): boolean {
  const fields = kept as Readonly<Record<string, unknown>>
  return Object.entries(asked).every(([name, value]) => JSON.stringify(fields[name]) === JSON.stringify(value))
}

function toEntry(row: EntryRow): ReaderEntry {
  const { sequence, entryId, kind, afterDecision, reader, enteredAt, withdraws } = row
  const kept = { sequence, entryId, afterDecision, reader, enteredAt }
  if (kind === 'withdrawn') return readerEntrySchema.parse({ kind, ...kept, withdraws })
  const { resultId, seriesInstanceUid, stack, sopInstanceUid, frameIndex } = row
  const ofResult = { resultId, seriesInstanceUid, stack, model: JSON.parse(row.model ?? 'null') as unknown }
  if (kind === 'nothing-found') return readerEntrySchema.parse({ kind, ...kept, ...ofResult })
  const outline = JSON.parse(row.outline ?? 'null') as EntryOutline
  return readerEntrySchema.parse({ kind, ...kept, ...ofResult, sopInstanceUid, frameIndex, outline })
}
