/** Comma-separated tables by RFC 4180: quotes, quotes within quotes, line ends of either kind. */
import { OverreadError } from '../../contracts/errors'

/** A table of labels holds a short row a picture. */
export const mostCsvBytes = 32 << 20
const mostRows = 500_000
const mostColumns = 300
const longestField = 4096

export interface CsvRow {
  /** Of the file, from 1; a quoted field may span several. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * The rows, the header first; empty lines are passed over.
 *
 * @throws OverreadError 'evaluation.table' with the line where it is no such table or beyond the bounds
 */
export function readCsv(bytes: Uint8Array): CsvRow[] {
  if (bytes.length > mostCsvBytes) throw notTable(`it is larger than ${mostCsvBytes >> 20} MiB`)
  const rows: CsvRow[] = []
  for (const row of rowsOf(textOf(bytes))) {
    if (row.fields.length === 1 && row.fields[0] === '') continue
    if (rows.length > 0 && row.fields.length !== rows[0].fields.length)
      throw notTable(`line ${row.line} has ${row.fields.length} fields, the header ${rows[0].fields.length}`)
    if (rows.length > mostRows) throw notTable(`it has more than ${mostRows} rows`)
    rows.push(row)
  }
  if (rows.length === 0) throw notTable('it is empty')
  return rows
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new OverreadError('evaluation.table', 'it is not UTF-8', { cause: error })
  }
}

function* rowsOf(text: string): Generator<CsvRow> {
  const reader = new FieldReader(text)
  while (!reader.atEnd) {
    const { line } = reader
    const fields: string[] = []
    do {
      fields.push(reader.field())
      if (fields.length > mostColumns) throw notTable(`line ${line} has more than ${mostColumns} fields`)
    } while (reader.passComma())
    reader.passLineEnd()
    yield { line, fields }
  }
}

class FieldReader {
  line = 1
  #at = 0

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.#at >= this.text.length
  }

  field(): string {
    const value = this.text[this.#at] === '"' ? this.#quoted() : this.#plain()
    if (value.length > longestField) throw notTable(`line ${this.line} has a field of more than ${longestField} characters`)
    return value
  }

  passComma(): boolean {
    if (this.text[this.#at] !== ',') return false
    this.#at++
    return true
  }

  passLineEnd(): void {
    if (this.atEnd) return
    if (this.text[this.#at] === '\r') this.#at++
    if (this.text[this.#at] !== '\n')
      throw notTable(`line ${this.line} has characters behind a quoted field, or a line end of its own kind`)
    this.#at++
    this.line++
  }

  #plain(): string {
    const start = this.#at
    while (!this.atEnd && !',\r\n'.includes(this.text[this.#at])) {
      if (this.text[this.#at] === '"') throw notTable(`line ${this.line} has a quote within a field that is not quoted`)
      this.#at++
    }
    return this.text.slice(start, this.#at)
  }

  #quoted(): string {
    const begin = this.line
    let value = ''
    for (;;) {
      const start = ++this.#at
      const close = this.text.indexOf('"', start)
      if (close < 0) throw notTable(`the quote of line ${begin} is never closed`)
      const piece = this.text.slice(start, close)
      value += piece
      this.line += piece.split('\n').length - 1
      this.#at = close + 1
      if (this.text[this.#at] !== '"') return value
      value += '"'
    }
  }
}

function notTable(detail: string): OverreadError {
  return new OverreadError('evaluation.table', detail)
}
