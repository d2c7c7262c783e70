/** One writer an archive: an SQLite file held in an exclusive transaction, which the kernel frees on a kill. */
import { OverreadError } from '../../contracts/errors'
import { connect, type Connection } from './database'

/** How long a second owner waits for the first. */
export const lockTimeoutMs = 5000

export interface ArchiveLock {
  release(): void
}

/**
 * Takes the lock.
 *
 * Nothing else in this process may open the file: closing any descriptor of it would drop
 * the lock (POSIX record locks belong to the process, not to the descriptor).
 *
 * @throws OverreadError 'archive.in-use' when another owner keeps it for `timeoutMs`.
 */
export function takeLock(path: string, timeoutMs = lockTimeoutMs): ArchiveLock {
  let connection: Connection | undefined
  try {
    connection = connect(path, { busyTimeoutMs: timeoutMs })
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection?.close()
    if (error instanceof OverreadError && error.code === 'archive.in-use') throw new OverreadError('archive.in-use', '', { cause: error })
    throw error
  }
  const held = connection
  return { release: () => held.close() }
}
