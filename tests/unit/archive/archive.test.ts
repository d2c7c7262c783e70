import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openArchive } from '../../../main/archive/archive'
import { repository } from '../../shared-data'
import { everything, facts, incoming, store, temporaryArchive, temporaryFolder } from './fixtures'

const failingWith = (code: string) => expect.objectContaining({ code })

test('an archive is readable by its owner alone', () => {
  const { folder } = temporaryArchive()
  for (const name of ['.', 'objects', 'results', 'derived', 'tmp']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700)
})

test('a folder that others could read becomes private', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'open'), { mode: 0o755 })
  openArchive(join(folder, 'open')).close()
  expect(statSync(join(folder, 'open')).mode & 0o777).toBe(0o700)
})

test('EXPECTED FAILURE: a folder of other things is not taken, and nothing in it changes', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'tmp'))
  writeFileSync(join(folder, 'tmp', '0123456789abcdef01234567'), 'mine')
  expect(() => openArchive(folder)).toThrow(failingWith('archive.foreign'))
  expect(readdirSync(folder)).toEqual(['tmp'])
  expect(existsSync(join(folder, 'tmp', '0123456789abcdef01234567'))).toBe(true)
})

test('EXPECTED FAILURE: a second owner waits, then is told', () => {
  const { folder } = temporaryArchive()
  const start = performance.now()
  expect(() => openArchive(folder, { lockTimeoutMs: 300 })).toThrow(failingWith('archive.in-use'))
  expect(performance.now() - start).toBeGreaterThan(250)
})

test('a closed archive can be opened again, with what was stored', () => {
  const folder = join(temporaryFolder(), 'archive')
  const first = openArchive(folder)
  const key = store(first, {})
  first.close()
  const second = openArchive(folder, { lockTimeoutMs: 50 })
  expect(second.studyRow(key).patient.patientName).toBe('Doe^Jane')
  second.close()
})

test('a killed owner leaves the lock free', async () => {
  const { folder } = temporaryArchive()
  const lock = join(folder, 'other.lock')
  const script = `const Database = require('libsql'); const db = new Database(${JSON.stringify(lock)}); db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['-e', script], { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void owner.kill('SIGKILL'))
  await once(owner.stdout, 'data')
  const { takeLock } = await import('../../../main/archive/lock')
  expect(() => takeLock(lock, 50)).toThrow(failingWith('archive.in-use'))
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  takeLock(lock, 50).release()
})

test('a reader stands beside the owner, sees what is stored, and writes nothing', () => {
  const owner = temporaryArchive()
  const reader = openArchive(owner.folder, { readOnly: true })
  onTestFinished(() => reader.close())
  expect(reader.list()).toEqual([])
  store(owner, {})
  expect(reader.list()).toHaveLength(1)
  expect(reader.listStudies(everything).total).toBe(1)
  expect(() => reader.storeInstances([incoming(owner, { instance: '2' })])).toThrow(failingWith('archive.in-use'))
})

test('EXPECTED FAILURE: reading where there is no archive makes none', () => {
  const folder = join(temporaryFolder(), 'none')
  expect(() => openArchive(folder, { readOnly: true })).toThrow(failingWith('archive.absent'))
  expect(existsSync(folder)).toBe(false)
})

test('a folder whose name has a meaning in a URI is read as well', () => {
  const folder = join(temporaryFolder(), 'a?mode=rwc#b%20c')
  const owner = openArchive(folder)
  store(owner, {})
  const reader = openArchive(folder, { readOnly: true })
  expect(reader.list()).toHaveLength(1)
  reader.close()
  owner.close()
})

test('EXPECTED FAILURE: a database that is none is named as damaged', () => {
  const folder = join(temporaryFolder(), 'archive')
  openArchive(folder).close()
  writeFileSync(join(folder, 'overread.sqlite'), 'not a database, but long enough to be read as one'.repeat(100))
  expect(() => openArchive(folder)).toThrow(failingWith('archive.damaged'))
})

test('what a killed import left in tmp is swept at the next start, and nothing else', () => {
  const folder = join(temporaryFolder(), 'archive')
  const first = openArchive(folder)
  incoming(first)
  writeFileSync(join(folder, 'tmp', 'note.txt'), 'kept')
  first.close()
  openArchive(folder).close()
  expect(readdirSync(join(folder, 'tmp'))).toEqual(['note.txt'])
})

test('what methods take and give can be cloned between threads', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  const values = [
    archive.list(),
    archive.studyDetail(key),
    archive.listStudies(everything),
    archive.instanceLocation(key, facts().sopInstanceUid),
  ]
  expect(structuredClone(values)).toEqual(values)
})
