/** Worker task: reads one file for import and copies it, hashed and synced, into the archive's temporary folder. */
import { readdirSync, type Dirent } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { DicomError } from '../../../contracts/errors'
import { stageFile, type StagedFile } from '../../archive/staging'
import { fileSource } from '../../base/byte-source'
import { isContainer } from '../../dicom/container'
import { readDicomObject, type DicomObject } from '../../dicom/dicom-object'
import { directoryContents, isDirectory, isDirectoryName, nameMatcher, type DirectoryFile } from '../../dicom/dicomdir'
import { instanceFacts } from '../../dicom/header-facts'
import { threadError, type ThreadError } from '../task-message'
import type { TaskResult } from './task-result'

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

export async function stageFileTask({ path, archiveFolder }: StageFileInput): Promise<TaskResult<StageFileOutput>> {
  const read = readFile(path)
  if (read.kind !== 'facts') return { value: read }
  return { value: { kind: 'object', object: { staged: stageFile(path, archiveFolder), facts: read.facts } } }
}

function readFile(path: string): Exclude<StageFileOutput, { kind: 'object' }> | { readonly kind: 'facts'; readonly facts: InstanceFacts } {
  const source = fileSource(path)
  try {
    if (isContainer(source)) return { kind: 'container' }
    const object = readDicomObject(source)
    if (isDirectory(object)) return readDirectory(path, object)
    return { kind: 'facts', facts: instanceFacts(object) }
  } catch (error) {
    if (!(error instanceof DicomError)) throw error
    if (isDirectoryName(basename(path))) return directory([], new DicomError('dicomdir.damaged', error.detail))
    if (error.code === 'file.not-dicom') return { kind: 'not-dicom' }
    throw error
  } finally {
    source.close()
  }
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
