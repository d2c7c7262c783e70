import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { overlayPlaneCount, overlayPlanes, packPlanes } from '../../../main/pixels/overlay-planes'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { buildObject, pictureElements, type SampleElement, type SamplePicture } from '../../samples/build-object'

const objectOf = (
  overlay: readonly SampleElement[],
  picture: Partial<SamplePicture> = {},
  pixels: readonly number[] = [0, 0, 0, 0, 0, 0],
) =>
  readDicomObject(
    bytesSource(buildObject(pictureElements({ rows: 2, columns: 3, bitsAllocated: 16, ...picture }, [0x7fe00010, 'OW', pixels], overlay))),
  )

const plane = (group: number, extra: readonly SampleElement[] = []): SampleElement[] => [
  [(group << 16) + 0x0010, 'US', [2]],
  [(group << 16) + 0x0011, 'US', [3]],
  [(group << 16) + 0x0040, 'CS', 'G'],
  [(group << 16) + 0x0050, 'SS', [-1, 4]],
  [(group << 16) + 0x0100, 'US', [1]],
  [(group << 16) + 0x0102, 'US', [0]],
  ...extra,
]

test('packed bits, the first pixel lowest, with the place on the picture', () => {
  const object = objectOf(
    plane(0x6002, [
      [0x60021500, 'LO', 'Line'],
      [0x60023000, 'OB', Uint8Array.of(0b00110101, 0)],
    ]),
  )
  expect(overlayPlanes(object, 0)).toEqual([
    {
      group: 0x6002,
      rows: 2,
      columns: 3,
      firstRow: -2,
      firstColumn: 3,
      type: 'G',
      label: 'Line',
      description: '',
      samples: Uint8Array.of(1, 0, 1, 0, 1, 1),
    },
  ])
})

test('a frame of several, which begin within a byte, from the stated frame of the picture on', () => {
  const frames: SampleElement[] = [
    [0x60000015, 'IS', '2'],
    [0x60000051, 'US', [2]],
    [0x60003000, 'OB', Uint8Array.of(0b11000000, 0b00001111)],
  ]
  const object = objectOf(plane(0x6000, frames), { frames: 3 }, new Array<number>(18).fill(0))
  expect(overlayPlanes(object, 0)).toEqual([])
  expect([0, 1, 2, 3].map((frame) => overlayPlaneCount(object, frame))).toEqual([0, 1, 1, 0])
  expect([...overlayPlanes(object, 1)[0].samples]).toEqual([0, 0, 0, 0, 0, 0])
  expect([...overlayPlanes(object, 2)[0].samples]).toEqual([1, 1, 1, 1, 1, 1])
})

test('in an unused bit of the pixels, which leaves their values alone', async () => {
  const embedded = plane(0x6000).map((element): SampleElement => (element[0] === 0x60000102 ? [element[0], 'US', [15]] : element))
  const object = objectOf(embedded, { bitsStored: 12 }, [0x8001, 2, 0x8003, 4, 5, 0x8fff])
  expect([...overlayPlanes(object, 0)[0].samples]).toEqual([1, 0, 1, 0, 0, 1])
  expect([...(await decodeFrame(object, 0, 'stored')).samples]).toEqual([1, 2, 3, 4, 5, 0xfff])
})

test.each([
  {
    why: 'too few bits',
    overlay: plane(0x6000, [
      [0x60000010, 'US', [200]],
      [0x60003000, 'OB', Uint8Array.of(1, 2)],
    ]),
    code: 'dicom.attribute',
  },
  { why: 'an origin that is no place', overlay: plane(0x6000, [[0x60000050, 'DS', '1\\x']]), code: 'dicom.attribute' },
  { why: 'no columns', overlay: [[0x60000010, 'US', [2]]] as SampleElement[], code: 'dicom.attribute' },
  {
    why: '65,535 pixels square',
    overlay: [
      [0x60000010, 'US', [65535]],
      [0x60000011, 'US', [65535]],
    ] as SampleElement[],
    code: 'dicom.limit',
  },
])('EXPECTED FAILURE $why', ({ overlay, code }) => {
  const replaced = new Map(overlay.map((element) => [element[0], element]))
  const object = objectOf([...replaced.values()])
  expect(() => overlayPlanes(object, 0)).toThrow(expect.objectContaining({ code }))
})

test('an object without overlays has none', () => {
  expect(overlayPlanes(objectOf([]), 0)).toEqual([])
  expect(overlayPlaneCount(objectOf([]), 0)).toBe(0)
})

test('the frame says how many planes lie on it, and stays readable where one of them is not', async () => {
  const good = plane(0x6000, [[0x60003000, 'OB', Uint8Array.of(1)]])
  const short = plane(0x6002, [[0x60023000, 'OB', Uint8Array.of(1)]]).map((element): SampleElement =>
    element[0] === 0x60020010 ? [element[0], 'US', [200]] : element,
  )
  const object = objectOf([...good, ...short])
  expect((await decodeFrame(object, 0, 'modality')).description.overlayPlanes).toBe(2)
  expect(() => overlayPlanes(object, 0)).toThrow(expect.objectContaining({ code: 'dicom.attribute' }))
})

test('packed for the way, each plane begins on a whole byte, the first pixel lowest', () => {
  const facts = { firstRow: 0, firstColumn: 0, type: 'G', label: '', description: '' }
  const packed = packPlanes([
    { ...facts, group: 0x6000, rows: 3, columns: 3, samples: Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0, 1) },
    { ...facts, group: 0x6002, rows: 1, columns: 2, samples: Uint8Array.of(0, 1) },
  ])
  expect([...packed]).toEqual([0b00001001, 0b1, 0b10])
})
