/** Results of networks: begun, filled picture by picture, ended. Rows are only appended. */
import { analysisResultSchema, type AnalysisResult, type ImageResult } from '../../contracts/analysis'
import { describeError, OverreadError } from '../../contracts/errors'
import { refreshAiState } from './ai-state'
import type { ReadableDb, WritableDb } from './database'
import type { ArchiveLayout } from './layout'
import { insertOverlays, type IncomingOverlay } from './overlays'
import { findSeriesKey } from './studies'

/** What is known before the first picture. */
export type ResultHead = Omit<AnalysisResult, 'images' | 'headersCorrected' | 'findings' | 'structures' | 'incomplete'>
/** What is known after the last. Fields of the head may be stated anew, as a provider can fail on the way. */
export interface ResultEnd {
  readonly incomplete: AnalysisResult['incomplete']
  /** With what the pixels of single pictures showed. */
  readonly gate: AnalysisResult['gate']
  readonly overridden: AnalysisResult['overridden']
  readonly provider: AnalysisResult['provider']
  readonly providersFailed: AnalysisResult['providersFailed']
  readonly timing: AnalysisResult['timing']
  readonly computePeakBytes: AnalysisResult['computePeakBytes']
  readonly findings: AnalysisResult['findings']
  readonly structures: AnalysisResult['structures']
  readonly notes: AnalysisResult['notes']
}
export interface ImageWithOverlays {
  readonly image: ImageResult
  readonly overlays: readonly IncomingOverlay[]
}

interface ResultRow {
  readonly resultSequence: number
  readonly studyKey: number
  readonly head: string
  readonly ending: string | null
}

const headSchema = analysisResultSchema.omit({ images: true, headersCorrected: true, findings: true, structures: true, incomplete: true })
const endSchema = analysisResultSchema.pick({
  incomplete: true,
  gate: true,
  overridden: true,
  provider: true,
  providersFailed: true,
  timing: true,
  computePeakBytes: true,
  findings: true,
  structures: true,
  notes: true,
})
const imageSchema = analysisResultSchema.shape.images.element

const resultColumns = `SELECT resultSequence, studyKey, head, ending FROM results LEFT JOIN resultEnds USING (resultSequence)`

/**
 * Begins a result. The same `resultId` twice is one, so that a job that is run again goes on with its own.
 *
 * @throws OverreadError 'archive.missing' for a series that the study does not hold.
 */
export function beginResult(db: WritableDb, studyKey: number, head: ResultHead): void {
  const checked = headSchema.parse(head)
  if (find(db, checked.resultId)) return
  const seriesKey = findSeriesKey(db, studyKey, checked.seriesInstanceUid)
  if (seriesKey === undefined) throw new OverreadError('archive.missing', 'series')
  db.run(
    `INSERT INTO results (resultId, studyKey, seriesKey, stack, modelId, wholeSeries, imagesTotal, seriesFrames, head)
     SELECT ?, ?, ?, ?, ?, ?, ?, frameCount, ? FROM series WHERE seriesKey = ?`,
    [
      checked.resultId,
      studyKey,
      seriesKey,
      checked.stack,
      checked.model.id,
      checked.requested === null ? 1 : 0,
      checked.imagesTotal,
      JSON.stringify(checked),
      seriesKey,
    ],
  )
}

/**
 * Appends pictures with their overlays, in one transaction: a picture that is listed has its overlays.
 * A picture that is there already is left as it is.
 */
export function appendImages(db: WritableDb, layout: ArchiveLayout, resultId: string, images: readonly ImageWithOverlays[]): void {
  const result = openResult(db, resultId)
  const { position } = db.first<{ position: number }>('SELECT count(*) AS position FROM resultImages WHERE resultSequence = ?', [
    result.resultSequence,
  ])!
  const place = insertOverlays(
    layout,
    images.flatMap((item) => item.overlays),
  )
  db.transaction(() => {
    images.forEach(({ image, overlays }, index) => {
      const checked = imageSchema.parse(image)
      const known = db.run(
        `INSERT INTO resultImages (resultSequence, studyKey, sopInstanceUid, frameIndex, position, refused, sha256, image)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        [
          result.resultSequence,
          result.studyKey,
          checked.sopInstanceUid,
          checked.frameIndex,
          position + index,
          checked.refused ? 1 : 0,
          checked.sha256,
          JSON.stringify(checked),
        ],
      )
      if (known > 0) for (const overlay of overlays) place(db, result.resultSequence, checked, overlay)
    })
    refreshAiState(db, result.studyKey)
  })
}

/**
 * Ends a result. From here on it takes no picture.
 *
 * @throws OverreadError 'request.invalid' when it has ended.
 */
export function finishResult(db: WritableDb, resultId: string, end: ResultEnd): void {
  const result = openResult(db, resultId)
  const { findings, ...ending } = endSchema.parse(end)
  db.transaction(() => {
    for (const finding of findings) {
      db.run('INSERT INTO findings (findingId, resultSequence, above, finding) VALUES (?, ?, ?, ?)', [
        finding.findingId,
        result.resultSequence,
        finding.above && finding.kind !== 'structure' ? 1 : 0,
        JSON.stringify(finding),
      ])
    }
    db.run(
      `INSERT INTO resultEnds (resultSequence, incompleteCode, imagesDone, anyRead, ending)
       SELECT ?1, ?2, count(*), count(*) > ifnull(sum(refused), 0), ?3 FROM resultImages WHERE resultSequence = ?1`,
      [result.resultSequence, ending.incomplete?.code ?? null, JSON.stringify(ending)],
    )
    refreshAiState(db, result.studyKey)
  })
}

/** A whole result at once. */
export function appendResult(db: WritableDb, layout: ArchiveLayout, studyKey: number, result: AnalysisResult): void {
  const { images, headersCorrected: _derived, findings, structures, incomplete, ...head } = result
  db.transaction(() => {
    beginResult(db, studyKey, head)
    appendImages(
      db,
      layout,
      result.resultId,
      images.map((image) => ({ image, overlays: [] })),
    )
    finishResult(db, result.resultId, {
      incomplete,
      findings,
      structures,
      gate: result.gate,
      overridden: result.overridden,
      provider: result.provider,
      providersFailed: result.providersFailed,
      timing: result.timing,
      computePeakBytes: result.computePeakBytes,
      notes: result.notes,
    })
  })
}

/** Every result of a study, newest first. One that has not ended holds the pictures done so far and says so. */
export function listResults(db: ReadableDb, studyKey: number): AnalysisResult[] {
  return db.all<ResultRow>(`${resultColumns} WHERE studyKey = ? ORDER BY resultSequence DESC`, [studyKey]).map((row) => assemble(db, row))
}

/** @throws OverreadError 'request.unknown' */
export function readResult(db: ReadableDb, resultId: string): AnalysisResult {
  const row = find(db, resultId)
  if (!row) throw new OverreadError('request.unknown', 'result')
  return assemble(db, row)
}

function find(db: ReadableDb, resultId: string): ResultRow | undefined {
  return db.first<ResultRow>(`${resultColumns} WHERE resultId = ?`, [resultId])
}

function openResult(db: ReadableDb, resultId: string): ResultRow {
  const row = find(db, resultId)
  if (!row) throw new OverreadError('request.unknown', 'result')
  if (row.ending !== null) throw new OverreadError('request.invalid', 'the result has ended')
  return row
}

function assemble(db: ReadableDb, row: ResultRow): AnalysisResult {
  const head = JSON.parse(row.head) as ResultHead
  const images = db
    .all<{ image: string }>('SELECT image FROM resultImages WHERE resultSequence = ? ORDER BY position', [row.resultSequence])
    .map(({ image }) => JSON.parse(image) as ImageResult)
  const findings = db
    .all<{ finding: string }>('SELECT finding FROM findings WHERE resultSequence = ? ORDER BY findingKey', [row.resultSequence])
    .map(({ finding }) => JSON.parse(finding) as AnalysisResult['findings'][number])
  const ending =
    row.ending === null
      ? { incomplete: unfinished(images.length, head.imagesTotal) }
      : (JSON.parse(row.ending) as Omit<ResultEnd, 'findings'>)
  const headersCorrected = correctedImages(db, row)
  // Ends of results that were kept before there were structures name none.
  return { ...head, structures: [], ...ending, images, findings, ...(headersCorrected > 0 ? { headersCorrected } : {}) }
}

function correctedImages(db: ReadableDb, { resultSequence, studyKey }: ResultRow): number {
  return db.first<{ count: number }>(
    `SELECT count(*) AS count FROM headerCorrections AS correction JOIN resultImages AS image USING (sopInstanceUid, sha256)
     WHERE correction.studyKey = ? AND image.resultSequence = ?`,
    [studyKey, resultSequence],
  )!.count
}

function unfinished(done: number, total: number): AnalysisResult['incomplete'] {
  return { code: 'analysis.unfinished', message: describeError('analysis.unfinished', `analysed ${done} of ${total} images`) }
}
