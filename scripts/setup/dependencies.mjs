// Installs what package-lock.json names, when it changed since the last time.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { say, stop } from './console.mjs'
import { root } from './paths.mjs'

const stampFile = join(root, 'node_modules', '.overread-stamp')

const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}-${process.versions.modules}`)
    .digest('hex')

export const dependenciesCurrent = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted()

export function installDependencies() {
  say('installing dependencies')
  // npm is a script on Windows, which only a shell starts. Where NODE_ENV says production it would leave out what builds and runs.
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) stop('the dependencies could not be installed; npm said why above.')
  writeFileSync(stampFile, wanted())
}
