import { describe, expect, test } from 'vitest'
import { jpegColour, readJpegHeader } from '../../../main/pixels/codecs/jpeg-markers'

const segment = (marker: number, ...body: number[]) => [0xff, marker, 0, body.length + 2, ...body]
const frame = (ids: readonly number[], sampling: readonly number[] = [0x11, 0x11, 0x11]) =>
  segment(0xc0, 8, 0, 16, 0, 8, ids.length, ...ids.flatMap((id, index) => [id, sampling[index], 0]))
const adobe = (transform: number) => segment(0xee, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform)
const jfif = segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
const scan = [...segment(0xda, 1, 1, 0, 0, 63, 0), 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]
const stream = (...parts: number[][]) => Uint8Array.from([0xff, 0xd8, ...parts.flat(), ...scan, 0xff, 0xd9])

test('size, components and end, past stuffed bytes and restart markers', () => {
  const bytes = stream(frame([1, 2, 3]))
  expect(readJpegHeader(Uint8Array.from([...bytes, 0]))).toMatchObject({
    process: 0xc0,
    precision: 8,
    rows: 16,
    columns: 8,
    end: bytes.length,
  })
})

describe('the colour form that a stream declares', () => {
  test.each([
    { why: 'nothing: the header decides', bytes: stream(frame([1, 2, 3])), colour: null },
    { why: 'JFIF', bytes: stream(jfif, frame([1, 2, 3])), colour: 'YBR_FULL' },
    { why: 'Adobe without a transform', bytes: stream(adobe(0), frame([1, 2, 3])), colour: 'RGB' },
    { why: 'Adobe with a transform', bytes: stream(adobe(1), frame([1, 2, 3])), colour: 'YBR_FULL' },
    { why: 'components named R, G and B', bytes: stream(frame([0x52, 0x47, 0x42])), colour: 'RGB' },
    {
      why: 'subsampled chroma, whatever the marker says',
      bytes: stream(adobe(0), frame([1, 2, 3], [0x21, 0x11, 0x11])),
      colour: 'YBR_FULL',
    },
    { why: 'one component has none', bytes: stream(jfif, frame([1])), colour: null },
  ])('$why', ({ bytes, colour }) => expect(jpegColour(readJpegHeader(bytes))).toBe(colour))
})

describe('EXPECTED FAILURE', () => {
  const good = stream(frame([1, 2, 3]))
  test('cut at any byte', () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => readJpegHeader(good.subarray(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'pixels.code-stream' }),
      )
    }
  })
  test.each([
    { why: 'restart markers out of order', bytes: Uint8Array.from([...good.subarray(0, good.length - 2), 0xff, 0xd5, 1, 0xff, 0xd9]) },
    { why: 'two frame headers', bytes: stream(frame([1]), frame([1])) },
    { why: 'a scan before the frame header', bytes: stream() },
    { why: 'no component', bytes: stream(frame([])) },
  ])('$why', ({ bytes }) => expect(() => readJpegHeader(bytes)).toThrow(expect.objectContaining({ code: 'pixels.code-stream' })))
})
