/** Copies what a description names from a source into a folder of the archive's own, each file within its bound, and flushes it. */
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import type { ModelPackage } from '../../../contracts/model-package'
import { freeBytes } from '../../base/free-space'
import { syncFolder } from '../../base/atomic-write'
import { largest, readDescription } from '../../networks/package'
import { descriptionFile, filesNamedBy, signatureFile } from '../../networks/package-files'
import type { PackageSource, SourceFile } from './package-source'

/** Kept free besides, so that the archive can go on. */
const reserveBytes = 64 << 20
/** Of a whole package, bytes. */
const largestPackage = 2 ** 31

export interface StagedPackage {
  readonly package: ModelPackage
  /** Of the source, that no description names. */
  readonly leftOut: readonly string[]
}

export interface Staging {
  /** Exists and is empty. */
  readonly folder: string
  readonly signal?: AbortSignal
  /** Bytes copied. */
  onProgress(done: number, total: number): void
}

/** @throws OverreadError 'model.schema', 'model.missing', 'model.file', 'model.too-large', 'archive.disk-full', 'compute.cancelled' */
export async function stagePackage({ files }: PackageSource, { folder, signal, onProgress }: Staging): Promise<StagedPackage> {
  const description = files.get(descriptionFile)
  if (!description) throw new OverreadError('model.file', 'it holds no model.json')
  await copy(description, join(folder, descriptionFile), { most: largest.description, name: descriptionFile, signal })
  const described = await readDescription(folder)
  const names = filesNamedBy(described)
  const wanted = [...names.needed, ...[...names.optional, signatureFile].filter((name) => files.has(name))].filter(
    (name) => name !== descriptionFile,
  )
  const sizes = wanted.map((name) => {
    const size = files.get(name)?.size
    if (size === undefined) throw new OverreadError('model.missing', name)
    if (size > mostOf(name)) throw new OverreadError('model.too-large', `${name} holds ${size} bytes, more than ${mostOf(name)}`)
    return size
  })
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > largestPackage) throw new OverreadError('model.too-large', `${total} bytes`)
  if (total + reserveBytes > freeBytes(folder)) throw new OverreadError('archive.disk-full')
  let done = 0
  for (const name of wanted) {
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 })
    const tell = (bytes: number) => onProgress((done += bytes), total)
    await copy(files.get(name)!, join(folder, name), { most: mostOf(name), name, signal, tell })
  }
  syncFolder(join(folder, 'golden'))
  syncFolder(folder)
  const known = new Set([descriptionFile, ...wanted])
  return { package: described, leftOut: [...files.keys()].filter((name) => !known.has(name)).sort() }
}

function mostOf(name: string): number {
  if (name.startsWith('golden/')) return largest.golden
  if (name === signatureFile) return largest.signature
  return name === 'card.md' || name === 'LICENSE' ? largest.card : largest.weights
}

interface Copying {
  readonly most: number
  readonly name: string
  readonly signal?: AbortSignal
  readonly tell?: (bytes: number) => void
}

/** What comes is counted, whatever was stated. */
async function copy(source: SourceFile, target: string, { most, name, signal, tell }: Copying): Promise<void> {
  const file = await open(target, 'wx', 0o600)
  try {
    let length = 0
    for await (const part of source.read()) {
      if (signal?.aborted) throw new OverreadError('compute.cancelled')
      length += part.length
      if (length > most) throw new OverreadError('model.too-large', `${name} holds more than ${most} bytes`)
      await file.writeFile(part)
      tell?.(part.length)
    }
    await file.sync()
  } finally {
    await file.close()
  }
}
