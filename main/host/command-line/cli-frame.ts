/** One frame of a file outside the archive, for the command line: as the object counts its frames, a mosaic whole. */
import type { Frame, FrameStage } from '../../../contracts/frame'
import { fileSource } from '../../base/byte-source'
import { readDicomObject } from '../../dicom/dicom-object'
import { decodeFrame } from '../../pixels/decode-frame'

/** @throws DicomError as `decodeFrame`; OverreadError 'file.unreadable' */
export async function fileFrame(path: string, frameIndex: number, stage: FrameStage): Promise<Frame> {
  const source = fileSource(path)
  try {
    return await decodeFrame(readDicomObject(source), frameIndex, stage)
  } finally {
    source.close()
  }
}
