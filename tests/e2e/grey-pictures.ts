/** A picture for each way from stored values to grey or colour: PS3.3 C.7.6.3.1, C.7.5.1.1.2, C.11.1, C.11.2, C.11.6. */
import { buildObject, pictureElements, type SampleElement, type SamplePicture } from '../samples/build-object'

const rows = 96
const columns = 128
const pixels = rows * columns

interface GreyCase {
  readonly name: string
  readonly picture?: Partial<SamplePicture>
  /** Stored samples; left out: all values of 12 bits, rising from the first pixel to the last. */
  readonly samples?: readonly number[]
  readonly extra: readonly SampleElement[]
  /** The display stage shows more greys than so many; 60 unless stated. */
  readonly levels?: number
}

/** Rising from `low` to `high` over the picture. */
const ramp = (low: number, high: number) => Array.from({ length: pixels }, (_, at) => Math.round(low + ((high - low) * at) / (pixels - 1)))

const window = (center: number, width: number, voiLutFunction?: string): SampleElement[] => [
  [0x00281050, 'DS', String(center)],
  [0x00281051, 'DS', String(width)],
  ...(voiLutFunction ? ([[0x00281056, 'CS', voiLutFunction]] as SampleElement[]) : []),
]
const inverse: SampleElement = [0x20500020, 'CS', 'INVERSE']
const rescale = (slope: string, intercept: string): SampleElement[] => [
  [0x00281052, 'DS', intercept],
  [0x00281053, 'DS', slope],
  [0x00281054, 'LO', 'HU'],
]
const paddedUpTo = (value: number, limit: number): SampleElement[] => [
  [0x00280120, 'US', [value]],
  [0x00280121, 'US', [limit]],
]

/** A table that bends and turns, so that no window could stand in for it. */
const voiLut: SampleElement = [
  0x00283010,
  'SQ',
  [
    [
      [0x00283002, 'US', [1024, 1500, 12]],
      [0x00283003, 'LO', 'BENT'],
      [0x00283006, 'OW', Array.from({ length: 1024 }, (_, at) => Math.round(2047 + 2047 * Math.sin(at / 120)))],
    ],
  ],
]

const paletteTable = (bend: (share: number) => number) =>
  Array.from({ length: 256 }, (_, at) => Math.round(65535 * Math.min(1, Math.max(0, bend(at / 255)))))
const palette: readonly SampleElement[] = [
  [0x00281101, 'US', [256, 10, 16]],
  [0x00281102, 'US', [256, 10, 16]],
  [0x00281103, 'US', [256, 10, 16]],
  [0x00281201, 'OW', paletteTable((share) => share)],
  [0x00281202, 'OW', paletteTable((share) => 1 - share * share)],
  [0x00281203, 'OW', paletteTable((share) => Math.abs(2 * share - 1))],
]

/** Three channels that rise at their own rates; by pixel, or plane by plane. */
function colour(planar: 0 | 1): number[] {
  const channel = (of: number) => Array.from({ length: pixels }, (_, at) => (at * (of + 1) + 37 * of) & 255)
  const channels = [channel(0), channel(1), channel(2)]
  return planar === 1 ? channels.flat() : Array.from({ length: pixels * 3 }, (_, at) => channels[at % 3][Math.floor(at / 3)])
}

export const greyCases: readonly GreyCase[] = [
  { name: 'LINEAR', extra: window(2000, 1500) },
  { name: 'LINEAR_EXACT', extra: window(2000, 1500, 'LINEAR_EXACT') },
  { name: 'LINEAR_EXACT, narrow', extra: window(2000.5, 90, 'LINEAR_EXACT') },
  { name: 'SIGMOID', extra: window(2000, 1500, 'SIGMOID') },
  { name: 'no window', extra: [] },
  { name: 'a VOI LUT sequence', extra: [voiLut] },
  { name: 'a VOI LUT sequence, MONOCHROME1', picture: { photometric: 'MONOCHROME1' }, extra: [voiLut] },
  { name: 'MONOCHROME1', picture: { photometric: 'MONOCHROME1' }, extra: window(2000, 1500) },
  { name: 'MONOCHROME1, SIGMOID', picture: { photometric: 'MONOCHROME1' }, extra: window(2000, 1500, 'SIGMOID') },
  { name: 'an inverse presentation LUT shape', extra: [...window(2000, 1500), inverse] },
  { name: 'MONOCHROME1 with its inverse shape', picture: { photometric: 'MONOCHROME1' }, extra: [...window(2000, 1500), inverse] },
  { name: 'a rescale with a fraction', extra: [...rescale('0.37', '-1024.5'), ...window(-300, 900)] },
  {
    name: 'signed values',
    picture: { signed: true },
    samples: ramp(-2048, 2047),
    extra: [...rescale('1', '0'), ...window(40, 400)],
  },
  { name: 'padding', extra: [...window(2000, 3000), ...paddedUpTo(0, 1200)] },
  { name: 'padding, inverted', extra: [...window(2000, 3000), inverse, ...paddedUpTo(0, 1200)] },
  { name: 'padding, MONOCHROME1', picture: { photometric: 'MONOCHROME1' }, extra: [...window(2000, 3000), ...paddedUpTo(3300, 4095)] },
  {
    name: 'PALETTE COLOR',
    picture: { photometric: 'PALETTE COLOR', bitsAllocated: 8, bitsStored: 8 },
    samples: ramp(0, 255),
    extra: palette,
  },
  {
    name: 'RGB',
    picture: { photometric: 'RGB', bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, planar: 0 },
    samples: colour(0),
    extra: [],
  },
  {
    name: 'RGB, plane by plane',
    picture: { photometric: 'RGB', bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, planar: 1 },
    samples: colour(1),
    extra: [],
  },
  {
    name: 'YBR_FULL',
    picture: { photometric: 'YBR_FULL', bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, planar: 0 },
    samples: colour(0),
    extra: [],
  },
]

export const greySeriesUid = (index: number): string => `2.25.5${String(index).padStart(3, '0')}`

export function writeGreyCase(index: number): Uint8Array {
  const { name, picture = {}, samples = ramp(0, 4095), extra } = greyCases[index]
  const form = { rows, columns, bitsAllocated: 16, bitsStored: 12, ...picture }
  const identity: SampleElement[] = [
    [0x00080018, 'UI', `${greySeriesUid(index)}.1`],
    [0x00080060, 'CS', 'OT'],
    [0x0008103e, 'LO', name],
    [0x00100010, 'PN', 'Grey^Test'],
    [0x00100020, 'LO', 'GREY'],
    [0x0020000e, 'UI', greySeriesUid(index)],
    [0x00200011, 'IS', String(index + 1)],
  ]
  // Signed values of 12 bits stand in words as their lower bits.
  const words = samples.map((value) => value & (form.bitsAllocated === 8 ? 255 : 4095))
  const data: SampleElement = [
    0x7fe00010,
    form.bitsAllocated === 8 ? 'OB' : 'OW',
    form.bitsAllocated === 8 ? Uint8Array.from(words) : words,
  ]
  return buildObject(pictureElements(form, data, [...identity, ...extra]))
}
