/** Where things lie in an archive folder. Names are hashes and counters, never a UID or a name from outside. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { OverreadError } from '../../contracts/errors'
import { syncFolder } from '../base/atomic-write'

export interface ArchiveLayout {
  readonly folder: string
  readonly database: string
  readonly lock: string
  /** Originals, as imported. */
  readonly objects: string
  /** Heatmaps and masks. */
  readonly results: string
  /** Model packages that were added, each in a folder named by its digest. */
  readonly models: string
  /** What can be made again: thumbnails, and what was measured of this machine. */
  readonly derived: string
  /** Files being written; swept when the archive opens. */
  readonly temporary: string
}

/** The only names that Overread gives a file in `tmp/`. */
export const temporaryNamePattern = /^[0-9a-f]{24}$/
/** What a copy of the database leaves beside it when it is cut short is named so too. */
const leftoverPattern = /^[0-9a-f]{24}(-journal|-wal|-shm)?$/
const sha256Pattern = /^[0-9a-f]{64}$/

export function layoutOf(folder: string): ArchiveLayout {
  return {
    folder,
    database: join(folder, 'overread.sqlite'),
    lock: join(folder, 'archive.lock'),
    objects: join(folder, 'objects'),
    results: join(folder, 'results'),
    models: join(folder, 'models'),
    derived: join(folder, 'derived'),
    temporary: join(folder, 'tmp'),
  }
}

/** `<root>/<aa>/<sha256>` */
export function hashedPath(root: string, sha256: string): string {
  if (!sha256Pattern.test(sha256)) throw new OverreadError('request.invalid', 'not a SHA-256')
  return join(root, sha256.slice(0, 2), sha256)
}

/** The path of a file in `tmp/`, given its bare name. */
export function temporaryPath(layout: ArchiveLayout, name: string): string {
  if (!temporaryNamePattern.test(name)) throw new OverreadError('request.invalid', 'not the name of a temporary file')
  return join(layout.temporary, name)
}

/**
 * Makes the folder and what is missing in it, readable by its owner alone.
 *
 * @throws OverreadError 'archive.foreign' for a folder that holds other things:
 * its permissions would be changed and its `tmp/` swept.
 */
export function prepareFolders(layout: ArchiveLayout): void {
  if (isForeign(layout)) throw new OverreadError('archive.foreign', 'choose an empty folder')
  for (const folder of [layout.folder, layout.objects, layout.results, layout.models, layout.derived, layout.temporary]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
  }
  syncFolder(layout.folder)
}

function isForeign(layout: ArchiveLayout): boolean {
  if (!existsSync(layout.folder) || existsSync(layout.database) || existsSync(layout.lock)) return false
  return readdirSync(layout.folder).some((name) => !name.startsWith('.') && name !== 'logs')
}

/** Removes what a killed Overread left half written. */
export function sweepTemporary(layout: ArchiveLayout): void {
  for (const name of readdirSync(layout.temporary)) {
    if (leftoverPattern.test(name)) rmSync(join(layout.temporary, name), { force: true, recursive: true })
  }
}
