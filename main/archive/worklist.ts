/** The worklist: studies searched, filtered, sorted and cut to a page. */
import type { RequestInput, RequestOutput } from '../../contracts/protocol'
import type { AiState, AiStateFilter, StudyRow, WorklistColumn } from '../../contracts/worklist'
import { aiStateOf, staleVersions, type AiStateColumns, type StaleVersions } from './ai-state'
import { booleanOf, type ReadableDb, type SqlValue } from './database'
import { searchWords } from './search'
import { correctedCounts, keptOutCounts } from './study-history'

export type WorklistQuery = RequestInput<'studies.list'>
export type WorklistPage = RequestOutput<'studies.list'>

/** Every order ends in the key, so that a page never repeats or drops a study. Each has an index. */
const orders: Record<WorklistColumn, readonly string[]> = {
  patientName: ['search.patientName', 'search.studyKey'],
  patientId: ['search.patientId', 'search.studyKey'],
  studyDate: ['search.studyDate', 'search.studyTime', 'search.studyKey'],
  description: ['search.description', 'search.studyKey'],
  modalities: ['search.modalities', 'search.studyKey'],
  instances: ['study.instanceCount', 'study.studyKey'],
  aiState: ['study.aiRank', 'study.aiTotal', 'study.studyKey'],
}

interface StudyColumns extends AiStateColumns {
  readonly studyKey: number
  readonly studyInstanceUid: string
  readonly patientId: string
  readonly issuer: string
  readonly patientName: string
  readonly birthDate: string
  readonly sex: string
  readonly studyDate: string
  readonly studyTime: string
  readonly description: string
  readonly accessionNumber: string
  readonly seriesCount: number
  readonly instanceCount: number
  readonly identityConflict: number
  readonly aiMissed: number
  readonly patientIdShared: number
  readonly phantom: number
}

export function listStudies(db: ReadableDb, query: WorklistQuery): WorklistPage {
  const { sql, parameters } = pageQuery(query)
  const keys = db.all<{ studyKey: number }>(sql, parameters).map((row) => row.studyKey)
  const count = countQuery(query)
  return {
    total: db.first<{ total: number }>(count.sql, count.parameters)!.total,
    rows: studyRows(db, keys),
    modalities: db.all<{ modality: string }>(modalitiesSql).map((row) => row.modality),
  }
}

/** Walks the index instead of reading every row: a step a modality. */
const modalitiesSql = `
  WITH RECURSIVE found (modality) AS (
    SELECT min(modality) FROM studyModalities
    UNION ALL
    SELECT (SELECT min(modality) FROM studyModalities WHERE modality > found.modality) FROM found WHERE found.modality IS NOT NULL)
  SELECT modality FROM found WHERE modality IS NOT NULL`

interface SqlQuery {
  readonly sql: string
  readonly parameters: SqlValue[]
}

/** A state with its neighbours that a reader looks for together. */
const statesOf: Record<Exclude<AiStateFilter, 'missed'>, readonly AiState['state'][]> = {
  'not-run': ['not-run'],
  busy: ['queued', 'running'],
  findings: ['findings'],
  'no-finding': ['no-finding'],
  agreed: ['agreed'],
  reviewed: ['reviewed', 'missed'],
  unsettled: ['failed', 'partial', 'stale', 'untrusted'],
  refused: ['refused', 'overridden'],
}

/** The keys of one page, in order. */
export function pageQuery(query: WorklistQuery): SqlQuery {
  const direction = query.descending ? 'DESC' : 'ASC'
  const order = orders[query.sort]
  const needed = filters(query)
  const tables = tablesFor([...order, ...needed.conditions])
  const key = tables.includes('search') ? 'search.studyKey' : 'study.studyKey'
  return {
    sql: `SELECT ${key} AS studyKey FROM ${tables}${where(needed.conditions)} ORDER BY ${order.map((column) => `${column} ${direction}`).join(', ')} LIMIT ? OFFSET ?`,
    parameters: [...needed.parameters, query.limit, query.offset],
  }
}

function countQuery(query: WorklistQuery): SqlQuery {
  const needed = filters(query)
  return { sql: `SELECT count(*) AS total FROM ${tablesFor(needed.conditions)}${where(needed.conditions)}`, parameters: needed.parameters }
}

function tablesFor(expressions: readonly string[]): string {
  const search = expressions.some((expression) => expression.includes('search.'))
  const study = expressions.some((expression) => expression.includes('study.'))
  if (search && study) return 'studies AS study CROSS JOIN studySearch AS search ON search.studyKey = study.studyKey'
  return search ? 'studySearch AS search' : 'studies AS study'
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
}

function filters(query: WorklistQuery): { conditions: string[]; parameters: SqlValue[] } {
  const conditions: string[] = []
  const parameters: SqlValue[] = []
  const add = (condition: string, ...values: SqlValue[]): void => {
    conditions.push(condition)
    parameters.push(...values)
  }
  for (const word of searchWords(query.search)) {
    // Rows of older archives keep the final sigma that fold() makes a plain one now.
    add(`instr(${word.includes('σ') ? "replace(search.text, 'ς', 'σ')" : 'search.text'}, ?) > 0`, word)
  }
  if (query.dateFrom !== null) add('search.studyDate >= ?', query.dateFrom)
  if (query.dateTo !== null) add(`search.studyDate <= ? AND search.studyDate <> ''`, query.dateTo)
  if (query.modality !== null) {
    add(`' ' || search.modalities || ' ' LIKE ? ESCAPE '\\'`, `% ${query.modality.replace(/[\\%_]/g, String.raw`\$&`)} %`)
  }
  if (query.state === 'missed') add('study.aiMissed > 0')
  else if (query.state !== null) add('study.aiState IN (SELECT value FROM json_each(?))', JSON.stringify(statesOf[query.state]))
  return { conditions, parameters }
}

const studyColumns = `
  SELECT *, patientId <> '' AND EXISTS (
      SELECT 1 FROM studies AS other WHERE other.patientId = study.patientId
        AND (other.issuer <> study.issuer OR other.birthDate <> study.birthDate OR other.sex <> study.sex)) AS patientIdShared
  FROM studies AS study WHERE studyKey IN (SELECT value FROM json_each(?))`

/** The rows of these studies, in this order; a key that is not there is left out. */
export function studyRows(db: ReadableDb, keys: readonly number[]): StudyRow[] {
  if (keys.length === 0) return []
  const list = JSON.stringify(keys)
  const modalities = new Map<number, string[]>()
  for (const { studyKey, modality } of db.all<{ studyKey: number; modality: string }>(
    'SELECT studyKey, modality FROM studyModalities WHERE studyKey IN (SELECT value FROM json_each(?)) ORDER BY studyKey, modality',
    [list],
  )) {
    modalities.set(studyKey, [...(modalities.get(studyKey) ?? []), modality])
  }
  const corrected = correctedCounts(db, list)
  const keptOut = keptOutCounts(db, list)
  const studies = db.all<StudyColumns>(studyColumns, [list])
  const stale = staleVersions(
    db,
    studies.filter(({ aiState }) => aiState === 'stale').map(({ studyKey }) => studyKey),
  )
  const rows = new Map(
    studies.map((row) => [
      row.studyKey,
      {
        ...toRow(row, modalities.get(row.studyKey) ?? [], stale.get(row.studyKey)),
        headersCorrected: corrected.get(row.studyKey) ?? 0,
        keptOut: keptOut.get(row.studyKey) ?? 0,
      },
    ]),
  )
  return keys.map((key) => rows.get(key)).filter((row) => row !== undefined)
}

function toRow(
  study: StudyColumns,
  modalities: string[],
  stale: StaleVersions | undefined,
): Omit<StudyRow, 'headersCorrected' | 'keptOut'> {
  return {
    studyKey: study.studyKey,
    studyInstanceUid: study.studyInstanceUid,
    patient: {
      patientId: study.patientId,
      issuer: study.issuer,
      patientName: study.patientName,
      birthDate: study.birthDate,
      sex: study.sex,
    },
    studyDate: study.studyDate,
    studyTime: study.studyTime,
    description: study.description,
    accessionNumber: study.accessionNumber,
    modalities,
    series: study.seriesCount,
    instances: study.instanceCount,
    ai: aiStateOf(study, stale),
    missed: study.aiMissed,
    identityConflict: booleanOf(study.identityConflict),
    patientIdShared: booleanOf(study.patientIdShared),
    phantom: booleanOf(study.phantom),
  }
}
