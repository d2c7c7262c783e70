import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { everything, facts, incoming, store, temporaryArchive } from './fixtures'

test('a stored object lies under its hash and nothing else, and is found by its identifier', () => {
  const archive = temporaryArchive()
  const object = incoming(archive)
  expect(archive.storeInstances([object])).toEqual([{ outcome: 'stored', studyKey: 1 }])
  const location = archive.instanceLocation(1, facts().sopInstanceUid)
  expect(location.path).toBe(join(archive.folder, 'objects', object.sha256.slice(0, 2), object.sha256))
  const bytes = readFileSync(location.path)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(location.sha256)
  expect(location).toMatchObject({ size: bytes.length, chunks: [location.sha256] })
  expect(readdirSync(join(archive.folder, 'tmp'))).toEqual([])
})

test('where an object lies, it is said whether its facts count tiles as frames', () => {
  const archive = temporaryArchive()
  const plain = incoming(archive)
  const tiled = incoming(archive, { instance: '2' })
  const image = { ...tiled.facts.image!, mosaic: { rows: 12, columns: 12 } }
  archive.storeInstances([plain, { ...tiled, facts: { ...tiled.facts, image } }])
  expect([plain, tiled].map(({ facts }) => archive.instanceLocation(1, facts.sopInstanceUid).tiled)).toEqual([false, true])
})

test('the same object twice is one, in one batch and in two', () => {
  const archive = temporaryArchive()
  const outcomes = archive.storeInstances([incoming(archive), incoming(archive)])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'known'])
  expect(archive.storeInstances([incoming(archive)])).toEqual([{ outcome: 'known', studyKey: 1 }])
  expect(archive.list()[0]!.series[0]!.instances).toBe(1)
  expect(readdirSync(join(archive.folder, 'tmp'))).toEqual([])
})

test('other content under a known identifier is kept out and recorded once', () => {
  const archive = temporaryArchive()
  store(archive, {})
  const other = incoming(archive, {}, 'other')
  expect(archive.storeInstances([other])).toEqual([{ outcome: 'conflict', studyKey: 1 }])
  archive.storeInstances([incoming(archive, {}, 'other')])
  expect(archive.instanceLocation(1, facts().sopInstanceUid).sha256).not.toBe(other.sha256)
  expect(existsSync(join(archive.folder, 'objects', other.sha256.slice(0, 2), other.sha256))).toBe(false)
  const db = connect(layoutOf(archive.folder).database, { readOnly: true })
  expect(db.all('SELECT sopInstanceUid, offeredSha256, sourceName FROM conflicts')).toEqual([
    { sopInstanceUid: facts().sopInstanceUid, offeredSha256: other.sha256, sourceName: 'IM0001' },
  ])
  db.close()
})

test('a conflict within one batch keeps the first', () => {
  const archive = temporaryArchive()
  const outcomes = archive.storeInstances([incoming(archive), incoming(archive, {}, 'other')])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'conflict'])
})

test.each([
  ['another id', { patientId: '0043' }],
  ['the same id of another hospital', { issuer: 'St. Elsewhere' }],
  ['another birth date', { birthDate: '19800101' }],
  ['another sex', { sex: 'M' }],
])('one study UID under %s is two studies, both flagged', (_, patient) => {
  const archive = temporaryArchive()
  const first = store(archive, {})
  expect(archive.studyRow(first).identityConflict).toBe(false)
  const second = store(archive, { patient, instance: '2' })
  expect(second).not.toBe(first)
  expect([archive.studyRow(first).identityConflict, archive.studyRow(second).identityConflict]).toEqual([true, true])
  expect(archive.studyDetail(first).series[0]!.instances).toHaveLength(1)
  expect(() => archive.instanceLocation(first, '1.2.3.1.1.2')).toThrow(expect.objectContaining({ code: 'archive.missing' }))
})

test('a name written in two ways is one patient', () => {
  const archive = temporaryArchive()
  const first = store(archive, {})
  expect(store(archive, { patient: { patientName: 'DOE^JANE^^^' }, instance: '2' })).toBe(first)
  expect(archive.studyRow(first)).toMatchObject({ identityConflict: false, instances: 2 })
})

test('counts, modalities and series follow what is stored', () => {
  const archive = temporaryArchive()
  store(
    archive,
    { series: '1', instance: '1' },
    { series: '1', instance: '2' },
    { series: '2', modality: 'SR', frames: 0 },
    { series: '3', frames: 40 },
  )
  expect(archive.studyRow(1)).toMatchObject({ series: 3, instances: 4, modalities: ['MR', 'SR'] })
  expect(archive.list()).toEqual([
    {
      studyInstanceUid: '1.2.3.1',
      patientId: '0042',
      patientName: 'Doe^Jane',
      studyDate: '20261102',
      modalities: ['MR', 'SR'],
      identityConflict: false,
      patientIdShared: false,
      headersCorrected: 0,
      keptOut: 0,
      series: [
        { seriesInstanceUid: '1.2.3.1.1', modality: 'MR', description: 'series 1', instances: 2 },
        { seriesInstanceUid: '1.2.3.1.2', modality: 'SR', description: 'series 2', instances: 1 },
        { seriesInstanceUid: '1.2.3.1.3', modality: 'MR', description: 'series 3', instances: 1 },
      ],
      ai: { state: 'not-run' },
      missed: 0,
      results: [],
    },
  ])
})

test('what the first object left empty, a later one fills; nothing stated is replaced', () => {
  const archive = temporaryArchive()
  store(archive, { studyFacts: { description: '' } })
  store(archive, { instance: '2', studyFacts: { description: 'Head FLAIR', date: '19991231' } })
  expect(archive.studyRow(1)).toMatchObject({ description: 'Head FLAIR', studyDate: '20261102' })
  expect(archive.listStudies({ ...everything, search: 'flair' }).total).toBe(1)
})

test('the facts of every object come back as they were', () => {
  const archive = temporaryArchive()
  store(archive, { instance: '1' }, { instance: '2', frames: 3 })
  const [series] = archive.studyDetail(1).series
  expect(series!.instances.map((instance) => instance.facts)).toEqual([facts({ instance: '1' }), facts({ instance: '2', frames: 3 })])
})

test('EXPECTED FAILURE: a batch with one bad file stores nothing of it', () => {
  const archive = temporaryArchive()
  const good = incoming(archive, { instance: '1' })
  const bad = incoming(archive, { instance: '2' })
  truncateSync(join(archive.folder, 'tmp', bad.temporary), 3)
  expect(() => archive.storeInstances([good, bad])).toThrow(expect.objectContaining({ code: 'internal' }))
  expect(archive.list()).toEqual([])
  expect(readdirSync(join(archive.folder, 'tmp'))).toEqual([])
  expect(existsSync(join(archive.folder, 'objects', good.sha256.slice(0, 2), good.sha256))).toBe(false)
  expect(archive.storeInstances([incoming(archive)])[0]!.outcome).toBe('stored')
})

test.each(['../objects/aa', '/etc/passwd', '', '0123456789abcdef0123456g'])(
  'EXPECTED FAILURE: %j is no name of a staged file',
  (temporary) => {
    const archive = temporaryArchive()
    expect(() => archive.storeInstances([{ ...incoming(archive), temporary }])).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    )
  },
)

test('a file left in objects by a kill before the commit is replaced', () => {
  const archive = temporaryArchive()
  const object = incoming(archive)
  const target = join(archive.folder, 'objects', object.sha256.slice(0, 2), object.sha256)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, 'half')
  expect(archive.storeInstances([object])[0]!.outcome).toBe('stored')
  expect(createHash('sha256').update(readFileSync(target)).digest('hex')).toBe(object.sha256)
})

test('our own synthetic studies are marked', () => {
  const archive = temporaryArchive()
  expect(archive.studyRow(store(archive, { patient: { patientId: 'OVERREAD-PHANTOM-HEAD' } })).phantom).toBe(true)
  expect(archive.studyRow(store(archive, { study: '2' })).phantom).toBe(false)
})
