/** What every phantom object states of itself. */
import type { NaturalDataSet } from '../write-dicom'
import { uidFromText } from '../uid'

export interface PhantomInstance {
  readonly sopInstanceUid: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface PhantomText {
  readonly name: 'HEAD' | 'CHEST'
  readonly studyDescription: string
  readonly seriesDescription: string
}

export function phantomUid(name: string, part: string): string {
  return uidFromText(`overread phantom 1 ${name} ${part}`)
}

/** Patient, study, series and equipment. The date is that of the drawing, the same for everyone. */
export function phantomHeader({ name, studyDescription, seriesDescription }: PhantomText): NaturalDataSet {
  return {
    SyntheticData: 'YES',
    StudyDate: '20260101',
    SeriesDate: '20260101',
    ContentDate: '20260101',
    StudyTime: '120000',
    SeriesTime: '120000',
    ContentTime: '120000',
    AccessionNumber: '',
    Manufacturer: 'Overread',
    ManufacturerModelName: 'Phantom drawing',
    ReferringPhysicianName: '',
    StudyDescription: studyDescription,
    SeriesDescription: seriesDescription,
    PatientName: `PHANTOM^${name}`,
    PatientID: `OVERREAD-PHANTOM-${name}`,
    PatientBirthDate: '',
    PatientSex: 'O',
    PatientComments: 'Synthetic phantom, drawn by a program. Not a person.',
    ImageComments: 'Synthetic phantom, drawn by a program. Not a person.',
    BurnedInAnnotation: 'YES',
    StudyInstanceUID: phantomUid(name, 'study'),
    SeriesInstanceUID: phantomUid(name, 'series'),
    StudyID: name,
    SeriesNumber: 1,
  }
}
