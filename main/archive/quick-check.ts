/** SQLite's quick check of an archive. Reads alone, also beside an owner. */
import { resolve } from 'node:path'
import type { ReadableDb } from './database'
import { layoutOf } from './layout'
import { connectForReading } from './reading'

/**
 * What SQLite finds first, or null where the database is whole.
 *
 * @throws OverreadError 'archive.absent', 'archive.newer', 'archive.older', 'archive.damaged'
 */
export function quickCheck(folder: string): string | null {
  const db = connectForReading(layoutOf(resolve(folder)))
  try {
    return quickFault(db)
  } finally {
    db.close()
  }
}

/** Of a database that is open: what SQLite finds first, or null. */
export function quickFault(db: ReadableDb): string | null {
  const [line] = db.all<{ quick_check: string }>('PRAGMA quick_check(1)')
  return line?.quick_check === 'ok' ? null : (line?.quick_check ?? 'no answer')
}
