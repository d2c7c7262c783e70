/** The engine on an archive for one command of the command line. */
import { existsSync } from 'node:fs'
import { Engine } from '../engine'
import { defaultArchiveFolder } from '../default-archive'
import { openArchive } from '../../archive/archive'
import { checkArchive, type ArchiveReport } from '../../archive/check'
import { hostPaths } from '../paths'
import { computeStarter } from '../compute/start-compute'
import type { ListedStudy } from '../../archive/study-contents'

export type { ListedStudy }

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

/** Reads beside an app that has the archive open. An archive that is not there yet lists nothing. */
export function listArchive(archive: string | null): readonly ListedStudy[] {
  const folder = archive ?? defaultArchiveFolder()
  if (!existsSync(folder)) return []
  const opened = openArchive(folder, { readOnly: true })
  try {
    return opened.list()
  } finally {
    opened.close()
  }
}

/** Every file's SHA-256, every row, every reference. Reads alone. */
export function checkNamedArchive(archive: string | null): ArchiveReport {
  return checkArchive(archive ?? defaultArchiveFolder())
}
