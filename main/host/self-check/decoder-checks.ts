/** Each decoder gives the stored values that another tool's encoder was given (assets/self-check/make-decoders.py). */
import cases from '../../../assets/self-check/decoders.json'
import { OverreadError } from '../../../contracts/errors'
import type { WorkerPool } from '../worker-pool'
import { checkRow, passed, type Answer, type Check } from './check-row'

/** The threads that decode for the reader: theirs is what is proven. */
export type Decoders = Pick<WorkerPool, 'run'>

export interface DecoderCase {
  readonly name: string
  /** Of the stored values, little endian, interleaved by pixel. */
  readonly sha256: string
  /** The DICOM object, base64. */
  readonly object: string
}

export const decoderCases: readonly DecoderCase[] = cases

export function decoderChecks(decoders: Decoders, wanted: readonly DecoderCase[] = decoderCases): Check[] {
  return wanted.map((decoder) => () => checkRow({ kind: 'decoder', name: decoder.name, provider: null }, () => decode(decoders, decoder)))
}

/** @throws DicomError what decoding finds; OverreadError 'self-check.values', 'worker.died' */
async function decode(decoders: Decoders, { object, sha256 }: DecoderCase): Promise<Answer> {
  const decoded = await decoders.run('stored-values.hash', new Uint8Array(Buffer.from(object, 'base64')))
  if (decoded.sha256 !== sha256) throw new OverreadError('self-check.values', 'stored values')
  return passed(`All ${decoded.values} values are those that were encoded (${decoded.columns} × ${decoded.rows})`)
}
