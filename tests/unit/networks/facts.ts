/** Header facts of a chest radiograph, to be changed by tests. */
import type { InstanceFacts } from '../../../contracts/dicom-facts'

export const chestFacts: InstanceFacts = {
  sopInstanceUid: '1.2.3',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1',
  seriesInstanceUid: '1.2',
  studyInstanceUid: '1',
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  patient: { patientId: '', issuer: '', patientName: '', birthDate: '', sex: '' },
  study: { date: '', time: '', description: '', accessionNumber: '', id: '' },
  series: {
    number: 1,
    modality: 'CR',
    description: '',
    protocolName: '',
    bodyPart: 'CHEST',
    laterality: '',
    frameOfReferenceUid: '',
    date: '',
  },
  instanceNumber: 1,
  acquisitionNumber: null,
  imageType: [],
  viewPosition: 'PA',
  patientPosition: '',
  patientOrientation: [],
  presentationIntentType: 'FOR PRESENTATION',
  echoTimeMs: null,
  repetitionTimeMs: null,
  inversionTimeMs: null,
  sequenceName: '',
  image: {
    rows: 1000,
    columns: 800,
    numberOfFrames: 1,
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    lossy: false,
    geometry: [
      {
        position: null,
        orientation: null,
        pixelSpacing: [0.2, 0.3],
        spacingOrigin: 'calibrated',
        sliceThicknessMm: null,
        pixelAspectRatio: [1, 1],
      },
    ],
    frameTimeMs: null,
  },
}

/** A chest radiograph with some facts changed; `series` and `image` are merged into its own. */
export function factsWith(changes: Partial<Omit<InstanceFacts, 'series' | 'image'>> & { series?: object; image?: object }): InstanceFacts {
  return {
    ...chestFacts,
    ...changes,
    series: { ...chestFacts.series, ...changes.series },
    image: { ...chestFacts.image!, ...changes.image },
  }
}
