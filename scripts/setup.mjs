// What every npm script runs first: node version, dependencies, build. Silent when nothing is to do.
// --deps stops before the build.
import { checkNodeVersion } from './setup/node-version.mjs'
import { dependenciesCurrent, installDependencies } from './setup/dependencies.mjs'
import { buildCurrent } from './setup/build-stamp.mjs'
import { withLock } from './setup/lock.mjs'
import { pathToFileURL } from 'node:url'

export async function setUp({ build = true } = {}) {
  checkNodeVersion()
  if (dependenciesCurrent() && (!build || buildCurrent())) return
  await withLock(async () => {
    if (!dependenciesCurrent()) installDependencies()
    if (build && !buildCurrent()) await (await import('./build.mjs')).build()
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await setUp({ build: !process.argv.includes('--deps') })
