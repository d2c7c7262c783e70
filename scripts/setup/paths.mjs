// Where things are, for the set-up scripts.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'overread')
export const out = join(root, 'out')
