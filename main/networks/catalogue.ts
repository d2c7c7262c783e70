/** Every model package there is, the unusable ones with the reason: those that came with Overread and those that were added. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OverreadError, reportOf } from '../../contracts/errors'
import { isPictureModel, type ModelPackage, type PictureModel, type VolumeModel } from '../../contracts/model-package'
import { compareVersions, type ModelEntry, type ModelEvent, type TrustEntry } from '../../contracts/model-store'
import { loadModelPackage, readCard, readSignature } from './package'
import { digestOf, readManifest } from './package-files'
import { bundled, signatureOf, unsigned } from './signature'
import { activeOf } from './versions'

export interface InstalledModel extends ModelEntry {
  readonly folder: string
}

/** What was added, where it lies, and what was said of it. */
export interface AddedPackages {
  /** Its subfolders are named by digest. */
  readonly folder: string
  readonly events: readonly ModelEvent[]
  readonly trust: readonly TrustEntry[]
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
      const entry = await describeBundled(join(root, name), name)
      if (!found.has(entry.id)) found.set(entry.id, entry)
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Every version of every package: by id, of each the newest first. One of each id is `active`. */
export async function readCatalogue(roots: readonly string[], added: AddedPackages | null): Promise<InstalledModel[]> {
  const all = [...(await listModelPackages(roots)), ...(added === null ? [] : await listAdded(added))]
  const active = new Set([...new Set(all.map(({ id }) => id))].map((id) => activeOf(versionsOf(all, id), added?.events ?? [])))
  return all
    .map((entry) => ({ ...entry, active: active.has(entry) }))
    .sort((a, b) => (a.id === b.id ? compareVersions(b.version ?? '', a.version ?? '') : a.id < b.id ? -1 : 1))
}

export function versionsOf(models: readonly InstalledModel[], id: string): InstalledModel[] {
  return models.filter((entry) => entry.id === id)
}

/** The versions that analyses use. */
export function activeModels(models: readonly InstalledModel[]): InstalledModel[] {
  return models.filter(({ active }) => active)
}

/**
 * The version in use of a network, or the one that is named: `chest-lungs`, `chest-lungs@1.2.0`.
 *
 * @throws OverreadError 'model.missing', or what is wrong with the package
 */
export function modelNamed(models: readonly InstalledModel[], name: string): InstalledModel & { readonly package: ModelPackage } {
  const [id, version] = name.split('@', 2)
  const found = models.find((entry) => entry.id === id && (version === undefined ? entry.active : entry.version === version))
  if (!found) throw new OverreadError('model.missing', name)
  if (!found.package) throw new OverreadError(found.error?.code ?? 'model.schema')
  return { ...found, package: found.package }
}

/** The usable input check that a package names; null where it names none or none is installed. */
export function inputCheckOf(
  { accepts: { pixels } }: ModelPackage,
  models: readonly InstalledModel[],
): (InstalledModel & { readonly package: PictureModel }) | null {
  const check = models.find(({ id, active, package: described }) => active && id === pixels?.model && described?.task === 'input-check')
  if (!check?.package || !isPictureModel(check.package)) return null
  // Without an operating point for the label there is no line between suitable and not.
  const knows = check.package.operatingPoints.some(({ label }) => label === pixels?.label)
  return knows ? { ...check, package: check.package } : null
}

/** The usable network of volumes whose labels say where this one looks; null where it names none or none is installed. */
export function cropModelOf(
  { preprocess: { crop } }: VolumeModel,
  models: readonly InstalledModel[],
): (InstalledModel & { readonly package: VolumeModel }) | null {
  const wanted = crop !== null && 'model' in crop.to ? crop.to.model : null
  const found = models.find(({ id, active }) => active && id === wanted)
  if (!found?.package || isPictureModel(found.package)) return null
  return { ...found, package: found.package }
}

async function packageFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const folders: string[] = []
  for (const name of names.sort().slice(0, mostFolders)) {
    const files = await readdir(join(root, name)).catch((): string[] => [])
    if (files.includes('model.json')) folders.push(name)
  }
  return folders
}

async function describeBundled(folder: string, name: string): Promise<InstalledModel> {
  const common = {
    card: await readCard(folder),
    folder,
    source: 'bundled',
    digest: null,
    active: true,
    signature: bundled,
    added: null,
  } as const
  try {
    const { package: description } = await loadModelPackage(folder)
    return { ...common, valid: true, error: null, id: description.id, version: description.version, package: description }
  } catch (error) {
    return { ...common, valid: false, error: reportOf(error), id: name, version: null, package: null }
  }
}

/** What was added and not removed since, each against the digest that it was added with. */
async function listAdded({ folder, events, trust }: AddedPackages): Promise<InstalledModel[]> {
  const additions = new Map<string, ModelEvent>()
  for (const event of events) {
    if (event.digest === null) continue
    if (event.action === 'added') additions.set(event.digest, event)
    if (event.action === 'removed') additions.delete(event.digest)
  }
  const entries: InstalledModel[] = []
  for (const [digest, addition] of additions) entries.push(await describeAdded(join(folder, digest), digest, addition, trust))
  return entries
}

async function describeAdded(folder: string, digest: string, addition: ModelEvent, trust: readonly TrustEntry[]): Promise<InstalledModel> {
  const added = { at: addition.at, by: addition.by }
  const common = { card: await readCard(folder), folder, source: 'added', digest, active: false, added } as const
  try {
    const { package: description } = await loadModelPackage(folder)
    const manifest = await readManifest(folder, description)
    if (digestOf(manifest) !== digest) throw new OverreadError('model.hash', 'a file of the package was changed after it was added')
    const signature = signatureOf(manifest, await readSignature(folder), trust)
    return { ...common, valid: true, error: null, id: description.id, version: description.version, package: description, signature }
  } catch (error) {
    const { modelId, version } = addition
    return { ...common, valid: false, error: reportOf(error), id: modelId, version, package: null, signature: unsigned }
  }
}
