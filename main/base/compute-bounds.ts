/** What the compute process may hold. */
import { totalmem } from 'node:os'

export const computeBounds = {
  /** Sessions open at once: a reader goes between two networks, each with the one that checks its pictures. */
  sessions: 4,
  /** Resident bytes above which sessions are closed, and the process is replaced between jobs if that does not help. */
  residentBytes: Math.min(1536 * 1024 * 1024, Math.floor(totalmem() / 4)),
} as const
