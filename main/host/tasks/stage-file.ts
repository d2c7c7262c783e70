/** Part of a worker task: reads one file for import and copies it, hashed and synced, into the archive's temporary folder. */
import { readdirSync, type Dirent } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { DicomError } from '../../../contracts/errors'
import { stageFileSoon, type StagedFile } from '../../archive/staging'
import { bytesSource, fileSource } from '../../base/byte-source'
import { chunkBytes } from '../../base/hashing'
import { isContainer } from '../../dicom/container'
import { readDicomObject, type DicomObject } from '../../dicom/dicom-object'
import { directoryContents, isDirectory, isDirectoryName, nameMatcher, type DirectoryFile } from '../../dicom/dicomdir'
import { instanceFacts } from '../../dicom/header-facts'
import { threadError, type TaskAllowance, type ThreadError } from '../task-message'

export interface StageFileInput {
  readonly path: string
  readonly archiveFolder: string
}

export interface StagedObject {
  readonly staged: StagedFile
  readonly facts: InstanceFacts
}

/** A DICOMDIR, and the files beside it that it names and that are there. */
export interface StagedDirectory {
  readonly kind: 'directory'
  readonly files: readonly string[]
  /** Why its files cannot be relied on: some are not there, it names none, or it cannot be read. */
  readonly fault: ThreadError | null
}

export type StageFileOutput =
  | { readonly kind: 'object'; readonly object: StagedObject }
  /** A ZIP or a disc image, to be opened by the task `container.stage`. */
  | { readonly kind: 'container' }
  | StagedDirectory
  | { readonly kind: 'not-dicom' }

/** The file is read and copied when this returns, and on disk when its promise is kept. */
export async function stageOneFile(path: string, archiveFolder: string): Promise<StageFileOutput> {
  const read = readFile(path)
  if (read.kind !== 'facts') return read
  return { kind: 'object', object: { staged: await stageFileSoon(read.bytes ?? path, archiveFolder), facts: read.facts } }
}

interface ReadFacts {
  readonly kind: 'facts'
  readonly facts: InstanceFacts
  /** The whole file where it is no larger than a chunk: it is read once. */
  readonly bytes: Uint8Array | null
}

function readFile(path: string): Exclude<StageFileOutput, { kind: 'object' }> | ReadFacts {
  const file = fileSource(path)
  try {
    allowStagingTime(file.size)
    const bytes = file.size <= chunkBytes ? file.read(0, file.size) : null
    const source = bytes ? bytesSource(bytes) : file
    if (isContainer(source)) return { kind: 'container' }
    const object = readDicomObject(source)
    if (isDirectory(object)) return readDirectory(path, object)
    return { kind: 'facts', facts: instanceFacts(object), bytes }
  } catch (error) {
    if (!(error instanceof DicomError)) throw error
    if (isDirectoryName(basename(path))) return directory([], new DicomError('dicomdir.damaged', error.detail))
    if (error.code === 'file.not-dicom') return { kind: 'not-dicom' }
    throw error
  } finally {
    file.close()
  }
}

/** Reading, copying and syncing what is next, ms, and for each byte besides: slow media give some megabytes a second. */
const stagingMs = 120_000
const stagingBytesPerMs = 2000

function allowStagingTime(bytes: number): void {
  parentPort?.postMessage({ allowMs: stagingMs + Math.ceil(bytes / stagingBytesPerMs) } satisfies TaskAllowance)
}

function directory(files: readonly string[], fault: DicomError | null): StagedDirectory {
  return { kind: 'directory', files, fault: fault && threadError(fault) }
}

function readDirectory(path: string, object: DicomObject): StagedDirectory {
  const { files, outside } = directoryContents(object)
  const named = files.length + outside
  if (named === 0) return directory([], new DicomError('dicomdir.empty'))
  const there = filesBeside(path, files)
  const missing = outside + there.filter((found) => found === null).length
  return directory(
    [...new Set(there.filter((found) => found !== null))],
    missing > 0 ? new DicomError('dicomdir.missing', `${missing} of ${named}`) : null,
  )
}

/** Where each file is: its id is matched against the names that are there, whatever their case. Null where there is none. */
function filesBeside(directory: string, files: readonly DirectoryFile[]): (string | null)[] {
  const listed = new Map<string, Names>()
  const namesIn = (folder: string): Names => {
    let names = listed.get(folder)
    if (!names) listed.set(folder, (names = listNames(folder)))
    return names
  }
  return files.map(({ path }) => {
    let at = dirname(directory)
    for (const [index, component] of path.entries()) {
      const { file, folder } = namesIn(at)
      const name = index === path.length - 1 ? file(component) : folder(component)
      if (name === null) return null
      at = join(at, name)
    }
    return at
  })
}

interface Names {
  file(component: string): string | null
  folder(component: string): string | null
}

/** What a folder holds, links left out; nothing where it cannot be read. */
function listNames(folder: string): Names {
  let entries: Dirent[] = []
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    // A folder that cannot be read holds nothing that could be taken.
  }
  return {
    file: nameMatcher(entries.filter((entry) => entry.isFile()).map(({ name }) => name)),
    folder: nameMatcher(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)),
  }
}
