/** A synthetic frontal chest radiograph with a soft opacity. */
import { writeDicom } from '../write-dicom'
import { drawPhantomText } from './burnt-in-text'
import { chestAttenuation, chestVessels, lungInside, opacity } from './chest-anatomy'
import { normal } from './noise'
import { phantomHeader, phantomUid, type PhantomInstance } from './phantom-object'

const rows = 1024
const columns = 1000
/** At the detector; nothing is known of the size in the patient. */
const spacingMm = 0.4
const largest = 4095

/** Where the opacity lies, in pixels of the picture. */
export const plantedOpacity = {
  column: opacity.centreMm.u / spacingMm + (columns - 1) / 2,
  row: opacity.centreMm.v / spacingMm,
  semiAxesPx: { columns: opacity.semiAxesMm.u / spacingMm, rows: opacity.semiAxesMm.v / spacingMm },
} as const

export function chestPhantom(): PhantomInstance {
  const sopInstanceUid = phantomUid('CHEST', 'image')
  return {
    sopInstanceUid,
    bytes: writeDicom({
      ...phantomHeader({ name: 'CHEST', studyDescription: 'Chest (synthetic phantom)', seriesDescription: 'Chest PA, synthetic phantom' }),
      _vrMap: { PixelData: 'OW' },
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
      SOPInstanceUID: sopInstanceUid,
      ImageType: ['ORIGINAL', 'PRIMARY', ''],
      Modality: 'DX',
      PresentationIntentType: 'FOR PRESENTATION',
      BodyPartExamined: 'CHEST',
      ImageLaterality: 'U',
      AnatomicRegionSequence: [{ CodeValue: '51185008', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Chest' }],
      ViewPosition: 'PA',
      ViewCodeSequence: [{ CodeValue: '272479007', CodingSchemeDesignator: 'SCT', CodeMeaning: 'postero-anterior' }],
      AcquisitionContextSequence: [],
      PatientOrientation: ['L', 'F'],
      InstanceNumber: 1,
      ImagerPixelSpacing: [spacingMm, spacingMm],
      DetectorType: 'DIRECT',
      PositionerType: 'NONE',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: rows,
      Columns: columns,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      PixelIntensityRelationship: 'LOG',
      PixelIntensityRelationshipSign: -1,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: 'US',
      PresentationLUTShape: 'IDENTITY',
      LossyImageCompression: '00',
      WindowCenter: 2048,
      WindowWidth: 4096,
      PixelData: new Uint8Array(drawChest().buffer),
    }),
  }
}

function drawChest(): Uint16Array<ArrayBuffer> {
  const attenuation = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) attenuation[row * columns + column] = chestAttenuation(...place(row, column))
  }
  addVessels(attenuation)
  const noise = normal(205)
  const samples = new Uint16Array(rows * columns)
  attenuation.forEach((value, index) => {
    // The film's curve: steepest in the lungs, flat in the abdomen.
    const shown = 1.06 * (1 - Math.exp(-2.1 * value ** 1.15))
    samples[index] = Math.min(largest, Math.max(0, Math.round(largest * shown + 22 * noise())))
  })
  drawPhantomText({ samples, columns }, { left: 640, top: 16, scale: 5, value: 3600 })
  return samples
}

function place(row: number, column: number): [u: number, v: number] {
  return [(column - (columns - 1) / 2) * spacingMm, row * spacingMm]
}

function addVessels(attenuation: Float32Array): void {
  for (const { from, to, widthMm } of chestVessels()) {
    const margin = widthMm + 1
    const toColumn = (u: number): number => u / spacingMm + (columns - 1) / 2
    const left = Math.max(0, Math.floor(toColumn(Math.min(from[0], to[0]) - margin)))
    const right = Math.min(columns - 1, Math.ceil(toColumn(Math.max(from[0], to[0]) + margin)))
    const top = Math.max(0, Math.floor((Math.min(from[1], to[1]) - margin) / spacingMm))
    const bottom = Math.min(rows - 1, Math.ceil((Math.max(from[1], to[1]) + margin) / spacingMm))
    const along = [to[0] - from[0], to[1] - from[1]] as const
    const squared = along[0] ** 2 + along[1] ** 2
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const [u, v] = place(row, column)
        const part = Math.min(1, Math.max(0, ((u - from[0]) * along[0] + (v - from[1]) * along[1]) / squared))
        const [across, down] = [u - from[0] - part * along[0], v - from[1] - part * along[1]]
        const index = row * columns + column
        attenuation[index] =
          attenuation[index]! + 0.022 * widthMm * Math.exp(-(across ** 2 + down ** 2) / (0.6 * widthMm) ** 2) * lungInside(u, v)
      }
    }
  }
}
