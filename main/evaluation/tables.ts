/** `labels.csv` and `cases.csv`: what is known of each picture, and whose it is. */
import { OverreadError } from '../../contracts/errors'
import { readCsv, type CsvRow } from './csv'
import { pictureName } from './picture-name'

/** By what a row names its picture. */
export type PictureKey = 'file' | 'sopInstanceUid'

export interface TableRow {
  /** A name below `images/`, or a SOP Instance UID. */
  readonly picture: string
  /** Null where not stated. */
  readonly patient: string | null
  /** By label: whether the picture has it; null where not known. */
  readonly truths: Readonly<Record<string, boolean | null>>
}

export interface PictureTable {
  readonly key: PictureKey
  /** Labels of the model for which there is a column. */
  readonly labels: readonly string[]
  readonly rows: ReadonlyMap<string, TableRow>
}

/**
 * `file` or `sopInstanceUid`, `patient` where wanted, and a column for each label that is known: 1, 0, or empty.
 *
 * @throws OverreadError 'evaluation.table' with the line: a column that is none of these, a value that is none of these, a
 * picture named twice, a name that leaves the folder. A mistyped label would else be left out in silence.
 */
export function readPictureTable(bytes: Uint8Array, modelLabels: readonly string[]): PictureTable {
  const [header, ...body] = readCsv(bytes)
  const columns = header.fields.map((name) => name.trim())
  const key = checkColumns(columns, modelLabels)
  const labels = columns.filter((name) => modelLabels.includes(name))
  const rows = new Map<string, TableRow>()
  for (const row of body) {
    const read = readRow(row, columns, key, labels)
    if (rows.has(read.picture)) throw new OverreadError('evaluation.table', `line ${row.line} names a picture a second time`)
    rows.set(read.picture, read)
  }
  return { key, labels, rows }
}

function checkColumns(columns: readonly string[], modelLabels: readonly string[]): PictureKey {
  const allowed = ['file', 'sopInstanceUid', 'patient', ...modelLabels]
  const foreign = columns.findIndex((name) => !allowed.includes(name))
  if (foreign >= 0) throw new OverreadError('evaluation.table', `column ${foreign + 1} is none of ${allowed.join(', ')}`)
  if (new Set(columns).size < columns.length) throw new OverreadError('evaluation.table', 'a column occurs twice')
  const keys = (['file', 'sopInstanceUid'] as const).filter((name) => columns.includes(name))
  if (keys.length !== 1) throw new OverreadError('evaluation.table', 'it needs one of the columns file and sopInstanceUid')
  return keys[0]
}

function readRow({ line, fields }: CsvRow, columns: readonly string[], key: PictureKey, labels: readonly string[]): TableRow {
  const valueOf = (name: string) => fields[columns.indexOf(name)]?.trim() ?? ''
  const picture = key === 'file' ? pictureName(valueOf('file')) : valueOf('sopInstanceUid')
  if (picture === null || picture === '') throw new OverreadError('evaluation.table', `line ${line} names no picture below images/`)
  const truths = Object.fromEntries(labels.map((label) => [label, truthOf(valueOf(label), line)]))
  return { picture, patient: valueOf('patient') || null, truths }
}

function truthOf(value: string, line: number): boolean | null {
  if (value === '') return null
  if (value !== '0' && value !== '1') throw new OverreadError('evaluation.table', `line ${line} has a label that is none of 0, 1 and empty`)
  return value === '1'
}
