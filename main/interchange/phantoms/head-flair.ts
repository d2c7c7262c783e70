/** A synthetic axial FLAIR series of a head with one planted lesion. */
import { writeDicom } from '../write-dicom'
import { drawPhantomText } from './burnt-in-text'
import { headSignal, lesion, lesionVolumeMl } from './head-anatomy'
import { field, normal } from './noise'
import { phantomHeader, phantomUid, type PhantomInstance } from './phantom-object'

const side = 256
const spacingMm = 0.94
const sliceDistanceMm = 5
/** z of the first slice; the drawing reaches from the eyes to the crown. */
const lowestMm = -42
export const headSlices = 24
const firstPixelMm = (-(side - 1) / 2) * spacingMm
const noiseDeviation = 9

/** What is planted: known places for tests and for a newcomer. */
export const plantedLesion = {
  /** Centre in the patient, LPS+ mm; the lesion is an ellipsoid along the axes. */
  centreMm: lesion.centre,
  semiAxesMm: lesion.semiAxes,
  volumeMl: lesionVolumeMl,
  /** The slice nearest to the centre, from 1. */
  slice: Math.round((lesion.centre[2] - lowestMm) / sliceDistanceMm) + 1,
  column: (lesion.centre[0] - firstPixelMm) / spacingMm,
  row: (lesion.centre[1] - firstPixelMm) / spacingMm,
} as const

/** The series, from the lowest slice to the highest. */
export function headFlairPhantom(): PhantomInstance[] {
  return Array.from({ length: headSlices }, (_, index) => headSlice(index))
}

function headSlice(index: number): PhantomInstance {
  const z = lowestMm + index * sliceDistanceMm
  const samples = drawSlice(index, z)
  const sopInstanceUid = phantomUid('HEAD', `slice ${index + 1}`)
  const position = [firstPixelMm, firstPixelMm, z].map((value) => value.toFixed(3))
  return {
    sopInstanceUid,
    bytes: writeDicom({
      ...phantomHeader({ name: 'HEAD', studyDescription: 'Head (synthetic phantom)', seriesDescription: 'FLAIR axial, synthetic phantom' }),
      _vrMap: { PixelData: 'OW' },
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
      SOPInstanceUID: sopInstanceUid,
      ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
      Modality: 'MR',
      BodyPartExamined: 'HEAD',
      ScanningSequence: ['SE', 'IR'],
      SequenceVariant: 'SK',
      ScanOptions: '',
      MRAcquisitionType: '2D',
      SequenceName: 'phantom_flair',
      ProtocolName: 'FLAIR synthetic phantom',
      SliceThickness: sliceDistanceMm,
      SpacingBetweenSlices: sliceDistanceMm,
      RepetitionTime: 9000,
      EchoTime: 120,
      InversionTime: 2500,
      EchoTrainLength: 16,
      MagneticFieldStrength: 1.5,
      PatientPosition: 'HFS',
      FrameOfReferenceUID: phantomUid('HEAD', 'frame of reference'),
      PositionReferenceIndicator: '',
      InstanceNumber: index + 1,
      AcquisitionNumber: 1,
      ImagePositionPatient: position,
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      SliceLocation: z,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: side,
      Columns: side,
      PixelSpacing: [spacingMm, spacingMm],
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      WindowCenter: 330,
      WindowWidth: 620,
      PixelData: new Uint8Array(samples.buffer),
    }),
  }
}

function drawSlice(index: number, z: number): Uint16Array<ArrayBuffer> {
  const samples = new Uint16Array(side * side)
  const coil = field(104)
  const noise = normal(1000 + index)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = firstPixelMm + column * spacingMm
      const y = firstPixelMm + row * spacingMm
      const clean = headSignal([x, y, z]) * (1 + 0.06 * coil(x / 90, y / 90, z / 90))
      // The magnitude of a complex signal: noise stays positive in the air.
      const magnitude = Math.hypot(clean + noiseDeviation * noise(), noiseDeviation * noise())
      samples[row * side + column] = Math.min(4095, Math.round(magnitude))
    }
  }
  drawPhantomText({ samples, columns: side }, { left: 6, top: side - 12, scale: 1, value: 500 })
  return samples
}
