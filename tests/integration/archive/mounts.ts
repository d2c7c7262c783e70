/** Small file systems for tests, where this account may mount them. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0

/** A tmpfs of so many MiB at a folder that is made. */
export function mountSmall(folder: string, mebibytes: number): boolean {
  mkdirSync(folder, { recursive: true })
  return process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder)
}

export const resize = (folder: string, mebibytes: number) => run('mount', '-o', `remount,size=${mebibytes}m`, folder)
/** The same folder once more at `view`, where nothing can be written. */
export function mountReadOnly(folder: string, view: string): boolean {
  mkdirSync(view, { recursive: true })
  return run('mount', '--bind', folder, view) && run('mount', '-o', 'remount,bind,ro', view)
}
export const unmount = (folder: string) => run('umount', '-l', folder)

/** True where this account may mount: said once, as tests that need it are skipped elsewhere. */
export const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'overread-mount-'))
  const mounted = mountSmall(folder, 1)
  if (mounted) unmount(folder)
  rmSync(folder, { recursive: true, force: true })
  return mounted
})()
