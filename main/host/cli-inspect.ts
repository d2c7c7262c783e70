/** One file's data set as a tree, and what will be shown of it, for the command line. */
import { reportOf, type ErrorReport } from '../../contracts/errors'
import type { FrameDescription } from '../../contracts/frame'
import { fileSource } from '../base/byte-source'
import { describeObject, type ObjectDescription } from '../dicom/describe-object'
import { readDicomObject } from '../dicom/dicom-object'
import { decodeFrame } from '../pixels/decode-frame'

export interface Inspection extends ObjectDescription {
  /** How the first frame is shown, or why it is not. */
  readonly shown: Omit<FrameDescription, 'presentation'> | null
  readonly refused: ErrorReport | null
}

/** @throws DicomError, OverreadError where the file cannot be read at all. */
export async function inspectFile(path: string): Promise<Inspection> {
  const source = fileSource(path)
  try {
    const object = readDicomObject(source)
    const described = describeObject(object)
    try {
      const { presentation: _presentation, ...shown } = (await decodeFrame(object, 0, 'display')).description
      return { ...described, shown, refused: null }
    } catch (error) {
      return { ...described, shown: null, refused: reportOf(error) }
    }
  } finally {
    source.close()
  }
}
