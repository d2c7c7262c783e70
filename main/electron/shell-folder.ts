/** Where Chromium keeps its own files: in the archive, or, where that cannot be written, in a folder of this run alone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ShellFolder {
  readonly path: string
  /** Takes it away, where it is of this run alone. */
  release(): void
}

/**
 * One an archive: two archives may be open side by side, one archive only once. Without a folder that can be written Chromium
 * ends before there is a window to say why the archive cannot be used.
 */
export function shellFolder(archive: string): ShellFolder {
  const within = join(archive, '.shell')
  try {
    mkdirSync(within, { recursive: true, mode: 0o700 })
    const probe = join(within, `probe-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
    return { path: within, release: () => {} }
  } catch {
    const path = mkdtempSync(join(tmpdir(), 'overread-shell-'))
    return { path, release: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
  }
}
