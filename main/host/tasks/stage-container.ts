/** Worker task: the objects within a ZIP or a disc image, each copied into the archive's temporary folder before the next is read. */
import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
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

export interface StageContainerInput extends StageFileInput {
  /** Takes staged entries, a batch at a time, and answers each with whether to go on. */
  readonly port: MessagePort
  /** Entries a batch; tests make it small. */
  readonly batchSize?: number
}

export type StagedEntry = StagedObject & { readonly name: string }

export interface StageContainerOutput {
  /** Entries that are no DICOM, and DICOMDIRs. */
  readonly skipped: number
  readonly refused: readonly { readonly name: string; readonly error: ThreadError }[]
}

/** One batch is staged while the one before it is stored, so that memory holds two. */
const usualBatch = 256

/** The other side wants no more. */
class Stopped extends Error {}

export async function stageContainerTask({
  path,
  archiveFolder,
  port,
  batchSize = usualBatch,
}: StageContainerInput): Promise<TaskResult<StageContainerOutput>> {
  const refused: { name: string; error: ThreadError }[] = []
  let skipped = 0
  let batch: StagedEntry[] = []
  let answer: Promise<unknown[]> | null = null
  const answered = async () => {
    const [more] = (await answer) ?? [true]
    answer = null
    if (!more) throw new Stopped()
  }
  const deliver = async () => {
    await answered()
    answer = once(port, 'message')
    port.postMessage(batch)
    batch = []
  }
  const take = async ({ name, source }: ContainerEntry) => {
    try {
      const object = readDicomObject(source)
      if (isDirectory(object)) skipped++
      else batch.push({ name, facts: instanceFacts(object), staged: stageFile(source, archiveFolder) })
    } catch (error) {
      if (error instanceof DicomError && error.code === 'file.not-dicom') skipped++
      else if (error instanceof OverreadError && !error.code.startsWith('archive.')) refused.push({ name, error: threadError(error) })
      else throw error
    }
    if (batch.length >= batchSize) await deliver()
  }
  const source = fileSource(path)
  try {
    await readContainer(source, take, ({ name, error }) => refused.push({ name, error: threadError(error) }))
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  } finally {
    source.close()
    // Also where the container is damaged or too large from here on: what was staged before is whole.
    await (batch.length > 0 ? deliver().then(answered) : answered()).catch(() => {})
    port.close()
  }
  return { value: { skipped, refused } }
}
