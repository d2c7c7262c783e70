import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bytesSource, fileSource } from '../../../main/base/byte-source'
import { chunkBytes } from '../../../main/base/hashing'

const folder = mkdtempSync(join(tmpdir(), 'overread-byte-source-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two whole chunks and a part of a third; each byte tells its place. */
const content = Uint8Array.from({ length: chunkBytes * 2 + 1000 }, (_, index) => (index * 31 + (index >> 12)) & 255)
const path = join(folder, 'content')
writeFileSync(path, content)

const sources = [
  ['memory', () => ({ ...bytesSource(content), close: () => {} })],
  ['a file', () => fileSource(path)],
  ['a verified file', () => fileSource(path, { verifyChunk: () => {} })],
] as const

test.each(sources)('%s gives the bytes asked for, fewer at the end, none beyond', (_, open) => {
  const source = open()
  expect(source.size).toBe(content.length)
  for (const [offset, length] of [
    [0, 10],
    [chunkBytes - 5, 10],
    [chunkBytes - 5, chunkBytes + 10],
    [0, content.length],
    [content.length - 3, 100],
    [content.length, 1],
    [content.length + 50, 1],
    [5, 0],
  ]) {
    expect(Buffer.compare(source.read(offset, length), content.subarray(offset, offset + length)), `${offset}, ${length}`).toBe(0)
  }
  source.close()
})

test('each chunk passes verification before a byte of it is given, once while it is kept', () => {
  const hashes = [0, 1, 2].map((index) =>
    createHash('sha256')
      .update(content.subarray(index * chunkBytes, (index + 1) * chunkBytes))
      .digest('hex'),
  )
  const seen: number[] = []
  const source = fileSource(path, {
    verifyChunk(index, bytes) {
      seen.push(index)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(hashes[index])
    },
  })
  source.read(10, 10)
  source.read(20, 10)
  source.read(chunkBytes - 1, 2)
  expect(seen).toEqual([0, 1])
  source.close()
})

test('what verification throws comes through, and nothing is given', () => {
  const source = fileSource(path, {
    verifyChunk() {
      throw new Error('changed')
    },
  })
  expect(() => source.read(0, 1)).toThrow('changed')
  source.close()
})

test.each([
  ['that is missing', join(folder, 'none')],
  ['that is a folder', folder],
])('a path %s is refused', (_, missing) => expect(() => fileSource(missing)).toThrow(/could not be read/))

test('a file that shrinks while open is refused, as is a closed one', () => {
  const shrinking = join(folder, 'shrinking')
  writeFileSync(shrinking, content)
  const source = fileSource(shrinking)
  truncateSync(shrinking, 10)
  expect(() => source.read(0, 100)).toThrow(/the file ends at byte 10/)
  source.close()
  expect(() => source.read(0, 1)).toThrow(/closed/)
})
