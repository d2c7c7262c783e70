/** PNG pictures of a labelled folder as DICOM objects in a temporary folder, a part of them at a time. */
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isPng } from '../../evaluation/png'
import { folderOf } from '../../evaluation/picture-name'
import { newUid } from '../../interchange/uid'
import { reportOf, type ErrorReport } from '../../../contracts/errors'
import type { FilesByName } from './layout'
import type { WorkerPool } from '../worker-pool'

/** As many single pictures lie in the temporary folder at a time. */
const batchSize = 64

/** Names and paths of pictures that are read together. */
export type Batch = readonly (readonly [name: string, path: string])[]

export interface SortedFiles {
  readonly dicom: Batch
  /** A batch that is read as a series holds one folder. */
  readonly png: readonly Batch[]
}

/** By their first bytes, whatever they are called. */
export async function sortFiles(images: FilesByName, asSeries: boolean): Promise<SortedFiles> {
  const dicom: (readonly [string, string])[] = []
  const png: (readonly [string, string])[] = []
  for (const [name, path] of images) ((await startsAsPng(path)) ? png : dicom).push([name, path])
  return { dicom, png: asSeries ? byFolder(png) : inBatches(png) }
}

async function startsAsPng(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return false
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return isPng(buffer)
  } finally {
    await file.close()
  }
}

function byFolder(files: Batch): Batch[] {
  const folders = new Map<string, (readonly [string, string])[]>()
  for (const file of files) {
    const folder = folderOf(file[0])
    const own = folders.get(folder)
    if (own) own.push(file)
    else folders.set(folder, [file])
  }
  return [...folders.values()]
}

function inBatches(files: Batch): Batch[] {
  return Array.from({ length: Math.ceil(files.length / batchSize) }, (_, index) => files.slice(index * batchSize, (index + 1) * batchSize))
}

export interface WrappedFile {
  readonly name: string
  /** Of the PNG. */
  readonly sha256: string
}

export interface Wrapping {
  readonly workers: WorkerPool
  readonly folder: string
  /** One series in the order of the batch; else each picture its own. */
  readonly asSeries: boolean
  readonly signal?: AbortSignal
  onFailure(name: string, error: ErrorReport): void
}

/** Gives `action` the objects of a batch by path, and removes them. */
export async function withWrapped<T>(
  batch: Batch,
  wrapping: Wrapping,
  action: (files: ReadonlyMap<string, WrappedFile>) => Promise<T>,
): Promise<T> {
  const folder = join(wrapping.folder, newUid())
  await mkdir(folder, { mode: 0o700 })
  try {
    return await action(await wrap(batch, folder, wrapping))
  } finally {
    // What a worker still holds open goes with the temporary folder.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

async function wrap(batch: Batch, folder: string, { workers, asSeries, signal, onFailure }: Wrapping) {
  const series = { seriesInstanceUid: newUid(), studyInstanceUid: newUid() }
  const wrapped = await allEnded(
    batch.map(async ([name, path], index) => {
      const own = asSeries ? series : { seriesInstanceUid: newUid(), studyInstanceUid: newUid() }
      const target = join(folder, `${index}.dcm`)
      const place = { ...own, sopInstanceUid: newUid(), instanceNumber: asSeries ? index + 1 : 1 }
      try {
        const { sha256 } = await workers.run('evaluation.wrap-png', { path, target, place }, { signal })
        return [target, { name, sha256 }] as const
      } catch (error) {
        if (signal?.aborted) throw error
        onFailure(name, reportOf(error))
        return null
      }
    }),
  )
  return new Map(wrapped.filter((entry) => entry !== null))
}

/** As Promise.all, but after the last has ended: what still writes would write into a folder that is being removed. */
async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
