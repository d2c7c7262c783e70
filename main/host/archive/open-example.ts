/** The example of the empty state: our own phantoms, drawn in a worker and imported like any files. */
import { rm } from 'node:fs/promises'
import { OverreadError } from '../../../contracts/errors'
import type { Engine } from '../engine'

/** @throws OverreadError where nothing could be stored. */
export async function openExample(engine: Engine): Promise<{ studyKeys: number[] }> {
  await engine.archive.ensureThere()
  const { path } = await engine.pool.run('phantoms.write', { archiveFolder: engine.archiveFolder })
  try {
    const { studyKeys, error } = await engine.importPaths([path])
    if (error) throw new OverreadError(error.code)
    return { studyKeys }
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}
