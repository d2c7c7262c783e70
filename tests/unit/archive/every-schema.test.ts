/** An archive as each earlier version left it opens, and everything in it is there. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { analysisResultSchema } from '../../../contracts/analysis'
import { openArchive } from '../../../main/archive/archive'
import { checkArchive } from '../../../main/archive/check'
import { connect, type Connection, type SqlValue } from '../../../main/archive/database'
import { hashedPath, layoutOf } from '../../../main/archive/layout'
import { migrate } from '../../../main/archive/migrate'
import { migrations } from '../../../main/archive/migrations/index'
import { sha256 } from '../../../main/base/hashing'
import { everything, facts, finding, imageResult, result, temporaryFolder } from './fixtures'

const numbers = migrations.map(({ number }) => number)
const latest = numbers.at(-1)!

/** Inserts what of a row the table has in this form; answers false where there is no such table yet. */
function put(db: Connection, table: string, row: Record<string, SqlValue>): boolean {
  const columns = db.all<{ name: string }>(`PRAGMA table_info(${table})`).map(({ name }) => name)
  if (columns.length === 0) return false
  const present = Object.entries(row).filter(([name]) => columns.includes(name))
  db.run(
    `INSERT INTO ${table} (${present.map(([name]) => name).join(', ')}) VALUES (${present.map(() => '?').join(', ')})`,
    present.map(([, value]) => value),
  )
  return true
}

/** Without what later versions added to their JSON. */
function asThen(text: object, later: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(Object.entries(text).filter(([name]) => !later.includes(name))))
}

/** The content of an archive of this form: a study with two pictures, a result, a mask, a finding, a decision, jobs, a setting. */
function fill(folder: string, number: number) {
  const layout = layoutOf(folder)
  for (const path of [layout.objects, layout.results, layout.derived, layout.temporary]) mkdirSync(path, { recursive: true, mode: 0o700 })
  const db = connect(layout.database)
  migrate(
    db,
    null,
    migrations.filter((migration) => migration.number <= number),
  )
  put(db, 'studies', {
    studyInstanceUid: '1.2.3.1', patientId: '0042', issuer: '', birthDate: '19700101', sex: 'F', patientName: 'Doe^Jane', studyDate: '20261102',
    studyTime: '101500', description: 'Head FLAIR', accessionNumber: 'A-7', studyId: '1', seriesCount: 1, instanceCount: 2, phantom: 0, storedAt: 'then',
  }) // prettier-ignore
  put(db, 'studyModalities', { studyKey: 1, modality: 'MR' })
  put(db, 'series', {
    studyKey: 1,
    seriesInstanceUid: '1.2.3.1.1',
    number: 1,
    modality: 'MR',
    description: 'series 1',
    instanceCount: 2,
    frameCount: 2,
  })
  for (const instance of ['1', '2']) {
    const bytes = Buffer.from(`object ${instance}`)
    const hash = sha256(bytes)
    mkdirSync(dirname(hashedPath(layout.objects, hash)), { recursive: true })
    writeFileSync(hashedPath(layout.objects, hash), bytes)
    const instanceKey = Number(instance)
    put(db, 'instances', {
      instanceKey, studyKey: 1, seriesKey: 1, sopInstanceUid: `1.2.3.1.1.${instance}`, sha256: hash, size: bytes.length,
      chunks: Buffer.from(hash, 'hex'), frames: 1, storedAt: 'then',
    }) // prettier-ignore
    put(db, 'instanceFacts', { instanceKey, facts: JSON.stringify(facts({ instance })) })
  }
  put(db, 'conflicts', {
    studyKey: 1,
    sopInstanceUid: '1.2.3.1.1.2',
    storedSha256: 'a',
    offeredSha256: 'b',
    sourceName: 'IM2',
    seenAt: 'then',
  })
  put(db, 'studySearch', {
    studyKey: 1, text: ' doe jane 0042 head flair a-7 20261102 ', patientName: 'doe jane', patientId: '0042', description: 'head flair', modalities: 'MR',
    studyDate: '20261102', studyTime: '101500',
  }) // prettier-ignore
  const found = finding()
  const made = result({ images: [imageResult('1'), imageResult('2')], findings: [found] })
  const { images, findings: _findings, structures: _structures, incomplete, ...head } = made
  const laterInHead = ['stack', 'operatingPoints', 'screening', 'hasPossibleMasks', 'hasLabelMaps', 'computePeakBytes', 'unlabelled']
  if (
    put(db, 'results', {
      resultId: made.resultId,
      studyKey: 1,
      seriesKey: 1,
      modelId: made.model.id,
      wholeSeries: 1,
      imagesTotal: 2,
      seriesFrames: 2,
      head: asThen(head, laterInHead),
    })
  ) {
    images.forEach((image, position) =>
      put(db, 'resultImages', {
        resultSequence: 1, studyKey: 1, sopInstanceUid: image.sopInstanceUid, frameIndex: 0, position, refused: 0, sha256: image.sha256,
        image: asThen(image, ['attributes', 'intervals', 'screening']),
      }),
    ) // prettier-ignore
    const mask = deflateRawSync(new Uint8Array(4))
    mkdirSync(dirname(hashedPath(layout.results, sha256(mask))), { recursive: true })
    writeFileSync(hashedPath(layout.results, sha256(mask)), mask)
    put(db, 'overlays', {
      resultSequence: 1,
      sopInstanceUid: '1.2.3.1.1.1',
      frameIndex: 0,
      label: 'abnormality',
      kind: 'mask',
      rows: 2,
      columns: 2,
      sha256: sha256(mask),
      size: mask.length,
    })
    const { gate, overridden, provider, providersFailed, timing, notes } = head
    put(db, 'resultEnds', {
      resultSequence: 1,
      incompleteCode: null,
      imagesDone: 2,
      anyRead: 1,
      ending: JSON.stringify({ incomplete, gate, overridden, provider, providersFailed, timing, notes }),
    })
    put(db, 'findings', {
      findingId: found.findingId,
      resultSequence: 1,
      above: 1,
      finding: asThen(found, ['interval', 'attributes', 'boxes', 'operatingPointSource']),
    })
    put(db, 'decisions', {
      sequence: 1,
      decisionId: 'decision',
      findingKey: 1,
      verdict: 'accepted',
      comment: 'seen',
      reader: 'Reader One',
      decidedAt: '2026-11-02T10:30:00.000Z',
    })
  }
  put(db, 'jobs', {
    jobId: 'job', requestId: 'request', studyKey: 1, seriesKey: 1, modelId: made.model.id, frames: null, override: 0, provider: null, state: 'done',
    imagesDone: 2, imagesTotal: 2, attempts: 1, deaths: 0, resultId: made.resultId, step: '', askedAt: 'then',
  }) // prettier-ignore
  put(db, 'operatingPointSettings', {
    sequence: 1, settingId: 'setting', modelId: made.model.id, modelVersion: '1.0.0', modelSha256: 'b'.repeat(64), label: 'abnormality', threshold: 0.3,
    name: null, packageThreshold: 0.5, comment: '', reader: 'Reader One', setAt: '2026-11-02T10:30:00.000Z',
  }) // prettier-ignore
  // As that version worked it out.
  if (number >= 50)
    db.exec(
      'UPDATE studies SET (aiState, aiDone, aiTotal) = (SELECT aiState, aiDone, aiTotal FROM studyAi WHERE studyAi.studyKey = studies.studyKey)',
    )
  db.close()
  return { made, found }
}

test.each(numbers)('an archive of form %i opens and keeps everything', (number) => {
  const folder = join(temporaryFolder(), 'archive')
  const { made, found } = fill(folder, number)
  const archive = openArchive(folder)
  onTestFinished(() => archive.close())

  expect(checkArchive(folder)).toMatchObject({
    studies: 1,
    instances: 2,
    results: number >= 30 ? 1 : 0,
    decisions: number >= 30 ? 1 : 0,
    problems: [],
  })
  expect(archive.studyDetail(1).series[0]!.instances.map((instance) => instance.facts)).toEqual([facts(), facts({ instance: '2' })])
  // Every study is found, whatever its archive knew of searching.
  expect(archive.listStudies({ ...everything, search: 'doe flair' }).rows).toMatchObject([
    { patient: { patientName: 'Doe^Jane', birthDate: '19700101' }, series: 1, instances: 2, keptOut: 1, headersCorrected: 0 },
  ])
  expect(archive.studyRow(1).ai).toEqual(number >= 30 ? { state: 'reviewed', decided: 1, count: 1 } : { state: 'not-run' })
  if (number >= 30) {
    const { results, decisions } = archive.listResults(1)
    // What later versions added has its default on the way to a window.
    expect({ results: results.map((each) => analysisResultSchema.parse(each)), decisions }).toMatchObject({
      results: [{ resultId: made.resultId, images: made.images, findings: [found], incomplete: null }],
      decisions: [{ sequence: 1, findingId: found.findingId, verdict: 'accepted', comment: 'seen', reader: 'Reader One' }],
    })
    expect(results[0]!.headersCorrected).toBeUndefined()
    const key = { resultId: made.resultId, sopInstanceUid: '1.2.3.1.1.1', frameIndex: 0, label: 'abnormality', kind: 'mask' as const }
    expect(archive.getOverlay(1, key)).toEqual({ rows: 2, columns: 2, bytes: new Uint8Array(4) })
  }
  expect(archive.listJobs(1)).toMatchObject(number >= 40 ? [{ jobId: 'job', state: 'done' }] : [])
  expect(archive.listPointSettings(made.model.id)).toMatchObject(number >= 70 ? [{ settingId: 'setting', threshold: 0.3 }] : [])

  // What was before stands beside it, as it was.
  if (number === latest) return
  const copy = connect(join(folder, `overread-before-${number}.sqlite`), { readOnly: true })
  onTestFinished(() => copy.close())
  expect(copy.all('PRAGMA user_version')).toEqual([{ user_version: number }])
  expect(copy.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(copy.all('SELECT patientName FROM studies')).toEqual([{ patientName: 'Doe^Jane' }])
})
