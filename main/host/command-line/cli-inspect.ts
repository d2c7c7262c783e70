/** One file's data set as a tree, and what will be shown of it and why, for the command line. */
import { reportOf, type ErrorReport } from '../../../contracts/errors'
import type { FrameDescription } from '../../../contracts/frame'
import { fileSource } from '../../base/byte-source'
import { describeObject, type ObjectDescription } from '../../dicom/describe-object'
import { readDicomObject } from '../../dicom/dicom-object'
import { decodeFrame } from '../../pixels/decode-frame'
import { explainPicture } from '../../pixels/explain-picture'
import type { Reason } from '../../pixels/reason'

export interface Inspection extends ObjectDescription {
  /** The first frame after the modality LUT; null where it is not shown. */
  readonly shown: Omit<FrameDescription, 'presentation'> | null
  readonly refused: ErrorReport | null
  /** Why the first frame looks as it does, or is not shown. */
  readonly reasons: readonly Reason[]
}

/** @throws DicomError, OverreadError where the file cannot be read at all. */
export async function inspectFile(path: string): Promise<Inspection> {
  const source = fileSource(path)
  try {
    const object = readDicomObject(source)
    const described = describeObject(object)
    try {
      const { description } = await decodeFrame(object, 0, 'modality')
      const { presentation: _presentation, ...shown } = description
      return { ...described, shown, refused: null, reasons: explainPicture(object, 0, description) }
    } catch (error) {
      const refused = reportOf(error)
      return { ...described, shown: null, refused, reasons: explainPicture(object, 0, refused) }
    }
  } finally {
    source.close()
  }
}
