/** The networks that are there, for the command line: beside an app that has the archive open. */
import { existsSync } from 'node:fs'
import { openArchive } from '../../archive/archive'
import { layoutOf } from '../../archive/layout'
import { modelNamed, readCatalogue, versionsOf, type AddedPackages, type InstalledModel } from '../../networks/catalogue'
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

/** The version in use of a network or the one that is named, with every version of it. @throws as `modelNamed` */
export async function readModel(entry: string, archive: string | null, name: string) {
  const installed = await installedModels(entry, archive)
  const model = modelNamed(installed, name)
  return { model, versions: versionsOf(installed, model.id) }
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
