/** Brings a database to the form this version knows. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { OverreadError } from '../../contracts/errors'
import { syncFolder, temporaryName } from '../base/atomic-write'
import type { ReadableDb, WritableDb } from './database'
import type { ArchiveLayout } from './layout'
import { migrations as known, type Migration } from './migrations/index'

export function databaseVersion(db: ReadableDb): number {
  return db.first<{ user_version: number }>('PRAGMA user_version')!.user_version
}

/**
 * Refuses a database this version must not touch, or cannot read.
 *
 * @throws OverreadError 'archive.newer'; 'archive.older' for one that lacks steps.
 */
export function checkVersion(db: ReadableDb, migrations: readonly Migration[] = known): void {
  refuseNewer(db, migrations)
  const version = databaseVersion(db)
  const latest = migrations.at(-1)!.number
  if (version < latest) throw new OverreadError('archive.older', `form ${version}, this version reads ${latest}`)
}

/**
 * Runs the steps a database lacks, each in a transaction of its own. An existing
 * database is copied first, to `overread-before-<number>.sqlite`.
 *
 * @param renew brings up to date what is kept twice, in the transaction of the last step: a kill between them would leave it.
 * @throws OverreadError 'archive.newer'
 */
export function migrate(
  db: WritableDb,
  layout: ArchiveLayout | null,
  migrations: readonly Migration[] = known,
  renew?: (db: WritableDb) => void,
): void {
  refuseNewer(db, migrations)
  const version = databaseVersion(db)
  const missing = migrations.filter((migration) => migration.number > version)
  if (missing.length === 0) return
  if (version > 0 && layout) copyAside(db, layout, version)
  for (const migration of missing) run(db, migration, migration === missing.at(-1) ? renew : undefined)
}

function run(db: WritableDb, { number, sql, rebuildsReferenced = false }: Migration, renew?: (db: WritableDb) => void): void {
  // Within a transaction the setting would be ignored.
  if (rebuildsReferenced) db.exec('PRAGMA foreign_keys = OFF')
  try {
    db.transaction(() => {
      db.exec(sql)
      renew?.(db)
      if (rebuildsReferenced && db.all('PRAGMA foreign_key_check').length > 0)
        throw new OverreadError('archive.damaged', 'rows name others that are not there')
      db.exec(`PRAGMA user_version = ${number}`)
    })
  } finally {
    if (rebuildsReferenced) db.exec('PRAGMA foreign_keys = ON')
  }
}

/** @throws OverreadError 'archive.newer' */
export function refuseNewer(db: ReadableDb, migrations: readonly Migration[] = known): void {
  const version = databaseVersion(db)
  // A number between two of ours is a step of another version as well.
  if (version !== 0 && !migrations.some((migration) => migration.number === version)) {
    throw new OverreadError('archive.newer', `form ${version}, this version knows ${migrations.at(-1)!.number}`)
  }
}

function copyAside(db: WritableDb, layout: ArchiveLayout, version: number): void {
  const target = join(layout.folder, `overread-before-${version}.sqlite`)
  if (existsSync(target)) return
  const temporary = temporaryName(layout.temporary)
  try {
    db.run('VACUUM INTO ?', [temporary])
    renameSync(temporary, target)
    syncFolder(layout.folder)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
