/** RLE Lossless as writers may write it: runs of any length, split anywhere, with fillers between. PS3.5 annex G. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecodedPicture, ExpectedPicture } from '../../../main/pixels/codecs/codec'
import { load } from '../../../main/pixels/codecs/rle'

const { decode } = await load()

/** One run of a segment: bytes as they are, one byte repeated, or nothing (a filler of 128). */
type Run = { readonly literal: number[] } | { readonly repeat: number; readonly times: number } | 'filler'

const byte = fc.integer({ min: 0, max: 255 })
const runs = fc.array(
  fc.oneof(
    fc.record({ literal: fc.array(byte, { minLength: 1, maxLength: 128 }) }),
    fc.record({ repeat: byte, times: fc.integer({ min: 2, max: 128 }) }),
    fc.constant<Run>('filler'),
  ),
  { minLength: 4, maxLength: 12 },
)

/** Runs cut so that they fill `count` bytes exactly. */
function written(list: readonly Run[], count: number): { plain: number[]; packed: number[] } {
  const plain: number[] = []
  const packed: number[] = []
  for (let index = 0; plain.length < count; index++) {
    const run = index < list.length ? list[index] : { literal: Array.from({ length: 128 }, (_, at) => (at * 7 + index) & 255) }
    if (run === 'filler') packed.push(128)
    else if ('literal' in run) {
      const values = run.literal.slice(0, count - plain.length)
      packed.push(values.length - 1, ...values)
      plain.push(...values)
    } else {
      const times = Math.min(run.times, count - plain.length)
      packed.push(times === 1 ? 0 : 257 - times, run.repeat)
      plain.push(...Array.from({ length: times }, () => run.repeat))
    }
  }
  return { plain, packed }
}

function frameOf(segments: readonly (readonly number[])[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(64))
  header.setUint32(0, segments.length, true)
  let offset = 64
  segments.forEach((segment, index) => {
    header.setUint32(4 + index * 4, offset, true)
    offset += segment.length
  })
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()])
}

const picture = (columns: number, samplesPerPixel: number, bitsAllocated: number, signed = false): ExpectedPicture => ({
  rows: 1,
  columns,
  samplesPerPixel,
  bitsAllocated,
  bitsStored: bitsAllocated,
  signed,
})

describe.each([
  { bitsAllocated: 8, samplesPerPixel: 1 },
  { bitsAllocated: 8, samplesPerPixel: 3 },
  { bitsAllocated: 16, samplesPerPixel: 1 },
  { bitsAllocated: 16, samplesPerPixel: 3 },
  { bitsAllocated: 32, samplesPerPixel: 1 },
])('$samplesPerPixel samples of $bitsAllocated bits', ({ bitsAllocated, samplesPerPixel }) => {
  const size = bitsAllocated / 8
  test.each([false, true])('every way to write the runs gives the same samples (signed: %s)', (signed) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.array(runs, { minLength: size * samplesPerPixel, maxLength: size * samplesPerPixel }),
        (columns, lists) => {
          const segments = lists.map((list) => written(list, columns))
          const { samples } = decode(
            frameOf(segments.map(({ packed }) => packed)),
            picture(columns, samplesPerPixel, bitsAllocated, signed),
          ) as DecodedPicture
          const bytes = new Uint8Array(samples.buffer)
          expect(samples.length).toBe(columns * samplesPerPixel)
          // Most significant byte first in the segments, last in the samples.
          const expected = Array.from({ length: columns * samplesPerPixel * size }, (_, at) => {
            const sample = Math.floor(at / size) % samplesPerPixel
            return segments[sample * size + (size - 1 - (at % size))].plain[Math.floor(at / (size * samplesPerPixel))]
          })
          expect([...bytes]).toEqual(expected)
          expect(samples.constructor.name.startsWith('Int')).toBe(signed)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('EXPECTED FAILURE', () => {
  const whole = [3, 1, 2, 3, 4]
  test.each([
    { why: 'the upper segment ends early', segments: [[1, 1, 2], whole], says: 'segment 1 ends after 2 of 4 bytes' },
    { why: 'the lower segment ends early', segments: [whole, [1, 1, 2, 128]], says: 'segment 2 ends after 2 of 4 bytes' },
    { why: 'a literal run of the upper segment lacks bytes', segments: [[3, 1, 2], whole], says: 'segment 1 runs over its end' },
    { why: 'a literal run of the lower segment lacks bytes', segments: [whole, [3, 1, 2, 3]], says: 'segment 2 runs over its end' },
    { why: 'a repeat lacks its byte', segments: [whole, [253]], says: 'segment 2 runs over its end' },
    { why: 'a repeat is longer than the picture', segments: [[252, 9], whole], says: 'segment 1 runs over its end' },
    { why: 'a literal run is longer than the picture', segments: [whole, [4, 1, 2, 3, 4, 5]], says: 'segment 2 runs over its end' },
    { why: 'a segment is missing', segments: [whole], says: 'states 1 segments, the picture needs 2' },
  ])('$why', ({ segments, says }) => {
    expect(() => decode(frameOf(segments), picture(4, 1, 16))).toThrow(
      expect.objectContaining({ code: 'pixels.code-stream', detail: expect.stringContaining(says) }),
    )
  })
  test('and in 8 bits', () => {
    expect(() => decode(frameOf([[1, 1, 2]]), picture(4, 1, 8))).toThrow(expect.objectContaining({ code: 'pixels.code-stream' }))
    expect(() => decode(frameOf([[252, 9]]), picture(4, 1, 8))).toThrow(expect.objectContaining({ code: 'pixels.code-stream' }))
  })
})
