/** Keeps what the processes hold out of core dumps: a crash must leave no picture and no name on the disk. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * From now on this process, what it has started and what it starts leave no dump of their memory. Linux alone dumps unless it is
 * told not to.
 */
export function refuseCoreDumps(): void {
  if (process.platform !== 'linux') return
  for (const processId of [process.pid, ...descendants(process.pid)]) {
    emptyCoreDump(processId)
    limitCoreDump(processId)
  }
}

/** The dump holds no memory, also where a handler of the system takes it and asks no limit; registers would be left. */
function emptyCoreDump(processId: number): void {
  try {
    writeFileSync(`/proc/${processId}/coredump_filter`, '0')
  } catch {
    // It has ended, or belongs to a sandbox that may not be dumped at all.
  }
}

/** There is no dump: a limit of 1 byte is too little for a file, and is the kernel's word for handing nothing to a handler. */
function limitCoreDump(processId: number): void {
  // Node cannot set limits. Where the program is missing, there is what the user's own limit allows, and that is empty.
  execFile('prlimit', ['--pid', String(processId), '--core=1:1'], () => {}).unref()
}

function descendants(processId: number): number[] {
  try {
    const children = readdirSync(`/proc/${processId}/task`).flatMap((thread) =>
      readFileSync(`/proc/${processId}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return children.flatMap((child) => [child, ...descendants(child)])
  } catch {
    return []
  }
}
