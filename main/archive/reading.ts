/** Opening an archive's database to read it, beside an owner or without one. */
import { existsSync } from 'node:fs'
import { OverreadError } from '../../contracts/errors'
import { connect, type Connection } from './database'
import type { ArchiveLayout } from './layout'
import { checkVersion } from './migrate'

/** @throws OverreadError 'archive.absent', 'archive.newer', 'archive.older', 'archive.damaged' */
export function connectForReading(layout: ArchiveLayout): Connection {
  if (!existsSync(layout.database)) throw new OverreadError('archive.absent')
  const db = connect(layout.database, { readOnly: true })
  try {
    checkVersion(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
