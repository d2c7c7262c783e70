/** The phantoms as files, for a newcomer without data and for tests. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryName } from '../../base/atomic-write'
import { chestPhantom } from './chest'
import { headFlairPhantom } from './head-flair'
import type { PhantomInstance } from './phantom-object'

export { chestPhantom, plantedOpacity } from './chest'
export { headFlairPhantom, headSlices, plantedLesion } from './head-flair'
export type { PhantomInstance } from './phantom-object'

export function phantoms(): PhantomInstance[] {
  return [...headFlairPhantom(), chestPhantom()]
}

export interface PhantomFolder {
  readonly path: string
  remove(): Promise<void>
}

/** Writes every phantom to a new folder in the archive's `tmp/`, which is swept should it be left behind. */
export async function writePhantoms(archiveFolder: string): Promise<PhantomFolder> {
  const path = temporaryName(join(archiveFolder, 'tmp'))
  await mkdir(path, { mode: 0o700 })
  const remove = () => rm(path, { recursive: true, force: true })
  try {
    for (const [index, { bytes }] of phantoms().entries()) {
      await writeFile(join(path, `phantom-${String(index + 1).padStart(2, '0')}.dcm`), bytes, { mode: 0o600 })
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { path, remove }
}
