/** What the compute process may hold, and what it may take for one run. */
import { freemem, totalmem } from 'node:os'
import { constrainedMemory } from 'node:process'

export const computeBounds = {
  /** Sessions open at once: a reader goes between two networks, each with the one that checks its pictures. */
  sessions: 4,
  /** Resident bytes above which sessions are closed, and the process is replaced between jobs if that does not help. */
  residentBytes: Math.min(1536 * 1024 * 1024, Math.floor(totalmem() / 4)),
} as const

/** This share of the memory is left to the system, the window and the workers. */
const leftToOthers = 0.1

/** What one run may take now, bytes: what is free of the machine, and of the share of it that this process was given. */
export function availableBytes(): number {
  const given = constrainedMemory() || Infinity
  const most = Math.min(totalmem(), given)
  return Math.max(0, Math.min(most, reclaimable()) - leftToOthers * most)
}

/** Free memory with what the system gives back when asked, which Linux does not count as free. */
function reclaimable(): number {
  const available = (process as { availableMemory?: () => number }).availableMemory?.()
  return available ?? (process.platform === 'linux' ? totalmem() : freemem())
}
