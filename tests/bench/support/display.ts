/** What the real app needs to be started by a bench: the Electron runtime, and a screen where there is none. */
import { join } from 'node:path'
import { repository } from '../../shared-data'

/** Gives how to stop the screen again. */
export async function prepareDisplay(): Promise<() => void> {
  const { electronRuntime } = await import(join(repository, 'scripts/setup/electron-runtime.mjs'))
  process.env.ELECTRON_OVERRIDE_DIST_PATH = await electronRuntime()
  if (process.platform !== 'linux' || process.env.DISPLAY) return () => {}
  const { startDisplay } = await import(join(repository, 'scripts/setup/display.mjs'))
  const display = await startDisplay()
  process.env.DISPLAY = display.name
  return display.stop
}
