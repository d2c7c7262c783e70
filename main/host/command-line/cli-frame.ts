/** One frame of a file outside the archive, for the command line: as the object counts its frames, a mosaic whole. */
import type { Frame, FrameStage } from '../../../contracts/frame'
import { fileSource } from '../../base/byte-source'
import { readDicomObject } from '../../dicom/dicom-object'
import { frameGeometries, numberOfFrames } from '../../dicom/frame-geometry'
import { edgeLetters, uprightView, type EdgeLetters } from '../../geometry/orientation'
import { decodeFrame } from '../../pixels/decode-frame'

export interface FileFrame extends Frame {
  /** Where the patient's sides lie on the frame as it is written; empty where unknown. */
  readonly edges: EdgeLetters
}

/** @throws DicomError as `decodeFrame`; OverreadError 'file.unreadable' */
export async function fileFrame(path: string, frameIndex: number, stage: FrameStage): Promise<FileFrame> {
  const source = fileSource(path)
  try {
    const object = readDicomObject(source)
    const frame = await decodeFrame(object, frameIndex, stage)
    const { dataSet } = object
    const geometry = frameGeometries(dataSet, numberOfFrames(dataSet))
    const { orientation } = geometry[frameIndex] ?? geometry[0]
    return { ...frame, edges: edgeLetters(orientation, uprightView, dataSet.texts(0x00200020)) }
  } finally {
    source.close()
  }
}
