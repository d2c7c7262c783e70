/** The networks that are there, for the command line: beside an app that has the archive open. */
import { existsSync } from 'node:fs'
import { openArchive } from '../../archive/archive'
import { layoutOf } from '../../archive/layout'
import { readCatalogue, type AddedPackages, type InstalledModel } from '../../networks/catalogue'
import { defaultArchiveFolder } from '../default-archive'
import { hostPaths } from '../paths'

/**
 * Every version of every network. Without an archive: what came with Overread.
 *
 * @throws OverreadError what opening the archive for reading gave
 */
export async function installedModels(entry: string, archive: string | null): Promise<InstalledModel[]> {
  return readCatalogue(hostPaths(entry).models, readAdded(archive))
}

function readAdded(archive: string | null): AddedPackages | null {
  const { folder, database, models } = layoutOf(archive ?? defaultArchiveFolder())
  // One that was named and is not there is told by who opens it.
  if (!existsSync(database)) return null
  const opened = openArchive(folder, { readOnly: true })
  try {
    return { folder: models, events: opened.listModelEvents(), trust: opened.listTrustEntries() }
  } finally {
    opened.close()
  }
}
