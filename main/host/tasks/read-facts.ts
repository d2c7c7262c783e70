/** Worker task: the header facts and hash of a file outside the archive, for the command line. */
import { createHash } from 'node:crypto'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { DicomError } from '../../../contracts/errors'
import { fileSource } from '../../base/byte-source'
import { chunkBytes } from '../../base/hashing'
import { readDicomObject } from '../../dicom/dicom-object'
import { instanceFacts } from '../../dicom/header-facts'
import type { TaskResult } from './task-result'

export interface ReadFactsInput {
  readonly path: string
}

/** Null: not DICOM, to be skipped. */
export type ReadFactsOutput = { readonly facts: InstanceFacts; readonly sha256: string } | null

export async function readFactsTask({ path }: ReadFactsInput): Promise<TaskResult<ReadFactsOutput>> {
  const source = fileSource(path)
  try {
    const facts = instanceFacts(readDicomObject(source))
    const hash = createHash('sha256')
    for (let offset = 0; offset < source.size; offset += chunkBytes) hash.update(source.read(offset, chunkBytes))
    return { value: { facts, sha256: hash.digest('hex') } }
  } catch (error) {
    if (error instanceof DicomError && error.code === 'file.not-dicom') return { value: null }
    throw error
  } finally {
    source.close()
  }
}
