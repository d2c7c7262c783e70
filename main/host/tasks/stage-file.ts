/** Worker task: reads one file for import and copies it, hashed and synced, into the archive's temporary folder. */
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { DicomError } from '../../../contracts/errors'
import { stageFile, type StagedFile } from '../../archive/staging'
import { fileSource } from '../../base/byte-source'
import { readDicomObject } from '../../dicom/dicom-object'
import { instanceFacts } from '../../dicom/header-facts'
import type { TaskResult } from './task-result'

export interface StageFileInput {
  readonly path: string
  readonly archiveFolder: string
}

/** Null: not DICOM, to be skipped. */
export type StageFileOutput = { readonly staged: StagedFile; readonly facts: InstanceFacts } | null

export async function stageFileTask({ path, archiveFolder }: StageFileInput): Promise<TaskResult<StageFileOutput>> {
  const facts = readFacts(path)
  if (!facts) return { value: null }
  return { value: { staged: await stageFile(path, archiveFolder), facts } }
}

function readFacts(path: string): InstanceFacts | null {
  const source = fileSource(path)
  try {
    return instanceFacts(readDicomObject(source))
  } catch (error) {
    if (error instanceof DicomError && error.code === 'file.not-dicom') return null
    throw error
  } finally {
    source.close()
  }
}
