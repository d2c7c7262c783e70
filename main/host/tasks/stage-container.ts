/** Worker task: the objects within a ZIP or a disc image, each copied into the archive's temporary folder before the next is read. */
import { stageFile } from '../../archive/staging'
import { DicomError, OverreadError } from '../../../contracts/errors'
import { fileSource } from '../../base/byte-source'
import { readContainer } from '../../dicom/container'
import type { ContainerEntry } from '../../dicom/container-budget'
import { readDicomObject } from '../../dicom/dicom-object'
import { isDirectory } from '../../dicom/dicomdir'
import { instanceFacts } from '../../dicom/header-facts'
import { threadError, type ThreadError } from '../task-message'
import type { StagedObject, StageFileInput } from './stage-file'
import type { TaskResult } from './task-result'

export interface StageContainerOutput {
  readonly objects: readonly (StagedObject & { readonly name: string })[]
  /** Entries that are no DICOM, and DICOMDIRs. */
  readonly skipped: number
  readonly refused: readonly { readonly name: string; readonly error: ThreadError }[]
}

export async function stageContainerTask({ path, archiveFolder }: StageFileInput): Promise<TaskResult<StageContainerOutput>> {
  const objects: (StagedObject & { name: string })[] = []
  const refused: { name: string; error: ThreadError }[] = []
  let skipped = 0
  const take = ({ name, source }: ContainerEntry) => {
    try {
      const object = readDicomObject(source)
      if (isDirectory(object)) skipped++
      else objects.push({ name, facts: instanceFacts(object), staged: stageFile(source, archiveFolder) })
    } catch (error) {
      if (error instanceof DicomError && error.code === 'file.not-dicom') skipped++
      else if (error instanceof OverreadError && !error.code.startsWith('archive.')) refused.push({ name, error: threadError(error) })
      else throw error
    }
  }
  const source = fileSource(path)
  try {
    await readContainer(source, take, ({ name, error }) => refused.push({ name, error: threadError(error) }))
  } finally {
    source.close()
  }
  return { value: { objects, skipped, refused } }
}
