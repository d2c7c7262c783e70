/** CT slices as files: the header of a scanner, some 110 elements with private ones and sequences, and a picture. */
import { buildObject, pictureElements, type SampleElement } from '../../samples/build-object'
import { ctPicture } from './measure'

const root = '2.25.9007199254740881'

export interface SeriesFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** `count` slices of series of 250, uncompressed unless `encode` gives pixel data and its transfer syntax. */
export function* ctSeries(
  side: number,
  count: number,
  encode?: (index: number) => { readonly pixels: SampleElement; readonly transferSyntax: string },
): Generator<SeriesFile> {
  const pictures = Array.from({ length: Math.min(count, 4) }, (_, seed) => ctPicture(side, seed + 1))
  for (let index = 0; index < count; index++) {
    const { bytes } = pictures[index % pictures.length]
    const { pixels, transferSyntax } = encode?.(index) ?? { pixels: [0x7fe00010, 'OW', bytes] as SampleElement, transferSyntax: undefined }
    const elements = pictureElements({ rows: side, columns: side, bitsAllocated: 16, bitsStored: 12 }, pixels, header(index))
    yield { name: `IM${String(index).padStart(6, '0')}`, bytes: buildObject(elements, { transferSyntax }) }
  }
}

function header(index: number): SampleElement[] {
  const series = Math.floor(index / 250)
  const slice = index % 250
  const code = (value: string, meaning: string): SampleElement[] => [
    [0x00080100, 'SH', value],
    [0x00080102, 'SH', 'SRT'],
    [0x00080104, 'LO', meaning],
  ]
  const references = Array.from({ length: 3 }, (_, reference): SampleElement[] => [
    [0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x00081155, 'UI', `${root}.9.${reference}`],
  ])
  return [
    [0x00080005, 'CS', 'ISO_IR 100'],
    [0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI'],
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x00080018, 'UI', `${root}.3.${series}.${slice}`],
    [0x00080020, 'DA', '20240311'],
    [0x00080021, 'DA', '20240311'],
    [0x00080022, 'DA', '20240311'],
    [0x00080023, 'DA', '20240311'],
    [0x00080030, 'TM', '101502.123000'],
    [0x00080031, 'TM', '101611.456000'],
    [0x00080050, 'SH', 'ACC0012345'],
    [0x00080060, 'CS', 'CT'],
    [0x00080070, 'LO', 'Bench Systems'],
    [0x00080080, 'LO', 'General Hospital'],
    [0x00080090, 'PN', 'Referrer^Anna^^Dr'],
    [0x00081010, 'SH', 'CT01'],
    [0x00081030, 'LO', 'Thorax with contrast'],
    [0x0008103e, 'LO', `Thorax 1.0 B${series}`],
    [0x00081090, 'LO', 'Scanner 64'],
    [0x00081111, 'SQ', [[[0x00081150, 'UI', '1.2.840.10008.3.1.2.3.3'], [0x00081155, 'UI', `${root}.8`]]]],
    [0x00081140, 'SQ', references],
    [0x00082218, 'SQ', [code('T-D3000', 'Chest')]],
    [0x00090010, 'LO', 'BENCH CT HEADER'],
    [0x00091010, 'UN', new Uint8Array(48)],
    [0x00100010, 'PN', 'Doe^Jane'],
    [0x00100020, 'LO', 'PAT-000815'],
    [0x00100030, 'DA', '19700101'],
    [0x00100040, 'CS', 'F'],
    [0x00101010, 'AS', '054Y'],
    [0x00101030, 'DS', '71.5'],
    [0x00180015, 'CS', 'CHEST'],
    [0x00180022, 'CS', 'HELICAL MODE'],
    [0x00180050, 'DS', '1.0'],
    [0x00180060, 'DS', '120'],
    [0x00180090, 'DS', '500'],
    [0x00181000, 'LO', '12345'],
    [0x00181020, 'LO', 'syngo-like 7.1'],
    [0x00181030, 'LO', 'ThoraxRoutine'],
    [0x00181100, 'DS', '350'],
    [0x00181110, 'DS', '1040'],
    [0x00181111, 'DS', '570'],
    [0x00181120, 'DS', '0'],
    [0x00181130, 'DS', '155.5'],
    [0x00181140, 'CS', 'CW'],
    [0x00181150, 'IS', '500'],
    [0x00181151, 'IS', '180'],
    [0x00181152, 'IS', '90'],
    [0x00181160, 'SH', 'WEDGE_3'],
    [0x00181170, 'IS', '21'],
    [0x00181190, 'DS', '1.2'],
    [0x00181210, 'SH', 'B30f'],
    [0x00185100, 'CS', 'HFS'],
    [0x00190010, 'LO', 'BENCH CT MEASUREMENT'],
    ...Array.from({ length: 24 }, (_, at): SampleElement => [0x00191000 + at, 'DS', String(at * 1.25)]),
    [0x0020000d, 'UI', `${root}.1`],
    [0x0020000e, 'UI', `${root}.2.${series}`],
    [0x00200010, 'SH', 'S1'],
    [0x00200011, 'IS', String(series + 1)],
    [0x00200012, 'IS', '2'],
    [0x00200013, 'IS', String(slice + 1)],
    [0x00200032, 'DS', `-175\\-175\\${(slice * 1.25).toFixed(2)}`],
    [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
    [0x00200052, 'UI', `${root}.4`],
    [0x00201040, 'LO', ''],
    [0x00201041, 'DS', (slice * 1.25).toFixed(2)],
    [0x00204000, 'LT', 'Routine'],
    [0x00210010, 'LO', 'BENCH CT PRIVATE'],
    ...Array.from({ length: 12 }, (_, at): SampleElement => [0x00211000 + at, 'LO', `value ${at}`]),
    [0x00280030, 'DS', '0.68\\0.68'],
    [0x00280106, 'US', [0]],
    [0x00280107, 'US', [4095]],
    [0x00281050, 'DS', '40\\-600'],
    [0x00281051, 'DS', '400\\1500'],
    [0x00281052, 'DS', '-1024'],
    [0x00281053, 'DS', '1'],
    [0x00281055, 'LO', 'SOFT\\LUNG'],
    [0x00321060, 'LO', 'CT thorax'],
    [0x00400244, 'DA', '20240311'],
    [0x00400253, 'SH', 'PPS1'],
    [0x00400275, 'SQ', [[[0x00400007, 'LO', 'CT thorax'], [0x00400009, 'SH', 'SPS1']]]],
  ] // prettier-ignore
}
