import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openArchive } from '../../../main/archive/archive'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { databaseVersion, migrate } from '../../../main/archive/migrate'
import { migrations } from '../../../main/archive/migrations/index'
import { temporaryFolder, upgradedTo } from './fixtures'

const source = fileURLToPath(new URL('../../../main/archive/migrations', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const latest = migrations.at(-1)!.number
const files = readdirSync(source).filter((name) => /^\d{4}-/.test(name))

test('numbers rise and every file is listed under its own number and name', () => {
  expect(migrations.map(({ number, name }) => `${String(number).padStart(4, '0')}-${name}.ts`)).toEqual(files.sort())
})

test.each(files)('%s has a test that runs it', (file) => {
  const testFile = join(here, file.replace('.ts', '.test.ts'))
  expect(existsSync(testFile)).toBe(true)
  expect(readFileSync(testFile, 'utf8')).toContain(`upgradedTo(${Number.parseInt(file, 10)})`)
})

test('a step that fails leaves the database as it was', () => {
  const db = upgradedTo(latest)
  const broken = [
    ...migrations,
    { number: latest + 10, name: 'broken', sql: 'CREATE TABLE half (a TEXT) STRICT; CREATE TABLE half (a TEXT) STRICT' },
  ]
  expect(() => migrate(db, null, broken)).toThrow(/already exists/)
  expect(databaseVersion(db)).toBe(latest)
  expect(db.all(`SELECT name FROM sqlite_schema WHERE name = 'half'`)).toEqual([])
})

test('an archive is copied before its first new step, and the copy opens', () => {
  const folder = join(temporaryFolder(), 'archive')
  openArchive(folder).close()
  const layout = layoutOf(folder)
  const db = connect(layout.database)
  db.exec('CREATE TABLE kept (a TEXT) STRICT')
  migrate(db, layout, [...migrations, { number: latest + 10, name: 'more', sql: 'DROP TABLE kept' }])
  expect(databaseVersion(db)).toBe(latest + 10)
  db.close()
  const copy = connect(join(folder, `overread-before-${latest}.sqlite`), { readOnly: true })
  expect(databaseVersion(copy)).toBe(latest)
  expect(copy.all('SELECT * FROM kept')).toEqual([])
  copy.close()
})

test.each([latest - 5, latest + 10])('EXPECTED FAILURE: a database of step %i belongs to a newer version', (version) => {
  const folder = join(temporaryFolder(), 'archive')
  openArchive(folder).close()
  const db = connect(layoutOf(folder).database)
  db.exec(`PRAGMA user_version = ${version}`)
  db.close()
  expect(() => openArchive(folder)).toThrow(expect.objectContaining({ code: 'archive.newer' }))
  expect(() => openArchive(folder, { readOnly: true })).toThrow(expect.objectContaining({ code: 'archive.newer' }))
  // Refusing frees the lock.
  expect(() => openArchive(folder, { lockTimeoutMs: 50 })).toThrow(expect.objectContaining({ code: 'archive.newer' }))
})
