/** The files of a package's folder, as a ZIP takes them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ZipSample } from '../../samples/build-zip'

/** Files of a folder by their names within it. */
export function filesOf(folder: string): ZipSample[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path).replaceAll('\\', '/'), bytes: new Uint8Array(readFileSync(path)) }))
}
