import { createHash, randomFillSync } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { stageFile, stageFileSoon, stageOverlay } from '../../../main/archive/staging'
import { chunkBytes } from '../../../main/base/hashing'
import { temporaryArchive, temporaryFolder } from './fixtures'

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test.each([
  ['nothing', 0, 1],
  ['one byte', 1, 1],
  ['exactly one chunk', chunkBytes, 1],
  ['one byte more', chunkBytes + 1, 2],
  ['two and a half', chunkBytes * 2.5, 3],
])('%s: a file and the same bytes give the same hashes, chunk by chunk', async (_, size, chunks) => {
  const { folder } = temporaryArchive()
  const bytes = randomFillSync(new Uint8Array(size))
  const source = join(temporaryFolder(), 'source')
  writeFileSync(source, bytes)
  const staged = stageFile(source, folder)
  expect(staged).toMatchObject({ size, sha256: hashOf(bytes) })
  expect(staged.chunks).toEqual(
    Array.from({ length: chunks }, (_unused, index) => hashOf(bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes))),
  )
  expect(readFileSync(join(folder, 'tmp', staged.temporary)).equals(bytes)).toBe(true)
  const { temporary: _name, ...rest } = staged
  expect(stageFile(bytes, folder)).toMatchObject(rest)
  const soon = await stageFileSoon(source, folder)
  expect(soon).toMatchObject(rest)
  expect(readFileSync(join(folder, 'tmp', soon.temporary)).equals(bytes)).toBe(true)
})

test('a large file is never in memory', () => {
  const { folder } = temporaryArchive()
  const source = join(temporaryFolder(), 'large')
  const handle = openSync(source, 'w')
  ftruncateSync(handle, 20 * chunkBytes)
  closeSync(handle)
  const before = process.memoryUsage().arrayBuffers
  const staged = stageFile(source, folder)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * chunkBytes)
  expect(staged.chunks).toHaveLength(20)
  expect(statSync(join(folder, 'tmp', staged.temporary)).size).toBe(20 * chunkBytes)
})

test.each([
  ['a file that is not there', 'none'],
  ['a folder', '.'],
])('EXPECTED FAILURE: %s leaves nothing behind', (_, name) => {
  const { folder } = temporaryArchive()
  expect(() => stageFile(join(temporaryFolder(), name), folder)).toThrow(expect.objectContaining({ code: 'file.unreadable' }))
  expect(readdirSync(join(folder, 'tmp'))).toEqual([])
})

test('EXPECTED FAILURE: an archive that is not there', () => {
  expect(() => stageFile(new Uint8Array(1), join(temporaryFolder(), 'none'))).toThrow(expect.objectContaining({ code: 'archive.vanished' }))
})

test('an overlay is deflated and hashed as it lies on the disk', () => {
  const { folder } = temporaryArchive()
  const bytes = new Uint8Array(256 * 256)
  bytes.fill(1, 1000, 3000)
  const staged = stageOverlay(bytes, folder)
  const file = readFileSync(join(folder, 'tmp', staged.temporary))
  expect(staged).toMatchObject({ sha256: hashOf(file), size: file.length })
  expect(file.length).toBeLessThan(2000)
  expect(new Uint8Array(inflateRawSync(file))).toEqual(bytes)
})
