/** Worker task: reads one file for import and copies it, hashed and synced, into the archive's temporary folder. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { DicomError } from '../../../contracts/errors'
import { stageFile, type StagedFile } from '../../archive/staging'
import { fileSource } from '../../base/byte-source'
import { readDicomObject } from '../../dicom/dicom-object'
import { directoryFiles, isDirectory, matchName, type DirectoryFile } from '../../dicom/dicomdir'
import { instanceFacts } from '../../dicom/header-facts'
import { isZip } from '../../dicom/zip'
import type { TaskResult } from './task-result'

export interface StageFileInput {
  readonly path: string
  readonly archiveFolder: string
}

export interface StagedObject {
  readonly staged: StagedFile
  readonly facts: InstanceFacts
}

export type StageFileOutput =
  | { readonly kind: 'object'; readonly object: StagedObject }
  /** To be opened by the task `zip.stage`. */
  | { readonly kind: 'zip' }
  /** A DICOMDIR, and the files beside it that it names and that are there. */
  | { readonly kind: 'directory'; readonly files: readonly string[] }
  | { readonly kind: 'not-dicom' }

export async function stageFileTask({ path, archiveFolder }: StageFileInput): Promise<TaskResult<StageFileOutput>> {
  const read = readFile(path)
  if (read.kind !== 'facts') return { value: read }
  return { value: { kind: 'object', object: { staged: stageFile(path, archiveFolder), facts: read.facts } } }
}

function readFile(path: string): Exclude<StageFileOutput, { kind: 'object' }> | { readonly kind: 'facts'; readonly facts: InstanceFacts } {
  const source = fileSource(path)
  try {
    if (isZip(source)) return { kind: 'zip' }
    const object = readDicomObject(source)
    if (isDirectory(object)) return { kind: 'directory', files: filesBeside(path, directoryFiles(object)) }
    return { kind: 'facts', facts: instanceFacts(object) }
  } catch (error) {
    if (error instanceof DicomError && error.code === 'file.not-dicom') return { kind: 'not-dicom' }
    throw error
  } finally {
    source.close()
  }
}

/** File ids are matched against the names that are there, whatever their case; what is not there is left out. */
function filesBeside(directory: string, files: readonly DirectoryFile[]): string[] {
  const listed = new Map<string, string[]>()
  const namesIn = (folder: string): string[] => {
    let names = listed.get(folder)
    if (!names) {
      names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() || entry.isDirectory() ? [entry.name] : []))
      listed.set(folder, names)
    }
    return names
  }
  const resolve = ({ path }: DirectoryFile): string | null => {
    let at = dirname(directory)
    for (const component of path) {
      const name = matchName(component, safely(() => namesIn(at)) ?? [])
      if (name === null) return null
      at = join(at, name)
    }
    return at
  }
  return [...new Set(files.map(resolve).filter((path) => path !== null))]
}

function safely<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
