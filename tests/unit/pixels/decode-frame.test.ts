/** From the file to what is shown, for one property of the header at a time. */
import { describe, expect, test } from 'vitest'
import { frameDescriptionSchema, type FrameStage } from '../../../contracts/frame'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { buildObject, encapsulate, pictureElements, syntaxes, type SampleElement, type SamplePicture } from '../../samples/build-object'
import { encodeRle, samplePicture } from '../../samples/encode-picture'

interface FrameCase {
  readonly picture?: Partial<SamplePicture>
  readonly pixels: readonly number[]
  readonly extra?: readonly SampleElement[]
}

/** A picture of one row, 16 bit unless said otherwise. */
async function decode({ picture = {}, pixels, extra = [] }: FrameCase, stage: FrameStage, frameIndex = 0) {
  const bitsAllocated = picture.bitsAllocated ?? 16
  const columns = pixels.length / (picture.samplesPerPixel ?? 1) / (picture.frames ?? 1)
  const element: SampleElement = [0x7fe00010, bitsAllocated === 16 ? (picture.signed ? 'SSW' : 'OW') : 'OB', pixels]
  const written: SampleElement = element[1] === 'SSW' ? [0x7fe00010, 'OW', pixels.map((value) => value & 0xffff)] : element
  const elements = pictureElements({ rows: 1, columns, bitsAllocated, ...picture }, written, extra)
  const frame = await decodeFrame(readDicomObject(bytesSource(buildObject(elements))), frameIndex, stage)
  expect(frameDescriptionSchema.parse(frame.description)).toEqual(frame.description)
  return frame
}
const samples = async (frame: FrameCase, stage: FrameStage) => [...(await decode(frame, stage)).samples]

const window = (center: string, width: string): SampleElement[] => [
  [0x00281050, 'DS', center],
  [0x00281051, 'DS', width],
]
const rescale = (slope: string, intercept: string): SampleElement[] => [
  [0x00281052, 'DS', intercept],
  [0x00281053, 'DS', slope],
]
const table = (tag: number, descriptor: readonly number[], entries: readonly number[]): SampleElement => [
  tag,
  'SQ',
  [
    [
      [0x00283002, 'US', descriptor],
      [0x00283006, 'US', entries],
    ],
  ],
]

describe('stored values', () => {
  test('what lies above the stored bits is cleared', async () => {
    expect(await samples({ picture: { bitsStored: 12 }, pixels: [0xf123, 0x0fff] }, 'stored')).toEqual([0x123, 0xfff])
  })
  test('or replaced by the sign', async () => {
    expect(await samples({ picture: { bitsStored: 12, signed: true }, pixels: [0xf7ff, 0x0800] }, 'stored')).toEqual([2047, -2048])
  })
  test('bits that do not begin at the lowest are moved down', async () => {
    expect(await samples({ picture: { bitsStored: 12, highBit: 15 }, pixels: [0x123f, 0xfff0] }, 'stored')).toEqual([0x123, 0xfff])
  })
  test('a high bit without room for the stored bits is not believed', async () => {
    expect(await samples({ picture: { bitsStored: 12, highBit: 3 }, pixels: [0x0123] }, 'stored')).toEqual([0x123])
  })
  test('colour by plane is brought together by pixel', async () => {
    const picture = { samplesPerPixel: 3, photometric: 'RGB', bitsAllocated: 8, planar: 1 }
    expect(await samples({ picture, pixels: [1, 2, 3, 4, 5, 6] }, 'stored')).toEqual([1, 3, 5, 2, 4, 6])
  })
  test('bits are unpacked from the lowest on', async () => {
    const object = pictureElements({ rows: 1, columns: 10, bitsAllocated: 1 }, [0x7fe00010, 'OB', Uint8Array.of(0b00000101, 0b10)])
    const frame = await decodeFrame(readDicomObject(bytesSource(buildObject(object))), 0, 'stored')
    expect([...frame.samples]).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 1])
  })
  test('YBR_FULL_422 uncompressed: two pixels share their chroma', async () => {
    const elements = pictureElements(
      { rows: 1, columns: 4, samplesPerPixel: 3, photometric: 'YBR_FULL_422', bitsAllocated: 8, planar: 0 },
      [0x7fe00010, 'OB', Uint8Array.of(10, 20, 100, 150, 30, 40, 101, 151)],
    )
    const frame = await decodeFrame(readDicomObject(bytesSource(buildObject(elements))), 0, 'stored')
    expect([...frame.samples]).toEqual([10, 100, 150, 20, 100, 150, 30, 101, 151, 40, 101, 151])
    expect(frame.description.photometricInterpretation).toBe('YBR_FULL')
  })
})

describe('modality values', () => {
  test('a rescale keeps fractions', async () => {
    expect(await samples({ pixels: [1, 2], extra: rescale('0.5', '-1') }, 'modality')).toEqual([-0.5, 0])
  })
  test('a table, with its first value signed as the pixels are', async () => {
    const extra = [table(0x00283000, [3, 0xffff, 16], [100, 200, 300])]
    expect(await samples({ picture: { signed: true }, pixels: [-1, 0, 9], extra }, 'modality')).toEqual([100, 200, 300])
  })
  test('a slope of 0 is none', async () => expect(await samples({ pixels: [7], extra: rescale('0', '0') }, 'modality')).toEqual([7]))
  test('of a dose grid: scaled', async () => {
    const frame = await decode(
      {
        pixels: [7],
        extra: [
          [0x3004000e, 'DS', '0.5'],
          [0x30040002, 'CS', 'GY'],
        ],
      },
      'modality',
    )
    expect([...frame.samples, frame.description.unit]).toEqual([3.5, 'GY'])
  })
  test('each frame of an enhanced object has its own', async () => {
    const frames = ['1', '10'].map((slope) => [[0x00289145, 'SQ', [rescale(slope, '0')]]] as SampleElement[])
    const frame = { picture: { frames: 2 }, pixels: [3, 3], extra: [[0x52009230, 'SQ', frames]] as SampleElement[] }
    expect([...(await decode(frame, 'modality', 0)).samples, ...(await decode(frame, 'modality', 1)).samples]).toEqual([3, 30])
  })
  test('the unit is that of CT, or what the file says', async () => {
    const ct: SampleElement = [0x00080060, 'CS', 'CT']
    expect((await decode({ pixels: [7], extra: [...rescale('1', '0'), ct] }, 'modality')).description.unit).toBe('HU')
    expect(
      (await decode({ pixels: [7], extra: [...rescale('1', '0'), ct, [0x00281054, 'LO', 'MGML']] }, 'modality')).description.unit,
    ).toBe('MGML')
    expect((await decode({ pixels: [7], extra: [[0x00080060, 'CS', 'MR']] }, 'modality')).description.unit).toBe('')
    for (const none of ['US', 'UNSPECIFIED', 'SIGNAL INTENSITY (UNITLESS)'])
      expect((await decode({ pixels: [7], extra: [[0x00281054, 'LO', none]] }, 'modality')).description.unit).toBe('')
  })
  test('padding is in modality values, and outside least and greatest', async () => {
    const extra: SampleElement[] = [...rescale('1', '-1024'), [0x00280120, 'SS', [-2000]]]
    const { description } = await decode({ picture: { signed: true }, pixels: [-2000, 24, 2024], extra }, 'modality')
    expect(description).toMatchObject({ type: 'int16', min: -1000, max: 1000, presentation: { padding: [-3024, -3024] } })
  })
  test('a padding range whose VR has the wrong sign', async () => {
    const extra: SampleElement[] = [
      [0x00280120, 'US', [0xf830]],
      [0x00280121, 'US', [0xf894]],
    ]
    expect((await decode({ picture: { signed: true }, pixels: [0], extra }, 'modality')).description.presentation.padding).toEqual([
      -2000, -1900,
    ])
  })
})

describe('display values', () => {
  test('the first window of several, and all of them for choosing', async () => {
    const extra: SampleElement[] = [...window('50\\10', '100\\20'), [0x00281055, 'LO', 'BRAIN\\NARROW']]
    const frame: FrameCase = { pixels: [0, 50, 99], extra }
    expect(await samples(frame, 'display')).toEqual([0, 129, 255])
    expect((await decode(frame, 'modality')).description.presentation.windows).toEqual([
      { center: 50, width: 100, voiLutFunction: 'LINEAR', explanation: 'BRAIN' },
      { center: 10, width: 20, voiLutFunction: 'LINEAR', explanation: 'NARROW' },
    ])
  })
  test('an invalid window is passed over, not bent', async () => {
    expect(await samples({ pixels: [10, 60, 110], extra: window('50', '0') }, 'display')).toEqual([0, 128, 255])
  })
  test('SIGMOID', async () => {
    expect(await samples({ pixels: [50, 150], extra: [...window('50', '100'), [0x00281056, 'CS', 'SIGMOID']] }, 'display')).toEqual([
      128, 250,
    ])
  })
  test('a VOI LUT where there is no window', async () => {
    expect(await samples({ pixels: [0, 1, 2, 3], extra: [table(0x00283010, [3, 1, 8], [255, 51, 0])] }, 'display')).toEqual([
      255, 255, 51, 0,
    ])
  })
  test('a window before a VOI LUT, which stays a choice', async () => {
    const frame: FrameCase = { pixels: [0, 99], extra: [...window('50', '100'), table(0x00283010, [2, 0, 8], [255, 0])] }
    expect(await samples(frame, 'display')).toEqual([0, 255])
    expect((await decode(frame, 'modality')).description.presentation.voiLuts).toHaveLength(1)
  })
  test('without either, the whole range without padding, which is black', async () => {
    expect(await samples({ pixels: [4000, 10, 20], extra: [[0x00280120, 'US', [4000]]] }, 'display')).toEqual([0, 0, 255])
  })
  test.each([
    { photometric: 'MONOCHROME1', shape: '', shown: [255, 0] },
    { photometric: 'MONOCHROME2', shape: 'INVERSE', shown: [255, 0] },
    { photometric: 'MONOCHROME1', shape: 'INVERSE', shown: [255, 0] },
    { photometric: 'MONOCHROME2', shape: 'IDENTITY', shown: [0, 255] },
  ])('$photometric with presentation LUT shape "$shape": inverted once or not at all', async ({ photometric, shape, shown }) => {
    expect(await samples({ picture: { photometric }, pixels: [0, 9], extra: [[0x20500020, 'CS', shape]] }, 'display')).toEqual(shown)
  })
  test('the same film as MONOCHROME1 and as MONOCHROME2 looks the same', async () => {
    const film = { pixels: [0, 100, 1000, 4095], picture: { bitsStored: 12 } }
    const inverse = { pixels: film.pixels.map((value) => 4095 - value), picture: { bitsStored: 12, photometric: 'MONOCHROME1' } }
    expect(await samples(inverse, 'display')).toEqual(await samples(film, 'display'))
  })
  test('padding of a MONOCHROME1 film is black, not white', async () => {
    expect(
      await samples({ picture: { photometric: 'MONOCHROME1' }, pixels: [0, 10, 20], extra: [[0x00280120, 'US', [0]]] }, 'display'),
    ).toEqual([0, 255, 0])
  })
})

describe('colour', () => {
  const palette = (bits: number, red: readonly number[], vr = 'OW'): SampleElement[] =>
    [0, 1, 2].flatMap((channel) => [
      [0x00281101 + channel, 'US', [red.length, 5, bits]],
      [0x00281201 + channel, vr, channel === 0 ? red : red.map(() => 0)],
    ]) as SampleElement[]
  const picture = { photometric: 'PALETTE COLOR', bitsAllocated: 8 }

  test('a palette of 16 bits', async () => {
    expect(await samples({ picture, pixels: [5, 6, 9], extra: palette(16, [0x1200, 0xff00]) }, 'modality')).toEqual([
      0x12, 0, 0, 0xff, 0, 0, 0xff, 0, 0,
    ])
  })
  test('a palette of 8 bits, a byte an entry', async () => {
    expect(await samples({ picture, pixels: [5, 6], extra: palette(8, [17, 200], 'OB') }, 'display')).toEqual([17, 0, 0, 200, 0, 0])
  })
  test('a palette of 8-bit colours in 16-bit entries', async () => {
    expect(await samples({ picture, pixels: [5, 6], extra: palette(16, [17, 200]) }, 'display')).toEqual([17, 0, 0, 200, 0, 0])
  })
  test('a segmented palette: discrete, linear, repeated. PS3.3 C.7.9.2', async () => {
    const segments = [0, 1, 0x1000, 1, 2, 0x3000, 0, 1, 0x0800, 2, 1, 0, 0]
    const extra = [0, 1, 2].flatMap((channel) => [
      [0x00281101 + channel, 'US', [5, 0, 16]],
      [0x00281221 + channel, 'OW', segments],
    ]) as SampleElement[]
    const red = (await samples({ picture, pixels: [0, 1, 2, 3, 4], extra }, 'modality')).filter((_, index) => index % 3 === 0)
    expect(red).toEqual([0x10, 0x20, 0x30, 0x08, 0x10])
  })
  test.each([
    { why: 'runs over its end', segments: [0, 9, 1] },
    { why: 'copies a copy', segments: [0, 1, 0x1000, 2, 1, 6, 0, 0] },
    { why: 'begins with a line', segments: [1, 2, 3] },
    { why: 'is too short', segments: [0, 1, 7] },
  ])('EXPECTED FAILURE a segmented palette that $why', async ({ segments }) => {
    const extra = [0, 1, 2].flatMap((channel) => [
      [0x00281101 + channel, 'US', [5, 0, 16]],
      [0x00281221 + channel, 'OW', segments],
    ]) as SampleElement[]
    await expect(decode({ picture, pixels: [0], extra }, 'modality')).rejects.toMatchObject({ code: 'dicom.attribute' })
  })
  test('YBR_FULL becomes RGB', async () => {
    const ybr = { samplesPerPixel: 3, photometric: 'YBR_FULL', bitsAllocated: 8, planar: 0 }
    expect(await samples({ picture: ybr, pixels: [76, 85, 255] }, 'modality')).toEqual([254, 0, 0])
  })
  test('an unknown form is named', async () => {
    const hsv = { samplesPerPixel: 3, photometric: 'HSV', bitsAllocated: 8, planar: 0 }
    await expect(decode({ picture: hsv, pixels: [1, 2, 3] }, 'modality')).rejects.toThrow(/HSV with 3 samples/)
  })
})

describe('found by comparing with the formulas of the standard', () => {
  test.each(['0.1', '-0.3', '1.7'])('padding under a slope of %s is rounded as the pixels are', async (slope) => {
    const extra: SampleElement[] = [...rescale(slope, '3.1'), [0x00280120, 'US', [63000]]]
    const { samples: shown, description } = await decode({ pixels: [63000, 0, 1000], extra }, 'modality')
    const [low, high] = description.presentation.padding!
    expect([low, high]).toEqual([shown[0], shown[0]])
    expect((await samples({ pixels: [63000, 0, 1000], extra }, 'display'))[0]).toBe(0)
    expect([description.min, description.max].sort((a, b) => a - b)).toEqual([shown[1], shown[2]].sort((a, b) => a - b))
  })
  test('padding of a modality LUT that gives its value to other pixels as well hides none of them', async () => {
    const extra: SampleElement[] = [table(0x00283000, [3, 100, 16], [4000, 2000, 0]), [0x00280120, 'US', [0]]]
    const frame: FrameCase = { pixels: [0, 100, 101, 102], extra }
    expect((await decode(frame, 'modality')).description.presentation.padding).toBeNull()
    expect(await samples(frame, 'display')).toEqual([255, 255, 128, 0])
  })
  test('padding of a modality LUT with a value of its own stays black', async () => {
    const extra: SampleElement[] = [table(0x00283000, [4, 0, 16], [4000, 2000, 1000, 0]), [0x00280120, 'US', [0]]]
    expect(await samples({ pixels: [0, 1, 2, 3], extra }, 'display')).toEqual([0, 255, 128, 0])
  })
  test('a negative slope makes the first value of a VOI LUT a signed one. PS3.3 C.11.2.1.1', async () => {
    const extra: SampleElement[] = [...rescale('-1', '0'), table(0x00283010, [3, 0xfffe, 8], [0, 51, 255])]
    expect(await samples({ pixels: [0, 1, 2], extra }, 'display')).toEqual([255, 51, 0])
  })
  test('an intercept below zero that no value can reach does not', async () => {
    // 8 bits with a slope of 1 and an intercept of -5 do reach below; 65534 is -2 then.
    const picture = { bitsAllocated: 8 }
    const below: SampleElement[] = [...rescale('1', '-5'), table(0x00283010, [3, 0xfffe, 8], [0, 51, 255])]
    expect(await samples({ picture, pixels: [3, 4, 5], extra: below }, 'display')).toEqual([0, 51, 255])
    const above: SampleElement[] = [...rescale('1', '40000'), table(0x00283010, [3, 40001, 8], [0, 51, 255])]
    expect(await samples({ picture, pixels: [1, 2, 3], extra: above }, 'display')).toEqual([0, 51, 255])
  })
  test('a dark channel of a 16-bit palette is dark: 8-bit colours in 16 bits leave no channel above 255', async () => {
    const extra = [0, 1, 2].flatMap((channel) => [
      [0x00281101 + channel, 'US', [2, 0, 16]],
      [0x00281201 + channel, 'OW', channel === 0 ? [0, 0xff00] : [200, 100]],
    ]) as SampleElement[]
    const picture = { photometric: 'PALETTE COLOR', bitsAllocated: 8 }
    expect(await samples({ picture, pixels: [0, 1], extra }, 'display')).toEqual([0, 0, 0, 255, 0, 0])
  })
  test.each(['MONOCHROME2', 'MONOCHROME1'])('three samples a pixel that are said to be %s are refused', async (photometric) => {
    const picture = { photometric, samplesPerPixel: 3, bitsAllocated: 8, planar: 0 }
    for (const stage of ['modality', 'display'] as const)
      await expect(decode({ picture, pixels: [1, 2, 3] }, stage)).rejects.toMatchObject({ code: 'pixels.photometric' })
  })
  test('YBR_FULL of 16 bits is rounded once', async () => {
    // Y 0.3, Cb 0.7, Cr 0.6 of the range; by PS3.3 C.7.6.3.1.2 in exact numbers.
    const [y, cb, cr] = [19661, 45875, 39321]
    const at = (value: number) => (value * 255) / 65535
    const half = (32768 * 255) / 65535
    const expected = [
      at(y) + 1.402 * (at(cr) - half),
      at(y) - 0.344136 * (at(cb) - half) - 0.714136 * (at(cr) - half),
      at(y) + 1.772 * (at(cb) - half),
    ].map(Math.round)
    const picture = { photometric: 'YBR_FULL', samplesPerPixel: 3, planar: 0 }
    expect(await samples({ picture, pixels: [y, cb, cr] }, 'display')).toEqual(expected)
  })
})

describe('big endian', () => {
  const big = { transferSyntax: syntaxes.bigEndian }
  const decoded = async (elements: readonly SampleElement[], stage: FrameStage, frameIndex = 0) => [
    ...(await decodeFrame(readDicomObject(bytesSource(buildObject(elements, big))), frameIndex, stage)).samples,
  ]
  const swapped = (bytes: readonly number[]) => new Uint8Array(Buffer.from(bytes).swap16())

  test('each frame of YBR_FULL_422 begins after two samples a pixel, not three', async () => {
    const frames = [10, 20, 128, 128, 30, 40, 128, 128, 50, 60, 128, 128, 70, 80, 128, 128]
    const picture = { rows: 1, columns: 4, frames: 2, samplesPerPixel: 3, bitsAllocated: 8, photometric: 'YBR_FULL_422', planar: 0 }
    const elements = pictureElements(picture, [0x7fe00010, 'OW', swapped(frames)])
    const luminance = async (frameIndex: number) => (await decoded(elements, 'stored', frameIndex)).filter((_, index) => index % 3 === 0)
    expect(await luminance(0)).toEqual([10, 20, 30, 40])
    expect(await luminance(1)).toEqual([50, 60, 70, 80])
  })
  test.each([
    { what: 'a palette of 8 bits, two entries in a word', bits: 8, tag: 0x00281201, bytes: [11, 22, 33, 44] },
    { what: 'a segmented palette of 8 bits', bits: 8, tag: 0x00281221, bytes: [0, 2, 11, 22, 0, 2, 33, 44] },
  ])('$what', async ({ bits, tag, bytes }) => {
    const extra = [0, 1, 2].flatMap((channel) => [
      [0x00281101 + channel, 'US', [4, 0, bits]],
      [tag + channel, 'OW', swapped(bytes)],
    ]) as SampleElement[]
    const elements = pictureElements(
      { rows: 1, columns: 4, bitsAllocated: 8, photometric: 'PALETTE COLOR' },
      [0x7fe00010, 'OB', [0, 1, 2, 3]],
      extra,
    )
    expect((await decoded(elements, 'display')).filter((_, index) => index % 3 === 0)).toEqual([11, 22, 33, 44])
  })
  test('a modality LUT of 8 bits, two entries in a word', async () => {
    const item: SampleElement[] = [
      [0x00283002, 'US', [4, 0, 8]],
      [0x00283006, 'OW', swapped([11, 22, 33, 44])],
    ]
    const elements = pictureElements(
      { rows: 1, columns: 4, bitsAllocated: 16 },
      [0x7fe00010, 'OW', [0, 1, 2, 3]],
      [[0x00283000, 'SQ', [item]]],
    )
    expect(await decoded(elements, 'modality')).toEqual([11, 22, 33, 44])
  })
})

test('attributes of either sign that a gateway wrote as UN are read. PS3.5 6.2.2', async () => {
  const extra: SampleElement[] = [
    [0x00280120, 'UN', Uint8Array.of(0x30, 0xf8)],
    [
      0x00283000,
      'SQ',
      [
        [
          [0x00283002, 'UN', Uint8Array.of(3, 0, 0xff, 0xff, 16, 0)],
          [0x00283006, 'UN', Uint8Array.of(1, 0, 2, 0, 3, 0)],
        ],
      ],
    ],
  ]
  const { samples: shown, description } = await decode({ picture: { signed: true }, pixels: [-1, 0, 1], extra }, 'modality')
  expect([...shown]).toEqual([1, 2, 3])
  expect(description.type).toBe('uint16')
  const plain = await decode({ picture: { signed: true }, pixels: [-2000, 0], extra: extra.slice(0, 1) }, 'modality')
  expect(plain.description.presentation.padding).toEqual([-2000, -2000])
})

describe('EXPECTED FAILURE', () => {
  test.each([
    { why: 'no such frame', picture: { frames: 2 }, frameIndex: 2, code: 'pixels.frame' },
    { why: 'no frame of this kind', picture: {}, frameIndex: 0.5, code: 'pixels.frame' },
    { why: '12 bits allocated', picture: { bitsAllocated: 12 }, frameIndex: 0, code: 'pixels.format' },
    { why: 'more bits stored than allocated', picture: { bitsStored: 17 }, frameIndex: 0, code: 'dicom.attribute' },
    { why: 'no rows', picture: { rows: 0 }, frameIndex: 0, code: 'dicom.attribute' },
    { why: '65,535 pixels square', picture: { rows: 65535, columns: 65535 }, frameIndex: 0, code: 'dicom.limit' },
    { why: 'more rows than the pixel data hold', picture: { rows: 3 }, frameIndex: 0, code: 'pixels.size' },
    { why: 'four samples a pixel', picture: { samplesPerPixel: 4, columns: 1 }, frameIndex: 0, code: 'pixels.format' },
  ])('$why', async ({ picture, frameIndex, code }) => {
    await expect(decode({ picture, pixels: [1, 2, 3, 4] }, 'stored', frameIndex)).rejects.toMatchObject({ code })
  })
  test('no pixels at all', async () => {
    const object = readDicomObject(bytesSource(buildObject([[0x00080018, 'UI', '1.2']])))
    await expect(decodeFrame(object, 0, 'stored')).rejects.toMatchObject({ code: 'file.not-an-image' })
  })
})

test('says when the bytes are read and only the decoding is left, of each form once; not where there are none', async () => {
  const picture = samplePicture({ rows: 8, columns: 8, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: false })
  const forms: [string, SampleElement][] = [
    [syntaxes.explicit, [0x7fe00010, 'OW', picture.bytes]],
    [syntaxes.rle, [0x7fe00010, 'encapsulated', encapsulate([encodeRle(picture)])]],
  ]
  for (const [transferSyntax, pixels] of forms) {
    const object = readDicomObject(bytesSource(buildObject(pictureElements(picture, pixels), { transferSyntax })))
    const heard: string[] = []
    await decodeFrame(object, 0, 'stored', () => heard.push('read'))
    expect(heard).toEqual(['read'])
    await expect(decodeFrame(object, 1, 'stored', () => heard.push('read again'))).rejects.toThrow(/frame 2/)
    expect(heard).toEqual(['read'])
  }
})
