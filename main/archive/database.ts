/** One libsql connection: statements kept prepared, transactions, and faults turned into codes. */
import Database from 'libsql'
import { storageError } from './storage-error'

export type SqlValue = string | number | Uint8Array | null

/** What a query needs. Functions that only read take this. */
export interface ReadableDb {
  /** Every row. A BLOB arrives as ArrayBuffer. */
  all<Row>(sql: string, parameters?: readonly SqlValue[]): Row[]
  /** The first row of a query that has at most one. */
  first<Row>(sql: string, parameters?: readonly SqlValue[]): Row | undefined
}

export interface WritableDb extends ReadableDb {
  /** Runs one statement; answers how many rows it changed. */
  run(sql: string, parameters?: readonly SqlValue[]): number
  /** Runs statements without parameters. */
  exec(sql: string): void
  /** All or nothing. Not nested: a transaction within one joins it. */
  transaction<T>(action: () => T): T
}

export interface Connection extends WritableDb {
  close(): void
}

/** Enough for every statement of the archive; a sorted and filtered worklist makes a few dozen. */
const statementsKept = 256

/** How long a statement waits for a reader or writer of another process. */
const busyTimeoutMs = 5000

/**
 * Opens a database, or `:memory:`.
 *
 * libsql ignores `{ readonly: true }`, so a reader opens a URI with `mode=ro`.
 *
 * @throws OverreadError 'archive.unwritable', 'archive.damaged' or 'archive.in-use'.
 */
export function connect(path: string, options: { readOnly?: boolean; busyTimeoutMs?: number } = {}): Connection {
  const timeout = options.busyTimeoutMs ?? busyTimeoutMs
  const database = translating(() => new Database(options.readOnly ? readOnlyUri(path) : path, { timeout }))
  const connection = wrap(database)
  try {
    connection.exec(`PRAGMA busy_timeout = ${timeout}; PRAGMA foreign_keys = ON`)
    if (options.readOnly) connection.exec('PRAGMA query_only = ON')
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}

function readOnlyUri(path: string): string {
  // In a URI these three have a meaning of their own.
  const escaped = path.replaceAll('%', '%25').replaceAll('?', '%3f').replaceAll('#', '%23')
  return `file:${escaped}?mode=ro`
}

function wrap(database: Database.Database): Connection {
  const statements = new Map<string, Database.Statement>()
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= statementsKept) statements.clear()
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  // `.get()` adds `_metadata` to the row and leaves the statement, and with it a read lock, open.
  const all = <Row>(sql: string, parameters: readonly SqlValue[] = []): Row[] => translating(() => prepared(sql).all(parameters) as Row[])

  return {
    all,
    first: <Row>(sql: string, parameters: readonly SqlValue[] = []): Row | undefined => all<Row>(sql, parameters)[0],
    run: (sql, parameters = []) => translating(() => prepared(sql).run(parameters).changes),
    exec: (sql) => translating(() => void database.exec(sql)),
    transaction<T>(action: () => T): T {
      if (database.inTransaction) return action()
      translating(() => database.exec('BEGIN IMMEDIATE'))
      try {
        const result = action()
        translating(() => database.exec('COMMIT'))
        return result
      } catch (error) {
        // After SQLITE_FULL and I/O faults SQLite has rolled back by itself.
        if (database.inTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    close() {
      statements.clear()
      if (!database.open) return
      if (database.inTransaction) database.exec('ROLLBACK')
      database.close()
    },
  }
}

function translating<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw storageError(error)
  }
}

/** STRICT tables know no boolean. */
export function booleanOf(value: number): boolean {
  return value !== 0
}
