import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openArchive } from '../../../main/archive/archive'
import { temporaryArchive } from './fixtures'

const [first, second] = ['1', '2'].map((digit) => digit.repeat(64))

test('a choice comes back for its model on its processor alone, and can be replaced', () => {
  const archive = temporaryArchive()
  archive.putThreads(first, 'one', { threads: 2, runtime: '1.0.0' })
  archive.putThreads(first, 'other', { threads: 8, runtime: '1.0.0' })
  archive.putThreads(first, 'one', { threads: 4, runtime: '1.1.0' })
  expect(archive.getThreads(first, 'one')).toEqual({ threads: 4, runtime: '1.1.0' })
  expect(archive.getThreads(first, 'other')).toEqual({ threads: 8, runtime: '1.0.0' })
  expect(archive.getThreads(second, 'one')).toBeNull()
  expect(readdirSync(join(archive.folder, 'tmp'))).toEqual([])
})

test('is there when the archive is opened again', () => {
  const archive = temporaryArchive()
  archive.putThreads(first, 'one', { threads: 2, runtime: '1.0.0' })
  const reader = openArchive(archive.folder, { readOnly: true })
  expect(reader.getThreads(first, 'one')).toEqual({ threads: 2, runtime: '1.0.0' })
  expect(() => reader.putThreads(first, 'one', { threads: 3, runtime: '1.0.0' })).toThrow(
    expect.objectContaining({ code: 'archive.in-use' }),
  )
  reader.close()
})

test.each(['', '{}', '[{"sha256":"x"}]', '[{"sha256":'])('a file that holds %j is as none', (content) => {
  const archive = temporaryArchive()
  writeFileSync(join(archive.folder, 'derived', 'threads.json'), content)
  expect(archive.getThreads(first, 'one')).toBeNull()
  archive.putThreads(first, 'one', { threads: 2, runtime: '1.0.0' })
  expect(archive.getThreads(first, 'one')).toEqual({ threads: 2, runtime: '1.0.0' })
})

test('the folder may be deleted at any time', () => {
  const archive = temporaryArchive()
  rmSync(join(archive.folder, 'derived'), { recursive: true })
  expect(archive.getThreads(first, 'one')).toBeNull()
  archive.putThreads(first, 'one', { threads: 2, runtime: '1.0.0' })
  expect(existsSync(join(archive.folder, 'derived', 'threads.json'))).toBe(true)
})

test('keeps the 256 kept last', () => {
  const archive = temporaryArchive()
  for (let index = 0; index < 257; index++) archive.putThreads(first, `processor ${index}`, { threads: 1, runtime: '1.0.0' })
  expect(archive.getThreads(first, 'processor 0')).toBeNull()
  expect(archive.getThreads(first, 'processor 1')).not.toBeNull()
}, 60_000)
