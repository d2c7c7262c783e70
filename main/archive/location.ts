/** Where an archive lies: on a file system that keeps its promises, and still where it was when it was opened. */
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { OverreadError } from '../../contracts/errors'
import type { ArchiveLayout } from './layout'

/**
 * File systems of another computer, by the type that Linux states (statfs(2)). Their locks do not keep a second computer
 * out, and SQLite's log cannot be shared over them.
 */
const networkFileSystems = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x0bd00bd0, 'Lustre'],
])

/** The type of the file system of `folder`, which need not be there yet; 0 where it cannot be told. */
export function fileSystemType(folder: string): number {
  let at = resolve(folder)
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  try {
    // A type above 2³¹ arrives with its sign.
    return statfsSync(at).type >>> 0
  } catch {
    return 0
  }
}

/** @throws OverreadError 'archive.network' */
export function refuseNetwork(folder: string, typeOf: (folder: string) => number = fileSystemType): void {
  // Windows states no types; a share that is named as one shows itself.
  const name = /^[\\/]{2}[^\\/.?]/.test(folder) && process.platform === 'win32' ? 'share' : networkFileSystems.get(typeOf(folder))
  if (name !== undefined) throw new OverreadError('archive.network', name)
}

/**
 * What a database that is open goes on with after its folder was moved or deleted would be lost or lie elsewhere: gives
 * what refuses that.
 *
 * @returns throws OverreadError 'archive.vanished' where the database is not the file that it was.
 */
export function watchDatabase({ database }: ArchiveLayout): () => void {
  const identity = () => {
    const stat = statSync(database, { bigint: true, throwIfNoEntry: false })
    return stat && `${stat.dev} ${stat.ino}`
  }
  const opened = identity()
  return () => {
    let now: string | undefined
    try {
      now = identity()
    } catch {
      // A disk that was pulled out gives faults of its own.
    }
    if (now === undefined || now !== opened) throw new OverreadError('archive.vanished')
  }
}

/** A file that cannot be made in an archive that is no more. */
export function vanishedOr(error: unknown, layout: ArchiveLayout): unknown {
  const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' && !existsSync(layout.database)
  return missing ? new OverreadError('archive.vanished', '', { cause: error }) : error
}
