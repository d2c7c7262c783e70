/** Worker task: the objects within a ZIP, each copied into the archive's temporary folder before the next is inflated. */
import { stageFile } from '../../archive/staging'
import { DicomError, OverreadError } from '../../../contracts/errors'
import { bytesSource, fileSource } from '../../base/byte-source'
import { readDicomObject } from '../../dicom/dicom-object'
import { isDirectory } from '../../dicom/dicomdir'
import { instanceFacts } from '../../dicom/header-facts'
import { readZip, type ZipEntryFile } from '../../dicom/zip'
import { threadError, type ThreadError } from '../task-message'
import type { StagedObject, StageFileInput } from './stage-file'
import type { TaskResult } from './task-result'

export interface StageZipOutput {
  readonly objects: readonly (StagedObject & { readonly name: string })[]
  /** Entries that are no DICOM, and DICOMDIRs. */
  readonly skipped: number
  readonly refused: readonly { readonly name: string; readonly error: ThreadError }[]
}

export async function stageZipTask({ path, archiveFolder }: StageFileInput): Promise<TaskResult<StageZipOutput>> {
  const objects: (StagedObject & { name: string })[] = []
  const refused: { name: string; error: ThreadError }[] = []
  let skipped = 0
  const take = ({ name, bytes }: ZipEntryFile) => {
    try {
      const object = readDicomObject(bytesSource(bytes))
      if (isDirectory(object)) skipped++
      else objects.push({ name, facts: instanceFacts(object), staged: stageFile(bytes, archiveFolder) })
    } catch (error) {
      if (error instanceof DicomError && error.code === 'file.not-dicom') skipped++
      else if (error instanceof OverreadError && !error.code.startsWith('archive.')) refused.push({ name, error: threadError(error) })
      else throw error
    }
  }
  const source = fileSource(path)
  try {
    await readZip(source, take, ({ name, error }) => refused.push({ name, error: threadError(error) }))
  } finally {
    source.close()
  }
  return { value: { objects, skipped, refused } }
}
