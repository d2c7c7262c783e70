// Whether out/ was built from the sources as they are: names, sizes and times, nothing read.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { out, root } from './paths.mjs'

const sources = ['contracts', 'main', 'renderer', 'assets', 'scripts/build.mjs', 'vite.config.ts', 'package-lock.json']
const stampFile = join(out, '.stamp')

function* facts(path) {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (!entry) return
  if (!entry.isDirectory()) yield `${path}\0${entry.size}\0${entry.mtimeMs}\n`
  else for (const name of readdirSync(path).sort()) yield* facts(join(path, name))
}

export function sourceStamp() {
  const hash = createHash('sha256')
  for (const source of sources) for (const fact of facts(join(root, source))) hash.update(fact)
  return hash.digest('hex')
}

export const buildCurrent = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceStamp()
export const writeBuildStamp = (stamp) => writeFileSync(stampFile, stamp)
