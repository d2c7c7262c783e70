/** The same identifiers under other headers, patients and pixels: each is what it is, and nothing is merged or lost. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Archive } from '../../../main/archive/archive'
import { checkArchive } from '../../../main/archive/check'
import { stageFile } from '../../../main/archive/staging'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { buildObject, pictureElements, type SampleElement } from '../../samples/build-object'
import { everything, finding, imageResult, result, temporaryArchive } from './fixtures'

interface Offer {
  readonly patientId?: string
  readonly issuer?: string
  readonly birthDate?: string
  readonly name?: string
  readonly instance?: string
  readonly study?: string
  readonly series?: string
  readonly pixel?: number
  readonly modality?: string
  readonly extra?: readonly SampleElement[]
  readonly implicit?: boolean
  readonly frames?: number
}

function objectBytes(offer: Offer): Uint8Array {
  const { patientId = '0042', issuer = '', birthDate = '19700101', name = 'Doe^Jane', instance = '1', study = '1', pixel = 7 } = offer
  const { series = `${study}.1`, modality = 'MR', extra = [], implicit = false, frames } = offer
  const elements = pictureElements(
    { rows: 2, columns: 2, bitsAllocated: 16, frames },
    [0x7fe00010, 'OW', new Uint8Array(16).fill(pixel)],
    [
      [0x00080018, 'UI', `1.2.3.${study}.1.${instance}`],
      [0x0020000d, 'UI', `1.2.3.${study}`],
      [0x0020000e, 'UI', `1.2.3.${series}`],
      [0x00080060, 'CS', modality],
      [0x00100010, 'PN', name],
      [0x00100020, 'LO', patientId],
      [0x00100021, 'LO', issuer],
      [0x00100030, 'DA', birthDate],
      [0x00100040, 'CS', 'F'],
      ...extra,
    ],
  )
  return buildObject(elements, implicit ? { transferSyntax: '1.2.840.10008.1.2' } : {})
}

function staged(archive: Archive, offer: Offer) {
  const bytes = objectBytes(offer)
  return { ...stageFile(bytes, archive.folder), facts: instanceFacts(readDicomObject(bytesSource(bytes))), sourceName: '/media/cd/IM0001' }
}

/** One batch of these; answers what became of each, and finds the archive whole afterwards. */
function offer(archive: Archive, ...offers: Offer[]) {
  const outcomes = archive.storeInstances(offers.map((each) => staged(archive, each)))
  expect(checkArchive(archive.folder)).toMatchObject({ problems: [], unreferenced: 0 })
  return outcomes.map(({ outcome, studyKey }) => [outcome, studyKey])
}

const shaOf = (archive: Archive, studyKey: number, instance = '1') => archive.instanceLocation(studyKey, `1.2.3.1.1.${instance}`).sha256

/** A complete result of both pictures as they are in force now, with a finding that is accepted. */
function analysed(archive: Archive, studyKey: number): string {
  const found = finding()
  const images = ['1', '2'].map((instance) => ({ ...imageResult(instance), sha256: shaOf(archive, studyKey, instance) }))
  const made = result({ images, findings: [found] })
  archive.appendResult(studyKey, made)
  archive.addDecision(studyKey, { decisionId: crypto.randomUUID(), findingId: found.findingId, verdict: 'accepted', comment: '' })
  return made.resultId
}

test.each<[string, Offer]>([
  ['another patient id', { patientId: '0043' }],
  ['another issuer', { issuer: 'St. Elsewhere' }],
  ['another birth date', { birthDate: '19800101' }],
])('the very same identifiers under %s are a study of their own, and both say so', (_, other) => {
  const archive = temporaryArchive()
  expect(offer(archive, {}, { instance: '2' })).toEqual([
    ['stored', 1],
    ['stored', 1],
  ])
  analysed(archive, 1)
  const before = shaOf(archive, 1)
  expect(offer(archive, other)).toEqual([['stored', 2]])
  expect([archive.studyRow(1), archive.studyRow(2)]).toMatchObject([
    { identityConflict: true, instances: 2, headersCorrected: 0, keptOut: 0, ai: { state: 'reviewed' } },
    { identityConflict: true, instances: 1, ai: { state: 'not-run' } },
  ])
  // Each study reads its own file.
  expect(shaOf(archive, 1)).toBe(before)
  expect(shaOf(archive, 2)).not.toBe(before)
  expect(archive.studyDetail(2).series[0]!.instances).toHaveLength(1)
})

test('one patient id with another birth date in another study is said of both, and another id of neither', () => {
  const archive = temporaryArchive()
  offer(
    archive,
    {},
    { study: '2', birthDate: '19800101' },
    { study: '3', patientId: '0043' },
    { study: '4', patientId: '' },
    { study: '5', patientId: '', birthDate: '' },
  )
  expect([1, 2, 3, 4, 5].map((key) => archive.studyRow(key).patientIdShared)).toEqual([true, true, false, false, false])
  expect(archive.list().map(({ patientIdShared }) => patientIdShared)).toEqual([true, true, false, false, false])
})

test('a corrected header of known pixels is in force, with its history; results before it say so and do not count', () => {
  const archive = temporaryArchive()
  offer(archive, {}, { instance: '2' })
  const resultId = analysed(archive, 1)
  const former = archive.instanceLocation(1, '1.2.3.1.1.1').path
  expect(archive.studyRow(1).ai).toEqual({ state: 'reviewed', decided: 1, count: 1 })

  expect(offer(archive, { name: 'Doe^Joan', extra: [[0x00081030, 'LO', 'Head']] })).toEqual([['corrected', 1]])
  expect(archive.studyRow(1)).toMatchObject({
    patient: { patientName: 'Doe^Joan' },
    description: 'Head',
    headersCorrected: 1,
    instances: 2,
    ai: { state: 'partial', done: 1, total: 2 },
  })
  expect(archive.listStudies({ ...everything, search: 'joan' }).total).toBe(1)
  expect(archive.studyDetail(1).history).toMatchObject([
    {
      event: 'header-corrected',
      objects: 1,
      changes: [
        { name: 'Study Description', before: '', after: 'Head' },
        { name: 'Patient Name', before: 'Doe^Jane', after: 'Doe^Joan' },
      ],
    },
  ])
  expect(archive.readResult(resultId).headersCorrected).toBe(1)
  expect(archive.listResults(1)).toMatchObject({ results: [{ headersCorrected: 1 }], decisions: [{ verdict: 'accepted' }] })
  // What stood before is kept.
  expect(existsSync(former)).toBe(true)

  expect(offer(archive, { instance: '2', name: 'Doe^Joan', extra: [[0x00081030, 'LO', 'Head']] })).toEqual([['corrected', 1]])
  expect(archive.studyRow(1)).toMatchObject({ headersCorrected: 2, ai: { state: 'not-run' } })
  expect(archive.studyDetail(1).history).toMatchObject([{ objects: 2 }])

  // What is analysed under the new headers counts again, and says nothing of a correction.
  const again = analysed(archive, 1)
  expect(archive.studyRow(1).ai).toEqual({ state: 'reviewed', decided: 1, count: 1 })
  expect(archive.readResult(again).headersCorrected).toBeUndefined()
})

test('what gave way does not come back: the old medium imported once more changes nothing', () => {
  const archive = temporaryArchive()
  offer(archive, {})
  offer(archive, { name: 'Doe^Joan' })
  const inForce = shaOf(archive, 1)
  expect(offer(archive, {}, { name: 'Doe^Joan' })).toEqual([
    ['known', 1],
    ['known', 1],
  ])
  expect(shaOf(archive, 1)).toBe(inForce)
  expect(archive.studyRow(1)).toMatchObject({ headersCorrected: 1, patient: { patientName: 'Doe^Joan' } })
})

test('first and corrected in one batch, and twice: in the order they came', () => {
  const archive = temporaryArchive()
  const outcomes = offer(archive, { name: 'A' }, { name: 'B' }, { name: 'B' }, { name: 'C' }, { pixel: 9 })
  expect(outcomes.map(([outcome]) => outcome)).toEqual(['stored', 'corrected', 'known', 'corrected', 'conflict'])
  expect(archive.studyRow(1)).toMatchObject({ patient: { patientName: 'C' }, instances: 1, headersCorrected: 1, keptOut: 1 })
})

test('the same object written in another way is known, not corrected', () => {
  const archive = temporaryArchive()
  offer(archive, {})
  const stored = shaOf(archive, 1)
  expect(offer(archive, { implicit: true })).toEqual([['known', 1]])
  expect(shaOf(archive, 1)).toBe(stored)
  expect(archive.studyDetail(1).history).toEqual([])
})

test('other pixels under a known identifier are kept out, and the study says so from then on', () => {
  const archive = temporaryArchive()
  offer(archive, {}, { instance: '2' })
  const stored = shaOf(archive, 1)
  expect(offer(archive, { pixel: 9 }, { pixel: 9, name: 'Doe^Joan' })).toEqual([
    ['conflict', 1],
    ['conflict', 1],
  ])
  expect(shaOf(archive, 1)).toBe(stored)
  expect(archive.studyRow(1)).toMatchObject({ keptOut: 2, headersCorrected: 0, patient: { patientName: 'Doe^Jane' } })
  expect(archive.studyDetail(1).history).toMatchObject([{ event: 'kept-out', objects: 2, files: ['IM0001', 'IM0001'] }])
  expect(archive.list()[0]).toMatchObject({ keptOut: 2 })
})

test('an identifier that comes in another series of its study is kept out', () => {
  const archive = temporaryArchive()
  offer(archive, {})
  expect(offer(archive, { series: '1.9' })).toEqual([['conflict', 1]])
  expect(archive.studyRow(1)).toMatchObject({ series: 1, instances: 1, keptOut: 1 })
})

test('a correction of frames and modality is counted and searched as it is now', () => {
  const archive = temporaryArchive()
  offer(archive, { frames: 2 })
  expect(offer(archive, { frames: 1, modality: 'CT' })).toEqual([['corrected', 1]])
  expect(archive.studyRow(1).modalities).toEqual(['CT'])
  expect(archive.studyDetail(1).series[0]!.instances[0]!.facts.image!.numberOfFrames).toBe(1)
})

test('a re-import after results changes neither results nor decisions', () => {
  const archive = temporaryArchive()
  offer(archive, {}, { instance: '2' })
  analysed(archive, 1)
  const before = structuredClone([archive.studyRow(1), archive.listResults(1)])
  expect(offer(archive, {}, { instance: '2' })).toEqual([
    ['known', 1],
    ['known', 1],
  ])
  expect([archive.studyRow(1), archive.listResults(1)]).toEqual(before)
})

test('a stored file that was damaged is whole again once its source is imported again', () => {
  const archive = temporaryArchive()
  offer(archive, {})
  const { path } = archive.instanceLocation(1, '1.2.3.1.1.1')
  const bytes = readFileSync(path)
  bytes[200]! ^= 1
  writeFileSync(path, bytes)
  expect(checkArchive(archive.folder).problems).toHaveLength(1)
  expect(offer(archive, {})).toEqual([['known', 1]])
})

test('a former version that was lost is found', () => {
  const archive = temporaryArchive()
  offer(archive, {})
  const former = archive.instanceLocation(1, '1.2.3.1.1.1').path
  offer(archive, { name: 'Doe^Joan' })
  writeFileSync(former, 'x')
  expect(checkArchive(archive.folder).problems).toMatchObject([{ kind: 'object', what: expect.stringMatching(/has 1 bytes/) }])
})
