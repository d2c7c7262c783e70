import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { NewReaderEntry } from '../../../contracts/reader-entries'
import type { Archive } from '../../../main/archive/archive'
import { checkArchive } from '../../../main/archive/check'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { finding, imageResult, incoming, result, store, temporaryArchive, temporaryFolder } from './fixtures'

function filled(): { archive: Archive; object: string } {
  const archive = temporaryArchive()
  const key = store(archive, { instance: '1' }, { instance: '2' }, { series: '2', modality: 'SR', frames: 0 })
  store(archive, { study: '2' }, { study: '2', patient: { patientId: '7' }, instance: '2' })
  const { images: _images, findings: _findings, structures: _structures, incomplete: _incomplete, ...head } = result({ imagesTotal: 2 })
  archive.beginResult(key, head)
  archive.appendImages(head.resultId, [
    { image: imageResult('1'), overlays: [{ label: 'a', kind: 'mask', rows: 2, columns: 2, bytes: new Uint8Array(4) }] },
  ])
  const found = finding()
  const whole = result({ images: [imageResult('1'), imageResult('2')], findings: [found] })
  archive.appendResult(key, whole)
  archive.addDecision(key, { decisionId: 'd', findingId: found.findingId, verdict: 'accepted', comment: '' })
  const missed = (entryId: string): NewReaderEntry => ({
    kind: 'missed',
    entryId,
    resultId: whole.resultId,
    sopInstanceUid: '1.2.3.1.1.1',
    frameIndex: 0,
    outline: [[1, 2]],
  })
  archive.addReaderEntry(key, missed('m'))
  archive.addReaderEntry(key, missed('n'))
  archive.addReaderEntry(key, { kind: 'withdrawn', entryId: 'w', withdraws: 'n' })
  return { archive, object: archive.instanceLocation(key, '1.2.3.1.1.1').path }
}

/** Writes past the archive's own methods, which would refuse. */
function tamper(archive: Archive, sql: string): void {
  const db = connect(layoutOf(archive.folder).database)
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
  db.close()
}

test('a whole archive has no problem, also beside its owner', () => {
  const { archive } = filled()
  const seen: number[] = []
  const report = checkArchive(archive.folder, { onProgress: (done, total) => void seen.push(done / total) })
  expect(report).toMatchObject({
    studies: 3,
    instances: 5,
    results: 2,
    overlays: 1,
    decisions: 1,
    entries: 3,
    unreferenced: 0,
    problems: [],
  })
  expect(seen.at(-1)).toBe(1)
  expect(report.bytes).toBeGreaterThan(1000)
})

test.each<[string, RegExp, (path: string) => void]>([
  [
    'a bit of a file',
    /content changed, first in its 1. part/,
    (path) => {
      const bytes = readFileSync(path)
      bytes[40]! ^= 1
      writeFileSync(path, bytes)
    },
  ],
  ['the end of a file', /has 10 bytes/, (path) => truncateSync(path, 10)],
  ['a file', /missing/, (path) => rmSync(path)],
])('%s that is lost is found', (_, what, damage) => {
  const { archive, object } = filled()
  damage(object)
  expect(checkArchive(archive.folder).problems).toEqual([{ kind: 'object', where: object.slice(-64), what: expect.stringMatching(what) }])
})

const free = 'DROP TRIGGER readerEntriesRefusesUpdate;'
test.each<[string, string, string]>([
  ['a count', 'UPDATE studies SET instanceCount = 9 WHERE studyKey = 1', 'counts of a study'],
  ['a count of a series', 'UPDATE series SET frameCount = 9 WHERE seriesKey = 2', 'counts of a series'],
  ['an AI state', `UPDATE studies SET aiState = 'no-finding' WHERE studyKey = 1`, 'AI state of a study'],
  ['a flag', 'UPDATE studies SET identityConflict = 0 WHERE studyKey = 2', 'flag of two identities'],
  ['a search text', 'DELETE FROM studySearch WHERE studyKey = 1', 'search text of a study'],
  ['facts', 'DELETE FROM instanceFacts WHERE instanceKey = 1', 'facts of an instance'],
  ['a decision', 'DROP TRIGGER decisionsRefusesUpdate; UPDATE decisions SET sequence = 5', 'order of decisions'],
  ['a count of misses', 'UPDATE studies SET aiMissed = 0 WHERE studyKey = 1', 'AI state of a study'],
  ['an entry', `${free} UPDATE readerEntries SET sequence = 7 WHERE sequence = 3`, 'order of entries'],
  ['the study of an entry', `${free} UPDATE readerEntries SET studyKey = 2 WHERE sequence = 1`, 'subject of an entry'],
  ['what an entry withdraws', `${free} UPDATE readerEntries SET withdraws = 3 WHERE sequence = 3`, 'subject of an entry'],
  [
    'the picture of an entry',
    `${free} UPDATE readerEntries SET sopInstanceUid = '9' WHERE sequence = 1`,
    'names a row that resultImages lacks',
  ],
  ['an outline', `${free} UPDATE readerEntries SET outline = '[[1]]' WHERE sequence = 1`, 'an entry of a reader is not of its form'],
  ['a result', `DROP TRIGGER resultsRefusesUpdate; UPDATE results SET head = '{}'`, 'result is not of its form'],
  ['a reference', 'DELETE FROM studies WHERE studyKey = 3', 'names a row that studies lacks'],
])('%s that was changed is found', (_, sql, what) => {
  const { archive } = filled()
  tamper(archive, sql)
  expect(checkArchive(archive.folder).problems).toContainEqual(
    expect.objectContaining({ kind: 'row', what: expect.stringContaining(what) }),
  )
})

test('facts that belong to another object are found', () => {
  const { archive } = filled()
  tamper(archive, 'UPDATE instanceFacts SET facts = (SELECT facts FROM instanceFacts WHERE instanceKey = 2) WHERE instanceKey = 1')
  expect(checkArchive(archive.folder).problems).toEqual([
    expect.objectContaining({ kind: 'object', what: 'facts belong to another object' }),
  ])
})

test('a lost overlay is found', () => {
  const { archive } = filled()
  rmSync(join(archive.folder, 'results'), { recursive: true })
  mkdirSync(join(archive.folder, 'results'))
  expect(checkArchive(archive.folder).problems).toEqual([expect.objectContaining({ kind: 'overlay', what: 'the file is missing' })])
})

test('a file that no row names is counted, and is no problem', () => {
  const { archive } = filled()
  mkdirSync(join(archive.folder, 'objects', '00'), { recursive: true })
  writeFileSync(join(archive.folder, 'objects', '00', '0'.repeat(64)), 'left')
  expect(checkArchive(archive.folder)).toMatchObject({ unreferenced: 1, problems: [] })
})

test('a file of several parts is checked part by part', () => {
  const archive = temporaryArchive()
  const object = incoming(archive, {}, 'x'.repeat(9 << 20))
  archive.storeInstances([object])
  expect(checkArchive(archive.folder).problems).toEqual([])
  const { path } = archive.instanceLocation(1, '1.2.3.1.1.1')
  const bytes = readFileSync(path)
  bytes[5 << 20]! ^= 1
  writeFileSync(path, bytes)
  expect(checkArchive(archive.folder).problems[0]!.what).toContain('first in its 2. part')
})

test('EXPECTED FAILURE: no archive', () => {
  expect(() => checkArchive(temporaryFolder())).toThrow(expect.objectContaining({ code: 'archive.absent' }))
})
