/** Every model package under some folders, the unusable ones with the reason. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { reportOf } from '../../contracts/errors'
import { isPictureModel, type ModelPackage, type PictureModel, type VolumeModel } from '../../contracts/model-package'
import type { ModelEntry } from '../../contracts/protocol'
import { loadModelPackage, readCard } from './package'

export interface InstalledModel extends ModelEntry {
  readonly folder: string
}

/** More folders than this in one root are not packages. */
const mostFolders = 1000

/**
 * Packages in the folders of `roots`, by id. The first root that holds an id wins; a folder without
 * a model.json is no package; a root that does not exist holds none.
 */
export async function listModelPackages(roots: readonly string[]): Promise<InstalledModel[]> {
  const found = new Map<string, InstalledModel>()
  for (const root of roots) {
    for (const name of await packageFolders(root)) {
      const entry = await describe(join(root, name), name)
      if (!found.has(entry.id)) found.set(entry.id, entry)
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The usable input check that a package names; null where it names none or none is installed. */
export function inputCheckOf(
  { accepts: { pixels } }: ModelPackage,
  models: readonly InstalledModel[],
): { readonly package: PictureModel; readonly folder: string } | null {
  const check = models.find(({ id, package: described }) => id === pixels?.model && described?.task === 'input-check')
  if (!check?.package || !isPictureModel(check.package)) return null
  // Without an operating point for the label there is no line between suitable and not.
  const knows = check.package.operatingPoints.some(({ label }) => label === pixels?.label)
  return knows ? { package: check.package, folder: check.folder } : null
}

/** The usable network of volumes whose labels say where this one looks; null where it names none or none is installed. */
export function cropModelOf(
  { preprocess: { crop } }: VolumeModel,
  models: readonly InstalledModel[],
): { readonly package: VolumeModel; readonly folder: string } | null {
  const wanted = crop !== null && 'model' in crop.to ? crop.to.model : null
  const found = models.find(({ id }) => id === wanted)
  if (!found?.package || isPictureModel(found.package)) return null
  return { package: found.package, folder: found.folder }
}

async function packageFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const folders: string[] = []
  for (const entry of entries.slice(0, mostFolders)) {
    if (!entry.isDirectory()) continue
    const files = await readdir(join(root, entry.name)).catch((): string[] => [])
    if (files.includes('model.json')) folders.push(entry.name)
  }
  return folders.sort()
}

async function describe(folder: string, name: string): Promise<InstalledModel> {
  const card = await readCard(folder)
  try {
    const { package: description } = await loadModelPackage(folder)
    return { valid: true, error: null, id: description.id, package: description, card, folder }
  } catch (error) {
    return { valid: false, error: reportOf(error), id: name, package: null, card, folder }
  }
}
