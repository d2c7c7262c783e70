/** Each decoder gives the stored values that another tool's encoder was given (assets/self-check/make-decoders.py). */
import cases from '../../../assets/self-check/decoders.json'
import { OverreadError } from '../../../contracts/errors'
import { bytesSource } from '../../base/byte-source'
import { sha256 } from '../../base/hashing'
import { readDicomObject } from '../../dicom/dicom-object'
import { decodeFrame } from '../../pixels/decode-frame'
import { checkRow, passed, type Answer, type Check } from './check-row'

export interface DecoderCase {
  readonly name: string
  /** Of the stored values, little endian, interleaved by pixel. */
  readonly sha256: string
  /** The DICOM object, base64. */
  readonly object: string
}

export const decoderCases: readonly DecoderCase[] = cases

export function decoderChecks(wanted: readonly DecoderCase[] = decoderCases): Check[] {
  return wanted.map((decoder) => () => checkRow({ kind: 'decoder', name: decoder.name, provider: null }, () => decode(decoder)))
}

/** @throws DicomError what decoding finds; OverreadError 'self-check.values' */
async function decode(decoder: DecoderCase): Promise<Answer> {
  const object = readDicomObject(bytesSource(new Uint8Array(Buffer.from(decoder.object, 'base64'))))
  const { samples, description } = await decodeFrame(object, 0, 'stored')
  const hash = sha256(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
  if (hash !== decoder.sha256) throw new OverreadError('self-check.values', 'stored values')
  return passed(`All ${samples.length} values are those that were encoded (${description.columns} × ${description.rows})`)
}
