/** What the real app needs to be started by a bench: the Electron runtime, and a screen where there is none. */
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { repository } from '../../shared-data'
import { describeMachine } from './measure'

/** Gives how to stop the screen again. */
async function prepareDisplay(): Promise<() => void> {
  const { electronRuntime } = await import(join(repository, 'scripts/setup/electron-runtime.mjs'))
  process.env.ELECTRON_OVERRIDE_DIST_PATH = await electronRuntime()
  if (process.platform !== 'linux' || process.env.DISPLAY) return () => {}
  const { ensureSystemLibraries } = await import(join(repository, 'scripts/setup/system-libraries.mjs'))
  ensureSystemLibraries({ programs: ['Xvfb', 'xauth'] })
  const { startDisplay } = await import(join(repository, 'scripts/setup/display.mjs'))
  const display = await startDisplay()
  process.env.DISPLAY = display.name
  return display.stop
}

/** For the whole file that calls it, before what else it prepares; tells of the machine. */
export function useDisplay(): void {
  let stop = () => {}
  beforeAll(async () => {
    stop = await prepareDisplay()
    console.log(describeMachine())
  })
  afterAll(() => stop())
}
