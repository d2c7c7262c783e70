/** Starts the real app on an archive of its own, and stops it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { repository } from '../shared-data'

export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** What the page wrote on its console as an error. */
  readonly errors: string[]
  close(): Promise<void>
}

/** Software rendering, for machines without a GPU: in tests alone. */
const softwareGl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']

/** Chromium refuses its sandbox to root. */
export const appSwitches = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...softwareGl]

export function temporaryArchive(): { folder: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'overread-e2e-'))
  return { folder: join(parent, 'archive'), remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }) }
}

export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv
  readonly workingFolder?: string
  /** Of Chromium, besides those of every test. */
  readonly switches?: readonly string[]
}

export async function startApp(
  archive: string,
  paths: readonly string[] = [],
  { env, workingFolder = repository, switches = [] }: Surroundings = {},
): Promise<RunningApp> {
  const app = await _electron.launch({
    args: [...appSwitches, ...switches, repository, '--archive', archive, ...paths],
    cwd: workingFolder,
    ...(env ? { env: env as Record<string, string> } : {}),
    timeout: 60_000,
  })
  const page = await app.firstWindow()
  page.setDefaultTimeout(20_000)
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  // Until then the frame of the page stands there, which hears no key.
  await page.locator('.opening').waitFor({ state: 'detached' })
  return { app, page, errors, close: () => app.close() }
}
