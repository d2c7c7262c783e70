/** A grey picture that says nothing of its making as a DICOM object that states nothing more. */
import { writeDicom } from './write-dicom'

/** Where the picture stands among others. */
export interface PicturePlace {
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  readonly studyInstanceUid: string
  /** From 1. */
  readonly instanceNumber: number
}

export interface GreyPicture {
  readonly rows: number
  readonly columns: number
  /** Row by row, 0 black. */
  readonly samples: Uint8Array | Uint16Array
}

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7'

/**
 * Modality OT, no body part, no spacing, no place in a patient: what a network asks of the header is then unknown to it and is
 * said to be. 8 bits are shown as they are; of 16, as of any object without a window, the range that occurs.
 */
export function pictureObject(
  { rows, columns, samples }: GreyPicture,
  { sopInstanceUid, seriesInstanceUid, studyInstanceUid, instanceNumber }: PicturePlace,
): Uint8Array<ArrayBuffer> {
  const bits = samples.BYTES_PER_ELEMENT * 8
  return writeDicom({
    SOPClassUID: secondaryCapture,
    SOPInstanceUID: sopInstanceUid,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    PatientID: '',
    PatientName: '',
    Modality: 'OT',
    ConversionType: 'WSD',
    SeriesNumber: 1,
    InstanceNumber: instanceNumber,
    Rows: rows,
    Columns: columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    ...(bits === 8 ? { WindowCenter: 128, WindowWidth: 256 } : {}),
    PixelData: evenBytes(samples),
    _vrMap: { PixelData: bits === 8 ? 'OB' : 'OW' },
  })
}

/** Least significant byte first, with one more where their number is odd. PS3.5 8.1.1. */
function evenBytes(samples: Uint8Array | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(samples.byteLength + (samples.byteLength % 2))
  if (samples instanceof Uint8Array) bytes.set(samples)
  else {
    const view = new DataView(bytes.buffer)
    for (let at = 0; at < samples.length; at++) view.setUint16(at * 2, samples[at], true)
  }
  return bytes
}
