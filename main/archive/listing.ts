/** What an archive holds, as the command line lists it: studies, their series, and how each result stands. */
import type { ModelReference } from '../../contracts/analysis'
import type { AiState } from '../../contracts/worklist'
import { booleanOf, type ReadableDb } from './database'
import { studyRows } from './worklist'

export interface ListedSeries {
  readonly seriesInstanceUid: string
  readonly modality: string
  readonly description: string
  readonly instances: number
}

export interface ListedResult {
  readonly resultId: string
  readonly seriesInstanceUid: string
  readonly stack: string
  readonly model: ModelReference
  readonly imagesDone: number
  readonly imagesTotal: number
  /** False: of fewer pictures than the stack holds now, or broken off. */
  readonly complete: boolean
  /** The version installed now, where it or its weights are others; null: the same, or the model is not installed. */
  readonly activeVersion: string | null
  /** Run although the network refused. */
  readonly overridden: boolean
  /** By a package that no key trusted at the time stands for. */
  readonly untrusted: boolean
  /** Counted in the worklist: complete, by the active version of a trusted package, not overridden, and no newer one of its stack and model. */
  readonly current: boolean
}

export interface ListedStudy {
  readonly studyInstanceUid: string
  readonly patientId: string
  readonly patientName: string
  readonly studyDate: string
  readonly modalities: readonly string[]
  /** The study UID also stands under another patient identity. */
  readonly identityConflict: boolean
  /** The patient id also stands with another issuer, birth date or sex. */
  readonly patientIdShared: boolean
  /** Objects whose header was corrected after they were stored. */
  readonly headersCorrected: number
  /** Objects with an identifier of this study and other pixels, which were kept out. */
  readonly keptOut: number
  readonly series: readonly ListedSeries[]
  readonly ai: AiState
  /** What readers marked as missed by a network. */
  readonly missed: number
  /** Oldest first. */
  readonly results: readonly ListedResult[]
}

/** Every study, in the order they were stored. */
export function listContents(db: ReadableDb): ListedStudy[] {
  const series = byStudy(
    db.all<{ studyKey: number } & ListedSeries>(
      `SELECT studyKey, seriesInstanceUid, modality, description, instanceCount AS instances FROM series
       ORDER BY studyKey, number IS NULL, number, seriesInstanceUid`,
    ),
  )
  const results = byStudy(listedResults(db))
  return db.all<{ studyKey: number }>('SELECT studyKey FROM studies ORDER BY studyKey').flatMap(({ studyKey }) =>
    studyRows(db, [studyKey]).map((study) => ({
      studyInstanceUid: study.studyInstanceUid,
      patientId: study.patient.patientId,
      patientName: study.patient.patientName,
      studyDate: study.studyDate,
      modalities: study.modalities,
      identityConflict: study.identityConflict,
      patientIdShared: study.patientIdShared,
      headersCorrected: study.headersCorrected,
      keptOut: study.keptOut,
      series: series.get(studyKey) ?? [],
      ai: study.ai,
      missed: study.missed,
      results: results.get(studyKey) ?? [],
    })),
  )
}

interface ResultRow extends Omit<ListedResult, 'model' | 'complete' | 'overridden' | 'untrusted' | 'current'> {
  readonly studyKey: number
  readonly model: string
  readonly complete: number
  readonly overridden: number
  readonly untrusted: number
  readonly current: number
}

function listedResults(db: ReadableDb): (ListedResult & { studyKey: number })[] {
  const rows = db.all<ResultRow>(`
    SELECT cover.studyKey, resultId, seriesInstanceUid, cover.stack, json_extract(head, '$.model') AS model, cover.imagesDone, cover.imagesTotal,
      complete, iif(stale, activeVersion, NULL) AS activeVersion, overridden, untrusted,
      NOT stale AND NOT overridden AND NOT untrusted AND EXISTS (SELECT 1 FROM currentResults WHERE currentResults.resultSequence = cover.resultSequence) AS current
    FROM resultCover AS cover JOIN results USING (resultSequence) JOIN resultCaveats USING (resultSequence)
      JOIN series ON series.seriesKey = cover.seriesKey
    ORDER BY cover.resultSequence`)
  return rows.map((row) => ({
    ...row,
    model: JSON.parse(row.model) as ModelReference,
    complete: booleanOf(row.complete),
    overridden: booleanOf(row.overridden),
    untrusted: booleanOf(row.untrusted),
    current: booleanOf(row.current),
  }))
}

function byStudy<Row extends { readonly studyKey: number }>(rows: readonly Row[]): Map<number, Omit<Row, 'studyKey'>[]> {
  const studies = new Map<number, Omit<Row, 'studyKey'>[]>()
  for (const { studyKey, ...row } of rows) {
    const known = studies.get(studyKey)
    if (known) known.push(row)
    else studies.set(studyKey, [row])
  }
  return studies
}
