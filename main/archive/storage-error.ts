/** Faults of SQLite and of the file system as faults of the archive. Apart from the database: workers use it without libsql. */
import { OverreadError } from '../../contracts/errors'

/** A fault of SQLite or the file system as a fault of the archive; any other value unchanged. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OverreadError) return error
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  const wrapped = (as: 'archive.disk-full' | 'archive.in-use' | 'archive.damaged' | 'archive.unwritable') =>
    new OverreadError(as, code, { cause: error })
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG)/.test(code)) return wrapped('archive.disk-full')
  if (/^(SQLITE_BUSY|SQLITE_LOCKED)/.test(code)) return wrapped('archive.in-use')
  if (/^(SQLITE_CORRUPT|SQLITE_NOTADB)/.test(code)) return wrapped('archive.damaged')
  if (/^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_IOERR|EACCES|EPERM|EROFS|EIO|ENOTDIR|EMFILE|ENFILE)/.test(code))
    return wrapped('archive.unwritable')
  // A failed open comes without a code: "ConnectionFailed("Unable to open connection to local database …: 14")".
  if (error.message.startsWith('ConnectionFailed')) return new OverreadError('archive.unwritable', 'SQLITE_CANTOPEN', { cause: error })
  return error
}
