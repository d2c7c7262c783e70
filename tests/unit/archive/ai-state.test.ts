import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OverreadError } from '../../../contracts/errors'
import { standingEntries } from '../../../contracts/reader-entries'
import type { AnalysisResult, Decision, Job } from '../../../contracts/analysis'
import type { ActiveModel } from '../../../main/archive/active-models'
import type { Archive } from '../../../main/archive/archive'
import { aiStateOrder } from '../../../main/archive/ai-state'
import { aiState } from '../../../main/review/ai-state'
import { everything, finding, imageResult, result, store, temporaryArchive } from './fixtures'

const two = [{ instance: '1' }, { instance: '2' }]
const bothImages = [imageResult('1'), imageResult('2')]
const stateOf = (archive: Archive, studyKey: number) => archive.studyRow(studyKey).ai

let jobs = 0
function addJob(archive: Archive, studyKey: number, state: Job['state'], done = 0): string {
  const jobId = `job-${++jobs}`
  const job = {
    jobId,
    studyKey,
    seriesInstanceUid: '1.2.3.1.1',
    stack: '',
    frames: null,
    modelId: 'brain-flair-abnormality',
    override: false,
    provider: null,
    imagesTotal: 2,
  }
  archive.addJobs(`request-${jobs}`, [job])
  archive.updateJob(jobId, { state, imagesDone: done })
  return jobId
}

const modelOf = (version: string): ActiveModel => ({ modelId: 'brain-flair-abnormality', version, sha256: 'b'.repeat(64) })

describe('the AI state in the worklist', () => {
  test('goes from not-run over queued and running to findings and reviewed, and back by an undo', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    expect(stateOf(archive, key)).toEqual({ state: 'not-run' })
    const job = addJob(archive, key, 'queued')
    expect(stateOf(archive, key)).toEqual({ state: 'queued' })
    archive.updateJob(job, { state: 'running', imagesDone: 1 })
    expect(stateOf(archive, key)).toEqual({ state: 'running', done: 1, total: 2 })
    const found = [finding(), finding(), finding({ above: false })]
    archive.appendResult(key, result({ images: bothImages, findings: found }))
    archive.updateJob(job, { state: 'done' })
    expect(stateOf(archive, key)).toEqual({ state: 'findings', count: 2 })
    const decide = (index: number, verdict: 'accepted' | 'rejected' | 'undecided' | 'comment') =>
      archive.addDecision(key, { decisionId: crypto.randomUUID(), findingId: found[index].findingId, verdict, comment: '' })
    decide(0, 'accepted')
    expect(stateOf(archive, key)).toEqual({ state: 'findings', count: 2 })
    decide(1, 'rejected')
    expect(stateOf(archive, key)).toEqual({ state: 'reviewed', decided: 2, count: 2 })
    decide(1, 'comment')
    expect(stateOf(archive, key)).toEqual({ state: 'reviewed', decided: 2, count: 2 })
    decide(1, 'undecided')
    expect(stateOf(archive, key)).toEqual({ state: 'findings', count: 2 })
  })

  test('a result without findings above the operating point says so', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    archive.appendResult(key, result({ images: bothImages, findings: [finding({ above: false })] }))
    expect(stateOf(archive, key)).toEqual({ state: 'no-finding' })
  })

  test('a result in which every picture was refused is no "no finding"', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    archive.appendResult(key, result({ images: [imageResult('1', { refused: true }), imageResult('2', { refused: true })] }))
    expect(stateOf(archive, key)).toEqual({ state: 'refused' })
  })

  test('a cancelled result counts as partial, whatever it found, until a complete one is there', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    const cancelled = { code: 'compute.cancelled', message: '' } as const
    archive.appendResult(key, result({ images: [imageResult('1')], imagesTotal: 2, incomplete: cancelled, findings: [finding()] }))
    expect(stateOf(archive, key)).toEqual({ state: 'partial', done: 1, total: 2 })
    archive.appendResult(key, result({ images: bothImages }))
    expect(stateOf(archive, key)).toEqual({ state: 'no-finding' })
    archive.appendResult(key, result({ images: [imageResult('2')], imagesTotal: 2, incomplete: cancelled }))
    expect(stateOf(archive, key)).toEqual({ state: 'no-finding' })
  })

  test('one picture asked for is part of a series of two, and all of a series of one', () => {
    const archive = temporaryArchive()
    const requested = [{ sopInstanceUid: '1.2.3.1.1.1', frameIndex: 0 }]
    const key = store(archive, ...two)
    archive.appendResult(key, result({ images: [imageResult('1')], requested }))
    expect(stateOf(archive, key)).toEqual({ state: 'partial', done: 1, total: 2 })
    const single = store(archive, { study: '2' })
    archive.appendResult(single, {
      ...result({ images: [imageResult('1', { study: '2' })], requested: [{ sopInstanceUid: '1.2.3.2.1.1', frameIndex: 0 }] }),
      studyInstanceUid: '1.2.3.2',
      seriesInstanceUid: '1.2.3.2.1',
    })
    expect(stateOf(archive, single)).toEqual({ state: 'no-finding' })
  })

  test('pictures that arrive after the analysis make it partial', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    archive.appendResult(key, result({ images: bothImages, findings: [finding()] }))
    store(archive, { instance: '3' })
    expect(stateOf(archive, key)).toEqual({ state: 'partial', done: 2, total: 3 })
  })

  test('a failed job shows, unless the series has a complete result', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    addJob(archive, key, 'failed')
    expect(stateOf(archive, key)).toEqual({ state: 'failed' })
    archive.appendResult(key, result({ images: bothImages }))
    expect(stateOf(archive, key)).toEqual({ state: 'no-finding' })
  })

  test('an unfinished series is not hidden by another that was reviewed', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two, { series: '2' })
    const other = { images: [imageResult('1', { series: '2' })], seriesInstanceUid: '1.2.3.1.2', findings: [] }
    archive.appendResult(key, result(other))
    archive.appendResult(key, result({ images: [imageResult('1')], imagesTotal: 2, incomplete: { code: 'compute.died', message: '' } }))
    expect(stateOf(archive, key)).toEqual({ state: 'partial', done: 1, total: 2 })
  })

  test('a result by another version than the installed one counts as no current one, and says so', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    const found = finding()
    archive.appendResult(key, result({ images: bothImages, findings: [found] }))
    const install = (version: string | null) => archive.setActiveModels(version === null ? [] : [modelOf(version)])
    expect(install('1.0.0')).toEqual([key])
    expect(stateOf(archive, key)).toEqual({ state: 'findings', count: 1 })
    expect(install('1.1.0')).toEqual([key])
    expect(stateOf(archive, key)).toEqual({ state: 'stale', by: '1.0.0', active: '1.1.0' })
    expect(archive.listStudies({ ...everything, state: 'findings' }).total).toBe(0)
    expect(archive.listStudies({ ...everything, state: 'unsettled' }).rows.map(({ ai }) => ai.state)).toEqual(['stale'])
    expect(install('1.1.0')).toEqual([])
    archive.setActiveModels([{ ...modelOf('1.0.0'), sha256: 'c'.repeat(64) }])
    expect(stateOf(archive, key)).toEqual({ state: 'stale', by: '1.0.0', active: '1.0.0' })
    install(null)
    expect(stateOf(archive, key)).toEqual({ state: 'findings', count: 1 })
    install('1.1.0')
    archive.appendResult(key, result({ images: bothImages, model: { ...result().model, version: '1.1.0' } }))
    expect(stateOf(archive, key)).toEqual({ state: 'no-finding' })
  })

  test('a result that was run against the refusal of the network counts among no others', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    const found = finding()
    archive.appendResult(key, result({ images: bothImages, findings: [found], overridden: true }))
    expect(stateOf(archive, key)).toEqual({ state: 'overridden', decided: 0, count: 1 })
    expect(archive.listStudies({ ...everything, state: 'findings' }).total).toBe(0)
    archive.addDecision(key, { decisionId: 'd', findingId: found.findingId, verdict: 'accepted', comment: '' })
    expect(stateOf(archive, key)).toEqual({ state: 'overridden', decided: 1, count: 1 })
    expect(archive.listStudies({ ...everything, state: 'refused' }).total).toBe(1)
    archive.appendResult(key, result({ images: bothImages, overridden: true }))
    expect(stateOf(archive, key)).toEqual({ state: 'overridden', decided: 0, count: 0 })
  })

  test.each(['unsigned', 'unknown-key'] as const)('a result of a package whose signature is %s counts among no others', (state) => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    const found = finding()
    const signature = { state, signer: null, publicKey: null }
    archive.appendResult(key, result({ images: bothImages, findings: [found], signature }))
    expect(stateOf(archive, key)).toEqual({ state: 'untrusted', decided: 0, count: 1 })
    expect(archive.list()[0].results).toMatchObject([{ untrusted: true, current: false, complete: true }])
    expect(archive.listStudies({ ...everything, state: 'findings' }).total).toBe(0)
    expect(archive.listStudies({ ...everything, state: 'unsettled' }).total).toBe(1)
    archive.addDecision(key, { decisionId: 'd', findingId: found.findingId, verdict: 'accepted', comment: '' })
    expect(stateOf(archive, key)).toEqual({ state: 'untrusted', decided: 1, count: 1 })
    archive.appendResult(key, result({ images: bothImages, signature: { state: 'trusted', signer: 'Laboratory', publicKey: 'k' } }))
    expect(stateOf(archive, key)).toEqual({ state: 'no-finding' })
  })

  test('the worklist sorts and filters by it', () => {
    const archive = temporaryArchive()
    const key = store(archive, ...two)
    store(archive, { study: '2' })
    archive.appendResult(key, result({ images: bothImages, findings: [finding()] }))
    expect(archive.listStudies({ ...everything, sort: 'aiState' }).rows.map((row) => row.studyKey)).toEqual([1, 2])
    expect(archive.listStudies({ ...everything, sort: 'aiState', descending: true }).rows.map((row) => row.studyKey)).toEqual([2, 1])
    expect(archive.listStudies({ ...everything, state: 'findings' }).rows.map((row) => row.studyKey)).toEqual([key])
    expect(archive.listStudies({ ...everything, state: 'not-run' }).total).toBe(1)
  })
})

/** What a reader can enter there; what the archive refuses is left. */
function enter(archive: Archive, key: number, of: AnalysisResult, { miss, withdraw }: { miss: boolean; withdraw: boolean }): void {
  const entryId = crypto.randomUUID()
  const { resultId, images } = of
  const standing = standingEntries(archive.listResults(key).entries)
  try {
    if (withdraw && standing.length > 0) archive.addReaderEntry(key, { kind: 'withdrawn', entryId, withdraws: standing[0].entryId })
    else if (miss && images.length > 0) {
      const { sopInstanceUid, frameIndex } = images[0]
      archive.addReaderEntry(key, { kind: 'missed', entryId, resultId, sopInstanceUid, frameIndex, outline: [[1, 2]] })
    } else archive.addReaderEntry(key, { kind: 'nothing-found', entryId, resultId })
  } catch (error) {
    if (!(error instanceof OverreadError && error.code.startsWith('entry.'))) throw error
  }
}

test('SQL and the rules of main/review agree on any history', () => {
  const seen = new Set<string>()
  const archive = temporaryArchive()
  const rarely = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0)
  const version = fc.integer({ min: 0, max: 9 }).map((drawn) => (drawn === 0 ? '1.1.0' : '1.0.0'))
  const stack = fc.constantFrom('', '', 'TE 20 ms', 'TE 80 ms')
  const series = fc.constantFrom('1', '1', '2')
  const event = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('result' as const),
        series,
        stack,
        images: fc.constantFrom(0, 1, 2, 2, 2, 2),
        refused: rarely,
        died: rarely,
        asked: rarely,
        above: fc.constantFrom(0, 0, 1, 2),
        overridden: rarely,
        unsigned: rarely,
        version,
        structure: rarely,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('decision' as const),
        finding: fc.nat(),
        verdict: fc.constantFrom('accepted', 'accepted', 'rejected', 'undecided', 'comment'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('entry' as const), of: fc.nat(), miss: rarely, withdraw: rarely }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('job' as const),
        series,
        stack,
        state: fc.constantFrom('queued', 'running', 'done', 'failed', 'cancelled', 'refused'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('active' as const), version: fc.option(version) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
  )
  let study = 0
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 12, size: 'max' }), (events) => {
      const uid = String(++study)
      const key = store(archive, ...['1', '2'].flatMap((series) => two.map(({ instance }) => ({ study: uid, series, instance }))))
      const found: string[] = []
      const added: Job[] = []
      const given: AnalysisResult[] = []
      let active: ActiveModel | null = modelOf('1.0.0')
      archive.setActiveModels([active])
      for (const item of events) {
        if (item.kind === 'result') {
          const images = ['1', '2']
            .slice(0, item.images)
            .map((instance) => imageResult(instance, { study: uid, series: item.series, refused: item.refused }))
          const findings = Array.from({ length: item.above }, () => finding(item.structure ? { kind: 'structure' } : {}))
          found.push(...findings.map((one) => one.findingId))
          const seriesInstanceUid = `1.2.3.${uid}.${item.series}`
          const requested =
            item.asked && images.length > 0 ? images.map(({ sopInstanceUid, frameIndex }) => ({ sopInstanceUid, frameIndex })) : null
          const made = result({
            studyInstanceUid: `1.2.3.${uid}`,
            seriesInstanceUid,
            stack: item.stack,
            images,
            findings,
            requested,
            imagesTotal: requested?.length ?? 2,
            incomplete: item.died ? { code: 'compute.died', message: '' } : null,
            overridden: item.overridden,
            signature: item.unsigned ? { state: 'unsigned', signer: null, publicKey: null } : null,
            model: { ...result().model, version: item.version },
          })
          archive.appendResult(key, made)
          given.push(made)
        } else if (item.kind === 'decision' && found.length > 0) {
          const verdict = item.verdict as Decision['verdict']
          archive.addDecision(key, { decisionId: crypto.randomUUID(), findingId: found[item.finding % found.length], verdict, comment: '' })
        } else if (item.kind === 'job') {
          const jobId = `job-${++jobs}`
          archive.addJobs(jobId, [
            {
              jobId,
              studyKey: key,
              seriesInstanceUid: `1.2.3.${uid}.${item.series}`,
              stack: item.stack,
              frames: null,
              modelId: 'brain-flair-abnormality',
              override: false,
              provider: null,
              imagesTotal: 2,
            },
          ])
          added.push(archive.updateJob(jobId, { state: item.state as Job['state'] }))
        } else if (item.kind === 'active') {
          active = item.version === null ? null : modelOf(item.version)
          archive.setActiveModels(active ? [active] : [])
        } else if (item.kind === 'entry' && given.length > 0) {
          enter(archive, key, given[item.of % given.length], item)
        } else if (item.kind === 'end') {
          for (const [index, job] of added.entries())
            if (job.state === 'queued' || job.state === 'running') added[index] = archive.updateJob(job.jobId, { state: 'done' })
        }
      }
      const { results, decisions, entries } = archive.listResults(key)
      const expected = aiState({ results, decisions, entries, jobs: added, framesOf: () => 2, active: () => active ?? undefined })
      expect(stateOf(archive, key)).toEqual(expected)
      seen.add(expected.state)
    }),
    // A fixed seed: each state is to come out at least once.
    { numRuns: 150, seed: 9 },
  )
  expect([...seen].sort()).toEqual(aiStateOrder.toSorted())
  // Hundreds of histories, each a transaction that waits for the disk.
}, 180_000)
