import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { layoutOf } from '../../../main/archive/layout'
import { thumbnailStore } from '../../../main/archive/thumbnails'
import { temporaryArchive } from './fixtures'

const picture = (value: number, samplesPerPixel: 1 | 3 = 1) => ({
  rows: 3,
  columns: 2,
  samplesPerPixel,
  bytes: new Uint8Array(6 * samplesPerPixel).fill(value),
})
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

test('a thumbnail comes back for its series alone, and can be replaced', () => {
  const archive = temporaryArchive()
  archive.putThumbnail(1, '1.2', picture(1))
  archive.putThumbnail(2, '1.2', picture(2, 3))
  expect(archive.getThumbnail(1, '1.2')).toEqual(picture(1))
  expect(archive.getThumbnail(2, '1.2')).toEqual(picture(2, 3))
  expect(archive.getThumbnail(1, '1.3')).toBeNull()
  archive.putThumbnail(1, '1.2', picture(3))
  expect(archive.getThumbnail(1, '1.2')).toEqual(picture(3))
})

test('derived may be deleted at any time', () => {
  const archive = temporaryArchive()
  archive.putThumbnail(1, '1.2', picture(1))
  rmSync(join(archive.folder, 'derived'), { recursive: true })
  expect(archive.getThumbnail(1, '1.2')).toBeNull()
  archive.putThumbnail(1, '1.2', picture(1))
  expect(archive.getThumbnail(1, '1.2')).toEqual(picture(1))
})

test.each([
  ['cut', (path: string) => truncateSync(path, 20)],
  ['emptied', (path: string) => truncateSync(path, 0)],
  ['overwritten', (path: string) => writeFileSync(path, Buffer.alloc(24))],
  ['changed', (path: string) => writeFileSync(path, Buffer.alloc(1, 9), { flag: 'r+' })],
])('one that was %s is not shown', (_, damage) => {
  const archive = temporaryArchive()
  archive.putThumbnail(1, '1.2', picture(1))
  damage(filesIn(join(archive.folder, 'derived'))[0]!)
  expect(archive.getThumbnail(1, '1.2')).toBeNull()
})

test('EXPECTED FAILURE: a thumbnail that is not of its size', () => {
  const archive = temporaryArchive()
  expect(() => archive.putThumbnail(1, '1.2', { ...picture(1), rows: 4 })).toThrow(expect.objectContaining({ code: 'request.invalid' }))
})

test('all together stay below the limit: the oldest go, also across a restart', () => {
  const layout = layoutOf(temporaryArchive().folder)
  const each = 18 + 6
  const first = thumbnailStore(layout, 3 * each)
  for (const key of [1, 2, 3, 4]) first.put(key, '1.2', picture(key))
  expect([1, 2, 3, 4].map((key) => first.get(key, '1.2') !== null)).toEqual([false, true, true, true])
  const second = thumbnailStore(layout, 2 * each)
  second.put(5, '1.2', picture(5))
  expect(filesIn(layout.derived)).toHaveLength(2)
  expect(second.get(5, '1.2')).toEqual(picture(5))
})
