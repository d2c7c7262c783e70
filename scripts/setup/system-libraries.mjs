// The shared libraries Electron needs on Linux, and Xvfb for the end-to-end tests.
import { existsSync, readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { say, stop } from './console.mjs'

const libraries = { 'libgtk-3.so.0': 'libgtk-3-0', 'libnss3.so': 'libnss3', 'libasound.so.2': 'libasound2', 'libgbm.so.1': 'libgbm1' }
const packageOf = { Xvfb: 'xvfb', xauth: 'xauth', unzip: 'unzip' }

const onPath = (program) => (process.env.PATH || '').split(':').some((folder) => existsSync(`${folder}/${program}`))

function missingPackages(programs) {
  const cache =
    spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` } }).stdout || ''
  const missing = Object.entries(libraries)
    .filter(([library]) => !cache.includes(`${library} `))
    .map(([, name]) => name)
  missing.push(...programs.filter((program) => !onPath(program)).map((program) => packageOf[program]))
  return missing
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8')) && onPath('apt-get')
  } catch {
    return false
  }
}

/** Newer Ubuntu renamed two of them for 64-bit time. */
function renamed(names) {
  const known = (name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0
  return names.map((name) => (known(name) || !known(`${name}t64`) ? name : `${name}t64`))
}

/** `programs`: what is needed besides the libraries, of `packageOf`. */
export function ensureSystemLibraries({ programs = [] } = {}) {
  if (process.platform !== 'linux') return
  const missing = missingPackages(programs)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (!isDebian()) stop(`Electron needs these libraries (Debian's names): ${missing.join(' ')}. Install them, then try again.`)
  if (process.getuid() !== 0) stop(`Electron needs libraries that are missing. Run: sudo ${command}`)
  say(`installing ${missing.join(' ')} with apt-get`)
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0
  apt('update')
  if (!apt('install', '-y', '--no-install-recommends', ...renamed(missing)) || missingPackages(programs).length > 0) {
    stop(`the libraries could not be installed. Run by hand: ${command}`)
  }
}
