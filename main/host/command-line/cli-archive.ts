/** The engine on an archive for one command of the command line. */
import { existsSync } from 'node:fs'
import { Engine } from '../engine'
import { defaultArchiveFolder } from '../default-archive'
import { openArchive, type Archive } from '../../archive/archive'
import { checkArchive, type ArchiveReport } from '../../archive/check'
import { hostPaths } from '../paths'
import { computeStarter } from '../compute/start-compute'
import type { ModelCounts } from '../../../contracts/reader-entries'
import type { ListedStudy } from '../../archive/listing'

export type { ListedResult, ListedStudy } from '../../archive/listing'

/** `entry`: `import.meta.url` of the command line's own file. */
export async function withEngine<T>(entry: string, archive: string | null, work: (engine: Engine) => Promise<T>): Promise<T> {
  const paths = hostPaths(entry)
  const engine = await Engine.open({
    archiveFolder: archive ?? defaultArchiveFolder(),
    paths,
    startCompute: computeStarter(paths.compute),
  })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

/** An archive that is not there yet lists nothing. */
export function listArchive(archive: string | null): readonly ListedStudy[] {
  return reading(archive, (opened) => opened.list())
}

/** What readers said of each version of each model. */
export function countEntries(archive: string | null): readonly ModelCounts[] {
  return reading(archive, (opened) => opened.countByModel())
}

/** Reads beside an app that has the archive open. */
function reading<T>(archive: string | null, read: (opened: Archive) => readonly T[]): readonly T[] {
  const folder = archive ?? defaultArchiveFolder()
  if (!existsSync(folder)) return []
  const opened = openArchive(folder, { readOnly: true })
  try {
    return read(opened)
  } finally {
    opened.close()
  }
}

/** Every file's SHA-256, every row, every reference. Reads alone. */
export function checkNamedArchive(archive: string | null): ArchiveReport {
  return checkArchive(archive ?? defaultArchiveFolder())
}
