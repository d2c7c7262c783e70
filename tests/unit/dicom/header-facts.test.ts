import { expect, test } from 'vitest'
import { instanceFactsSchema } from '../../../contracts/dicom-facts'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { buildObject, pictureElements, type SampleElement, type SamplePicture } from '../../samples/build-object'

const pixels: SampleElement = [0x7fe00010, 'OW', new Uint8Array(8)]
const facts = (extra: readonly SampleElement[], picture: Partial<SamplePicture> = {}) => {
  const elements = pictureElements({ rows: 2, columns: 2, bitsAllocated: 16, ...picture }, pixels, extra)
  return instanceFacts(readDicomObject(bytesSource(buildObject(elements))))
}
const geometry = (extra: readonly SampleElement[], picture: Partial<SamplePicture> = {}) => facts(extra, picture).image!.geometry

test('gives what the schema asks for, also of an object that says nothing', () => {
  expect(instanceFactsSchema.parse(facts([]))).toMatchObject({
    sopInstanceUid: '2.25.1003',
    instanceNumber: null,
    image: { numberOfFrames: 1, lossy: false },
  })
})

test('keeps the groups and components of a name, without padding', () => {
  const { patient } = facts([
    [0x00080005, 'CS', 'ISO_IR 100'],
    [0x00100010, 'PN', 'M\xfcller^Anna^^Dr^ =a=b^ '],
  ])
  expect(patient.patientName).toBe('Müller^Anna^^Dr=a=b')
})

test('keeps the age that is stated, beside the birth date', () => {
  expect(facts([[0x00101010, 'AS', '018M']]).study.patientAge).toBe('018M')
  expect(facts([]).study.patientAge).toBe('')
})

test.each([
  { why: 'missing', extra: [[0x0020000e, 'UI', '']] as SampleElement[], says: /\(0020,000E\) is missing/ },
  { why: 'not a UID', extra: [[0x0020000e, 'UI', '../../etc']] as SampleElement[], says: /\(0020,000E\) is no UID/ },
])('refuses an identifier that is $why', ({ extra, says }) => expect(() => facts(extra)).toThrow(says))

test('an object without pixels holds no image', () => {
  const object = readDicomObject(
    bytesSource(buildObject(pictureElements({ rows: 2, columns: 2, bitsAllocated: 8 }, [0x00284000, 'LO', '']))),
  )
  expect(instanceFacts(object).image).toBeNull()
})

test.each([
  {
    why: 'Pixel Spacing of a slice',
    extra: [
      [0x00080060, 'CS', 'MR'],
      [0x00280030, 'DS', '2\\0.5'],
    ],
    spacing: [2, 0.5],
    origin: 'patient',
  },
  {
    why: 'Imager Pixel Spacing',
    extra: [
      [0x00080060, 'CS', 'DX'],
      [0x00181164, 'DS', '2\\0.5'],
    ],
    spacing: [2, 0.5],
    origin: 'detector',
  },
  {
    why: 'the same in both',
    extra: [
      [0x00080060, 'CS', 'XA'],
      [0x00181164, 'DS', '2\\0.5'],
      [0x00280030, 'DS', '2\\0.5'],
    ],
    spacing: [2, 0.5],
    origin: 'detector',
  },
  {
    why: 'corrected for magnification',
    extra: [
      [0x00080060, 'CS', 'XA'],
      [0x00181164, 'DS', '2\\0.5'],
      [0x00280030, 'DS', '1\\0.25'],
    ],
    spacing: [1, 0.25],
    origin: 'calibrated',
  },
  {
    why: 'calibrated',
    extra: [
      [0x00080060, 'CS', 'CR'],
      [0x00280030, 'DS', '2\\0.5'],
      [0x00280a02, 'CS', 'FIDUCIAL'],
    ],
    spacing: [2, 0.5],
    origin: 'calibrated',
  },
  {
    why: 'a projection that says nothing more',
    extra: [
      [0x00080060, 'CS', 'CR'],
      [0x00280030, 'DS', '2\\0.5'],
    ],
    spacing: [2, 0.5],
    origin: 'detector',
  },
  { why: 'scanned film', extra: [[0x00182010, 'DS', '2\\0.5']], spacing: [2, 0.5], origin: 'scanned' },
  {
    why: 'an ultrasound region, in cm',
    extra: [
      [
        0x00186011,
        'SQ',
        [
          [
            [0x00186024, 'US', [3]],
            [0x00186026, 'US', [3]],
            [0x0018602c, 'FD', [0.05]],
            [0x0018602e, 'FD', [-0.2]],
          ],
        ],
      ],
    ],
    spacing: [2, 0.5],
    origin: 'ultrasound',
  },
  {
    why: 'ultrasound regions that disagree',
    extra: [
      [
        0x00186011,
        'SQ',
        [0.05, 0.06].map((delta) => [
          [0x00186024, 'US', [3]],
          [0x00186026, 'US', [3]],
          [0x0018602c, 'FD', [delta]],
          [0x0018602e, 'FD', [0.2]],
        ]),
      ],
    ],
    spacing: null,
    origin: null,
  },
  {
    why: 'a region of time',
    extra: [
      [
        0x00186011,
        'SQ',
        [
          [
            [0x00186024, 'US', [4]],
            [0x00186026, 'US', [3]],
            [0x0018602c, 'FD', [0.05]],
            [0x0018602e, 'FD', [0.2]],
          ],
        ],
      ],
    ],
    spacing: null,
    origin: null,
  },
  { why: 'zero', extra: [[0x00280030, 'DS', '0\\0.5']], spacing: null, origin: null },
  { why: 'a single value', extra: [[0x00280030, 'DS', '2']], spacing: null, origin: null },
  { why: 'nothing', extra: [], spacing: null, origin: null },
] as { why: string; extra: SampleElement[]; spacing: number[] | null; origin: string | null }[])(
  'spacing: $why',
  ({ extra, spacing, origin }) => {
    expect(geometry(extra)[0]).toMatchObject({ pixelSpacing: spacing, spacingOrigin: origin })
  },
)

test.each([
  { why: 'zeros', iop: '0\\0\\0\\0\\0\\0' },
  { why: 'vectors that are not at a right angle', iop: '1\\0\\0\\0.7071\\0.7071\\0' },
  { why: 'vectors that are not of length one', iop: '2\\0\\0\\0\\1\\0' },
  { why: 'five numbers', iop: '1\\0\\0\\0\\1' },
  { why: 'a word', iop: '1\\0\\0\\0\\1\\x' },
])('an orientation of $why is none', ({ iop }) => expect(geometry([[0x00200037, 'DS', iop]])[0].orientation).toBeNull())

test('frames take their plane from their own group, else from the shared one', () => {
  const frame = (z: string): SampleElement[] => [[0x00209113, 'SQ', [[[0x00200032, 'DS', `1\\2\\${z}`]]]]]
  const [first, second] = geometry(
    [
      [
        0x52009229,
        'SQ',
        [
          [
            [0x00209116, 'SQ', [[[0x00200037, 'DS', '1\\0\\0\\0\\0\\-1']]]],
            [
              0x00289110,
              'SQ',
              [
                [
                  [0x00180050, 'DS', '3'],
                  [0x00280030, 'DS', '2\\0.5'],
                ],
              ],
            ],
          ],
        ],
      ],
      [0x52009230, 'SQ', [frame('10'), frame('-20')]],
    ],
    { frames: 2 },
  )
  expect(first).toEqual({
    position: [1, 2, 10],
    orientation: [1, 0, 0, 0, 0, -1],
    pixelSpacing: [2, 0.5],
    spacingOrigin: 'patient',
    sliceThicknessMm: 3,
    pixelAspectRatio: [1, 1],
  })
  expect(second.position).toEqual([1, 2, -20])
})

test('the planes of a dose grid lie at their offsets along the normal', () => {
  const planes = geometry(
    [
      [0x00200032, 'DS', '1\\2\\3'],
      [0x00200037, 'DS', '1\\0\\0\\0\\0\\-1'],
      [0x3004000c, 'DS', '0\\5\\12'],
    ],
    { frames: 3 },
  )
  expect(planes.map(({ position }) => position)).toEqual([
    [1, 2, 3],
    [1, 7, 3],
    [1, 14, 3],
  ])
})

test('frames that state no plane of their own share one entry', () => {
  expect(geometry([[0x00200032, 'DS', '1\\2\\3']], { frames: 3 })).toHaveLength(1)
})

test.each([
  { why: 'Frame Time', extra: [[0x00181063, 'DS', '40']], ms: 40 },
  { why: 'Frame Time Vector', extra: [[0x00181065, 'DS', '0\\30\\50']], ms: 40 },
  { why: 'Cine Rate', extra: [[0x00180040, 'IS', '25']], ms: 40 },
  { why: 'Recommended Display Frame Rate', extra: [[0x00082144, 'IS', '25']], ms: 40 },
  { why: 'nothing', extra: [], ms: null },
] as { why: string; extra: SampleElement[]; ms: number | null }[])('time of a frame: $why', ({ extra, ms }) =>
  expect(facts(extra).image!.frameTimeMs).toBe(ms),
)

test('a million frames are refused before anything is made for them', () => {
  expect(() => facts([], { frames: 1_000_000 })).toThrow(/\(0028,0008\) states 1000000 frames/)
})

test('lossy is what the header says, and what the transfer syntax allows where it says nothing', () => {
  expect(facts([[0x00282110, 'CS', '01']]).image!.lossy).toBe(true)
  expect(facts([[0x00282110, 'CS', '00']]).image!.lossy).toBe(false)
})
