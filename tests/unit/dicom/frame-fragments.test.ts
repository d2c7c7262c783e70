import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject, type DicomObject } from '../../../main/dicom/dicom-object'
import { encapsulatedFrame, nativeFrame } from '../../../main/dicom/frame-fragments'
import { buildObject, encapsulate, join, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'

/** A stream that begins as JPEG Baseline does, of `length` bytes of `fill`. */
const stream = (fill: number, length = 20) =>
  Uint8Array.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 2, 1, 1, 0x11, 0, ...new Array<number>(length - 15).fill(fill)])
const rest = (fill: number, length = 10) => new Uint8Array(length).fill(fill)

function objectWith(frames: number, pixels: SampleElement, extra: readonly SampleElement[] = []): DicomObject {
  const elements = pictureElements({ rows: 2, columns: 2, bitsAllocated: 8, frames }, pixels, extra)
  return readDicomObject(bytesSource(buildObject(elements, { transferSyntax: syntaxes.jpegBaseline })))
}

const three = [stream(1), stream(2), stream(3)]

test.each([
  { why: 'empty offset table, a fragment each', pixels: encapsulate(three) },
  { why: 'basic offset table', pixels: encapsulate(three, [0, 28, 56]) },
  { why: 'an offset table that points into nowhere is not believed', pixels: encapsulate(three, [0, 3, 56]) },
  { why: 'an offset table of another length is not believed', pixels: encapsulate(three, [0]) },
])('three frames: $why', ({ pixels }) => {
  const object = objectWith(3, [0x7fe00010, 'encapsulated', pixels])
  expect([0, 1, 2].map((index) => encapsulatedFrame(object, index, 3)[16])).toEqual([1, 2, 3])
})

const split = [stream(1), rest(1), stream(2), stream(3), rest(3), rest(3)]

test.each([
  { why: 'by a basic offset table', pixels: encapsulate(split, [0, 46, 74]), extra: [] },
  { why: 'by where code streams begin', pixels: encapsulate(split), extra: [] },
  {
    why: 'by an extended offset table',
    pixels: encapsulate(split),
    extra: [[0x7fe00001, 'OB', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 46, 0, 0, 0, 0, 0, 0, 0, 74, 0, 0, 0, 0, 0, 0, 0)]] as SampleElement[],
  },
])('several fragments a frame: $why', ({ pixels, extra }) => {
  const object = objectWith(3, [0x7fe00010, 'encapsulated', pixels], extra)
  const frames = [0, 1, 2].map((index) => encapsulatedFrame(object, index, 3))
  expect(frames.map((frame) => frame.length)).toEqual([30, 20, 40])
  expect(frames[2][39]).toBe(3)
})

test('one frame in several fragments is joined', () => {
  const object = objectWith(1, [0x7fe00010, 'encapsulated', encapsulate([stream(1), rest(7)])])
  expect(encapsulatedFrame(object, 0, 1).length).toBe(30)
})

test('fragments that cannot be told apart into frames are refused', () => {
  const object = objectWith(2, [0x7fe00010, 'encapsulated', encapsulate([stream(1), rest(1), rest(1)])])
  expect(() => encapsulatedFrame(object, 0, 2)).toThrow(/3 fragments cannot be told apart into 2 frames/)
})

test('a missing sequence delimiter loses no frame', () => {
  const pixels = encapsulate(three)
  const object = objectWith(3, [0x7fe00010, 'encapsulated', pixels.subarray(0, pixels.length - 8)])
  expect(encapsulatedFrame(object, 2, 3)[16]).toBe(3)
})

test('a sequence delimiter within a code stream is data', () => {
  const holding = join([stream(1), Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0), rest(9)])
  const object = objectWith(1, [0x7fe00010, 'encapsulated', encapsulate([holding])])
  expect(encapsulatedFrame(object, 0, 1)).toEqual(holding)
})

test('no fragment at all is refused', () => {
  const object = objectWith(1, [0x7fe00010, 'encapsulated', encapsulate([])])
  expect(() => encapsulatedFrame(object, 0, 1)).toThrow(/hold no fragment/)
})

test('native frames of 1-bit pixels begin within a byte', () => {
  const elements = pictureElements({ rows: 3, columns: 3, bitsAllocated: 1, frames: 2 }, [
    0x7fe00010,
    'OB',
    Uint8Array.of(0xff, 0x01, 0x02),
  ])
  const object = readDicomObject(bytesSource(buildObject(elements)))
  expect(nativeFrame(object, 1, 9)).toEqual({ bytes: Uint8Array.of(0x01, 0x02), firstBit: 1 })
})

test('a native frame beyond the end is refused and the frames before it are not', () => {
  const elements = pictureElements({ rows: 2, columns: 2, bitsAllocated: 8, frames: 3 }, [0x7fe00010, 'OW', new Uint8Array(12)])
  const bytes = buildObject(elements)
  const object = readDicomObject(bytesSource(bytes.subarray(0, bytes.length - 2)))
  expect(nativeFrame(object, 1, 32).bytes.length).toBe(4)
  expect(() => nativeFrame(object, 2, 32)).toThrow(/frame 3 needs 12 bytes of pixel data, 10 are there/)
})
