/** Adding, choosing and removing networks, and whose signatures are trusted, for the command line. Not beside an app: it alone writes. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import type { Adding, TrustEntry } from '../../../contracts/model-store'
import type { SelfCheckRow } from '../../../contracts/self-check'
import { openArchive } from '../../archive/archive'
import { layoutOf } from '../../archive/layout'
import { writeAtomically } from '../../base/atomic-write'
import type { InstalledModel } from '../../networks/catalogue'
import { loadModelPackage } from '../../networks/package'
import { digestOf, readManifest, signatureFile } from '../../networks/package-files'
import { readPublicKey, signManifest } from '../../networks/signature'
import { ComputeClient } from '../compute/compute-client'
import { computeStarter } from '../compute/start-compute'
import { defaultArchiveFolder } from '../default-archive'
import type { PackageOrigin } from '../models/model-store'
import { hostPaths } from '../paths'
import { modelChecks } from '../self-check/model-checks'
import { withEngine } from './cli-archive'

/** The answer says how it ended. @throws OverreadError what opening the archive gave */
export function addPackage(
  entry: string,
  archive: string | null,
  origin: PackageOrigin,
  onProgress: (adding: Adding) => void,
): Promise<Adding> {
  return withEngine(entry, archive, ({ store }) => store.add(origin, onProgress))
}

/** @throws OverreadError as `ModelStore.use` */
export function usePackage(entry: string, archive: string | null, modelId: string, version: string, back: boolean): Promise<void> {
  return withEngine(entry, archive, ({ store }) => store.use(modelId, version, back))
}

/** @throws OverreadError as `ModelStore.remove` */
export function removePackage(entry: string, archive: string | null, modelId: string, version: string): Promise<void> {
  return withEngine(entry, archive, ({ store }) => store.remove(modelId, version))
}

/** Each against its hash, and its golden case on each provider of this computer. */
export async function verifyPackages(entry: string, models: readonly InstalledModel[]): Promise<SelfCheckRow[]> {
  const compute = new ComputeClient(computeStarter(hostPaths(entry).compute))
  try {
    const rows: SelfCheckRow[] = []
    for (const check of modelChecks(models, { compute })) {
      const row = await check()
      if (row) rows.push(row)
    }
    return rows
  } finally {
    await compute.close()
  }
}

/** Every key with what holds of it now, in the order in which they came. */
export function listTrust(archive: string | null): TrustEntry[] {
  const { folder, database } = layoutOf(archive ?? defaultArchiveFolder())
  if (!existsSync(database)) return []
  const opened = openArchive(folder, { readOnly: true })
  try {
    return [...new Map(opened.listTrustEntries().map((entry) => [entry.publicKey, entry])).values()]
  } finally {
    opened.close()
  }
}

/**
 * `key`: of a file that holds it, or itself. `name` null where it is withdrawn.
 *
 * @throws OverreadError 'model.key'; 'request.unknown' where a key is withdrawn that was not trusted
 */
export async function changeTrust(entry: string, archive: string | null, key: string, name: string | null): Promise<TrustEntry> {
  const publicKey = readPublicKey((await textOf(key)) ?? key)
  const known = listTrust(archive).find((one) => one.publicKey === publicKey)
  if (name === null && !known) throw new OverreadError('request.unknown', 'this key')
  await withEngine(entry, archive, ({ store }) => store.trust(publicKey, name ?? known!.name, name !== null))
  return listTrust(archive).find((one) => one.publicKey === publicKey)!
}

/**
 * Writes `signature.json` into a package's folder.
 *
 * @throws OverreadError what is wrong with the package; 'file.unreadable', 'model.key'
 */
export async function signPackage(
  folder: string,
  keyFile: string,
): Promise<{ id: string; version: string; digest: string; publicKey: string }> {
  const { package: described } = await loadModelPackage(folder)
  const manifest = await readManifest(folder, described)
  const key = await textOf(keyFile)
  if (key === null) throw new OverreadError('file.unreadable', 'the key')
  const signature = signManifest(manifest, key)
  writeAtomically(join(folder, signatureFile), [new TextEncoder().encode(`${JSON.stringify(signature, null, 2)}\n`)])
  return { id: described.id, version: described.version, digest: digestOf(manifest), publicKey: signature.publicKey }
}

const mostKeyBytes = 1 << 16

async function textOf(path: string): Promise<string | null> {
  const entry = await stat(path).catch(() => null)
  return entry?.isFile() && entry.size <= mostKeyBytes ? readFile(path, 'utf8') : null
}
