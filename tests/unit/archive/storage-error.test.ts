import { closeSync, openSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OverreadError } from '../../../contracts/errors'
import { connect } from '../../../main/archive/database'
import { storageError } from '../../../main/archive/storage-error'

test('a database that runs full says so, and the transaction leaves nothing', () => {
  const db = connect(':memory:')
  db.exec('CREATE TABLE t (a BLOB) STRICT; PRAGMA max_page_count = 20')
  const fill = () => db.transaction(() => Array.from({ length: 100 }, () => db.run('INSERT INTO t VALUES (?)', [new Uint8Array(2000)])))
  expect(fill).toThrow(expect.objectContaining({ code: 'archive.disk-full' }))
  expect(db.all('SELECT * FROM t')).toEqual([])
  expect(db.run('INSERT INTO t VALUES (?)', [new Uint8Array(3)])).toBe(1)
})

test.runIf(process.platform === 'linux')('a full disk says so', () => {
  const full = openSync('/dev/full', 'w')
  let fault: unknown
  try {
    writeSync(full, 'x')
  } catch (error) {
    fault = storageError(error)
  } finally {
    closeSync(full)
  }
  expect(fault).toMatchObject({ code: 'archive.disk-full' })
})

test('a code of the catalogue stays, and what is unknown stays unknown', () => {
  const known = new OverreadError('archive.missing')
  const unknown = new TypeError('x is not a function')
  expect(storageError(known)).toBe(known)
  expect(storageError(unknown)).toBe(unknown)
  expect(storageError('text')).toBe('text')
})

test('a transaction within one joins it and fails with it', () => {
  const db = connect(':memory:')
  db.exec('CREATE TABLE t (a INTEGER UNIQUE) STRICT')
  expect(() =>
    db.transaction(() => {
      db.transaction(() => db.run('INSERT INTO t VALUES (1)'))
      db.run('INSERT INTO t VALUES (1)')
    }),
  ).toThrow(/UNIQUE/)
  expect(db.all('SELECT * FROM t')).toEqual([])
})
