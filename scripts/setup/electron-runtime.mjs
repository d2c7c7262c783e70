// Finds an Electron runtime: the one named by the environment, the package's own, or the one for development and CI.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { say } from './console.mjs'
import { cacheFolder, root } from './paths.mjs'
import { developmentRuntime } from './development-runtime.mjs'

const packageFolder = join(root, 'node_modules', 'electron')
/** How long a failed download is remembered, so that offline machines do not wait at every start. */
const retryAfterMs = 24 * 60 * 60 * 1000

function ownBinary() {
  const pathFile = join(packageFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const folder = join(packageFolder, 'dist')
  return existsSync(join(folder, readFileSync(pathFile, 'utf8'))) ? folder : null
}

function fetchOwnBinary() {
  const { version } = createRequire(import.meta.url)(join(packageFolder, 'package.json'))
  const failed = join(cacheFolder, `electron-${version}-unreachable`)
  const entry = statSync(failed, { throwIfNoEntry: false })
  if (entry && Date.now() - entry.mtimeMs < retryAfterMs) return null
  say(`fetching Electron ${version}`)
  const { status } = spawnSync(process.execPath, [join(packageFolder, 'install.js')], {
    cwd: packageFolder,
    stdio: 'ignore',
    timeout: 15 * 60 * 1000,
  })
  if (status === 0 && ownBinary()) return ownBinary()
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(failed, '')
  return null
}

/** The folder that holds the runtime; set as ELECTRON_OVERRIDE_DIST_PATH for what is started afterwards. */
export function electronRuntime() {
  return process.env.ELECTRON_OVERRIDE_DIST_PATH || ownBinary() || fetchOwnBinary() || developmentRuntime()
}
