import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readPngMask, readPngPicture } from '../../../main/evaluation/png'
import { bigEndian, buildPng, type SamplePng } from '../../samples/build-png'

const refusal = (detail: RegExp) => expect.objectContaining({ code: 'evaluation.png', detail: expect.stringMatching(detail) })

test('pictures of 8 and 16 bits come out row by row', () => {
  const eight = readPngPicture(buildPng({ columns: 3, rows: 2, bytes: Uint8Array.of(1, 2, 3, 253, 254, 255) }))
  expect(eight).toEqual({ rows: 2, columns: 3, samples: Uint8Array.of(1, 2, 3, 253, 254, 255) })
  const sixteen = readPngPicture(buildPng({ columns: 2, rows: 2, depth: 16, bytes: bigEndian([0, 4095, 256, 65535]) }))
  expect(sixteen).toEqual({ rows: 2, columns: 2, samples: Uint16Array.of(0, 4095, 256, 65535) })
})

test('a mask of 1 bit is unpacked row by row, and one of 8 is inside above 0', () => {
  // Rows of 10 pixels: two bytes each, the last six bits unused.
  const bits = Uint8Array.of(0b10000001, 0b01000000, 0b01111110, 0b10111111)
  const mask = readPngMask(buildPng({ columns: 10, rows: 2, depth: 1, bytes: bits }))
  expect([...mask.samples]).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 0])
  expect([...readPngMask(buildPng({ columns: 3, rows: 1, bytes: Uint8Array.of(0, 1, 255) })).samples]).toEqual([0, 1, 1])
})

test('chunks that are not needed never reach the decoder', () => {
  const bomb = deflateSync(new Uint8Array(64 << 20))
  const profile: [string, Uint8Array] = ['iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), bomb])]
  const before = process.memoryUsage().arrayBuffers
  expect(readPngPicture(buildPng({ columns: 1, rows: 1, bytes: Uint8Array.of(7), chunks: [profile] })).samples).toEqual(Uint8Array.of(7))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20)
})

const small: SamplePng = { columns: 4, rows: 4 }
test.each([
  { what: 'more pixels than the header states', png: { ...small, compressed: deflateSync(new Uint8Array(64 << 20)) }, says: /inflated/ },
  { what: 'fewer pixels than the header states', png: { ...small, compressed: deflateSync(new Uint8Array(19)) }, says: /size/ },
  { what: 'no compressed data', png: { ...small, compressed: new Uint8Array(20) }, says: /inflated/ },
  { what: 'colour', png: { ...small, colourType: 2, bytes: new Uint8Array(48) }, says: /not grey/ },
  { what: 'a palette', png: { ...small, colourType: 3 }, says: /not grey/ },
  { what: 'four bits', png: { ...small, depth: 4 }, says: /4 bits/ },
  { what: 'an interlaced picture', png: { ...small, interlace: 1 }, says: /interlaced/ },
  { what: 'no rows', png: { ...small, rows: 0 }, says: /sides/ },
  { what: 'sides beyond the limit', png: { columns: 65535, rows: 65535, bytes: new Uint8Array(0) }, says: /sides/ },
  { what: 'a bomb within the limit', png: { columns: 8192, rows: 8192, compressed: new Uint8Array(64) }, says: /compressed beyond/ },
] as const)('refuses $what', ({ png, says }) => {
  expect(() => readPngPicture(buildPng(png))).toThrow(refusal(says))
})

test('refuses a picture of 1 bit and a mask of 16', () => {
  expect(() => readPngPicture(buildPng({ ...small, depth: 1 }))).toThrow(refusal(/1 bits/))
  expect(() => readPngMask(buildPng({ ...small, depth: 16 }))).toThrow(refusal(/16 bits/))
})

test('refuses a file cut anywhere, and one whose checksum is wrong', () => {
  const whole = buildPng({ columns: 3, rows: 2, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) })
  for (let length = 0; length < whole.length; length++) expect(() => readPngPicture(whole.subarray(0, length))).toThrow(refusal(/./))
  const damaged = whole.slice()
  damaged[whole.length - 17] ^= 1
  expect(() => readPngPicture(damaged)).toThrow(refusal(/./))
})
