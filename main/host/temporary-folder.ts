/** A folder for what must not outlive a command, outside any archive. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'overread-evaluate-'

/**
 * A folder that no one else may read; gone when `action` is done, and when the program ends before that. What a program that
 * was killed left behind goes at the next start.
 */
export async function withTemporaryFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  sweep()
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  const removeFolder = () => remove(folder)
  process.once('exit', removeFolder)
  try {
    return await action(folder)
  } finally {
    process.off('exit', removeFolder)
    removeFolder()
  }
}

function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || isRunning(Number(owner))) continue
    try {
      remove(join(tmpdir(), name))
    } catch {
      // Another user's.
    }
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
