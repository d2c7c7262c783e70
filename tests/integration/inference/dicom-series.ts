/** Series written as DICOM files, and the slices an analysis takes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesSource } from '../../../main/base/byte-source'
import { sha256 } from '../../../main/base/hashing'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { writeDicom, type NaturalDataSet } from '../../../main/interchange/write-dicom'
import type { AnalysisSlice } from '../../../main/host/analysis/analysis-input'

export interface Picture {
  readonly rows: number
  readonly columns: number
  /** Stored values, 16 bits, signed. */
  readonly pixels: Int16Array
  readonly header?: NaturalDataSet
}

/** Writes one object and gives it as a slice. */
export function writeSlice(
  folder: string,
  index: number,
  { rows, columns, pixels, header = {} }: Picture,
  positionMm: number | null,
): AnalysisSlice {
  const sopInstanceUid = `1.2.826.0.1.${index + 1}`
  const bytes = writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    SOPInstanceUID: sopInstanceUid,
    StudyInstanceUID: '1.2.826.0.2',
    SeriesInstanceUID: '1.2.826.0.3',
    PatientID: 'TEST',
    PatientName: 'TEST',
    Modality: 'MR',
    InstanceNumber: index + 1,
    Rows: rows,
    Columns: columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    PixelSpacing: [2, 0.5],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [0, 0, positionMm ?? 0],
    ...header,
    PixelData: new Uint8Array(pixels.buffer),
    _vrMap: { PixelData: 'OW', ...header._vrMap },
  })
  const path = join(folder, `slice${index}.dcm`)
  writeFileSync(path, bytes)
  const facts = instanceFacts(readDicomObject(bytesSource(bytes)))
  return { sopInstanceUid, frameIndex: 0, object: { path, chunks: null }, sha256: sha256(bytes), facts, positionMm }
}
