/** Worker task: what the first frame of an object decodes to, as a hash: for the self-check, in the threads that decode for the reader. */
import { bytesSource } from '../../base/byte-source'
import { sha256 } from '../../base/hashing'
import { readDicomObject } from '../../dicom/dicom-object'
import { decodeFrame } from '../../pixels/decode-frame'
import type { TaskResult } from './task-result'

export interface StoredValues {
  /** Of the stored values, little endian, interleaved by pixel. */
  readonly sha256: string
  readonly values: number
  readonly columns: number
  readonly rows: number
}

/** @param input the whole object @throws DicomError what reading and decoding find */
export async function hashStoredValuesTask(input: Uint8Array): Promise<TaskResult<StoredValues>> {
  const { samples, description } = await decodeFrame(readDicomObject(bytesSource(input)), 0, 'stored')
  const hash = sha256(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
  return { value: { sha256: hash, values: samples.length, columns: description.columns, rows: description.rows } }
}
