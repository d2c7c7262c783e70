/** Pictures that a network must not answer for, made from the golden pictures of our own packages. */
import { join } from 'node:path'
import { writeDicom, type NaturalDataSet } from '../../main/interchange/write-dicom'
import { readGolden } from '../../main/networks/package'
import { repository } from '../shared-data'

/** Grey values 0 to 255, row by row. */
export interface Grey {
  readonly rows: number
  readonly columns: number
  readonly values: Uint8Array
}

const models = join(repository, 'models')

/** The golden picture of a package, one slice of it. */
export async function goldenPicture(modelId: string, slice = 0): Promise<Grey> {
  const { shape, values } = await readGolden(join(models, modelId), 'picture.npy')
  const [, rows, columns] = shape
  const own = Array.from(values.slice(slice * rows * columns, (slice + 1) * rows * columns))
  const greatest = own.reduce((a, b) => Math.max(a, b))
  return { rows, columns, values: Uint8Array.from(own, (value) => Math.round((255 * value) / greatest)) }
}

const made = (rows: number, columns: number, at: (row: number, column: number) => number): Grey => ({
  rows,
  columns,
  values: Uint8Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)),
})

/** What may befall a film: by name, from an upright one. */
export const mishaps: Readonly<Record<string, (film: Grey) => Grey>> = {
  'turned on its side': ({ rows, columns, values }) => made(columns, rows, (row, column) => values[(rows - 1 - column) * columns + row]!),
  'upside down': ({ rows, columns, values }) =>
    made(rows, columns, (row, column) => values[(rows - 1 - row) * columns + (columns - 1 - column)]!),
  'flipped top to bottom': ({ rows, columns, values }) =>
    made(rows, columns, (row, column) => values[(rows - 1 - row) * columns + column]!),
  inverted: ({ rows, columns, values }) => made(rows, columns, (row, column) => 255 - values[row * columns + column]!),
  // A quarter of it, as large as the whole.
  cropped: ({ rows, columns, values }) =>
    made(rows, columns, (row, column) => values[Math.floor(rows * 0.1 + row * 0.4) * columns + Math.floor(columns * 0.1 + column * 0.4)]!),
}

/** Grain without a picture, the same each time. */
export function noise(rows: number, columns: number): Grey {
  let state = 12345
  return made(rows, columns, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 24
  })
}

/** A film as a DICOM object, whose header is that of a frontal chest film. */
export function asChestFilm(grey: Grey, number: number, description: string, more: NaturalDataSet = {}): Uint8Array {
  return writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
    SOPInstanceUID: `1.2.826.0.1.3680043.8.1.${number}.1`,
    StudyInstanceUID: `1.2.826.0.1.3680043.8.1.${number}`,
    SeriesInstanceUID: `1.2.826.0.1.3680043.8.1.${number}.0`,
    PatientID: `FILM${number}`,
    PatientName: `Film^${description}`,
    StudyDescription: description,
    SeriesDescription: 'Chest PA',
    Modality: 'DX',
    BodyPartExamined: 'CHEST',
    ViewPosition: 'PA',
    PresentationIntentType: 'FOR PRESENTATION',
    InstanceNumber: 1,
    ...pixelsOf(grey),
    ...more,
    _vrMap: { PixelData: 'OW' },
  })
}

function pixelsOf({ rows, columns, values }: Grey): NaturalDataSet {
  return {
    Rows: rows,
    Columns: columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    WindowCenter: 128,
    WindowWidth: 256,
    PixelData: new Uint8Array(Uint16Array.from(values).buffer),
  }
}
