/** Puts a package into the archive: copied aside, verified, proven on this computer, then moved into its place, whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { PackageSignature } from '../../../contracts/analysis'
import { OverreadError } from '../../../contracts/errors'
import type { ModelPackage } from '../../../contracts/model-package'
import type { Adding, TrustEntry } from '../../../contracts/model-store'
import { syncFolder, temporaryName } from '../../base/atomic-write'
import { versionsOf, type InstalledModel } from '../../networks/catalogue'
import { loadModelPackage, readSignature } from '../../networks/package'
import { digestOf, readManifest } from '../../networks/package-files'
import { signatureOf } from '../../networks/signature'
import type { ComputeClient, ComputeModel } from '../compute/compute-client'
import { openPackageSource } from './package-source'
import { stagePackage } from './stage-package'

export interface Installing {
  /** A folder or a ZIP. */
  readonly path: string
  /** Of the archive. */
  readonly temporary: string
  /** Where packages lie, each in a folder named by its digest. */
  readonly models: string
  readonly catalogue: readonly InstalledModel[]
  readonly trust: readonly TrustEntry[]
  readonly compute: Pick<ComputeClient, 'prepare'>
  readonly signal?: AbortSignal
  onProgress(change: Partial<Adding>): void
}

export interface InstalledPackage {
  readonly package: ModelPackage
  readonly digest: string
  readonly signature: PackageSignature
  /** It was there already. */
  readonly known: boolean
}

/**
 * @throws OverreadError what is wrong with the package; 'model.conflict' where another content has its id and version;
 * 'model.signature'; 'model.operators', 'model.golden' where this computer does not repeat its golden case;
 * 'archive.disk-full'; 'compute.cancelled'
 */
export async function installPackage(installing: Installing): Promise<InstalledPackage> {
  const { path, temporary, models, catalogue, trust, compute, signal, onProgress } = installing
  const folder = temporaryName(temporary)
  mkdirSync(folder, { mode: 0o700 })
  try {
    onProgress({ step: 'copying' })
    await stage(path, folder, signal, onProgress)
    onProgress({ step: 'checking', done: 0, total: 0 })
    const loaded = await loadModelPackage(folder)
    const { id, version } = loaded.package
    const manifest = await readManifest(folder, loaded.package)
    const digest = digestOf(manifest)
    const signature = signatureOf(manifest, await readSignature(folder), trust)
    const same = versionsOf(catalogue, id).find((entry) => entry.version === version)
    if (same && (await digestOfEntry(same)) !== digest) throw new OverreadError('model.conflict', `${id} ${version}`)
    if (same) return { package: loaded.package, digest, signature, known: true }
    onProgress({ step: 'proving' })
    await prove(compute, { folder, sha256: loaded.package.sha256 }, signal)
    place(folder, models, digest)
    return { package: loaded.package, digest, signature, known: false }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function stage(path: string, folder: string, signal: AbortSignal | undefined, onProgress: Installing['onProgress']): Promise<void> {
  const source = await openPackageSource(path)
  try {
    const { package: described, leftOut } = await stagePackage(source, {
      folder,
      signal,
      onProgress: (done, total) => onProgress({ done, total }),
    })
    const { id, version, title } = described
    onProgress({ model: { id, version, title }, leftOut: leftOut.slice(0, 20).map((name) => name.slice(0, 256)) })
  } finally {
    source.close()
  }
}

/** Of one that cannot be read: that it was added with, or nothing. */
async function digestOfEntry({ digest, folder, package: described }: InstalledModel): Promise<string | null> {
  return digest ?? (described ? digestOf(await readManifest(folder, described)) : null)
}

/** On the CPU, which every computer has and others are held against; what TensorFlow.js must run, on what it finds. */
async function prove(compute: Installing['compute'], model: ComputeModel, signal: AbortSignal | undefined): Promise<void> {
  try {
    await compute.prepare(model, 'cpu', signal)
  } catch (error) {
    if (!(error instanceof OverreadError) || error.code !== 'inference.provider') throw error
    throw new OverreadError('model.golden', error.detail)
  }
}

/** A folder of this name that no row tells of was left by a kill and holds the same or is damaged. */
function place(folder: string, models: string, digest: string): void {
  mkdirSync(models, { recursive: true, mode: 0o700 })
  const target = join(models, basename(digest))
  if (existsSync(target)) rmSync(target, { recursive: true })
  renameSync(folder, target)
  syncFolder(models)
}
