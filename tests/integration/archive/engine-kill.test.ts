/**
 * The engine host and the compute process killed at seeded random moments while importing, analysing and deciding: what was
 * acknowledged is there, nothing half is, and what was interrupted goes on. OVERREAD_FULL=1 makes it 100 kills of each kind.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Decision, Job } from '../../../contracts/analysis'
import { checkArchive } from '../../../main/archive/check'
import { buildObject, pictureElements } from '../../samples/build-object'
import { everything } from '../../unit/archive/fixtures'
import { writeSlice } from '../inference/dicom-series'
import { writeIdentityPackage } from '../inference/tiny-packages'
import { appWithNetworks, command, HostGone, HostUnderTest, pause, randomFrom, type StartOptions } from './host-under-test'

const rounds = process.env.OVERREAD_FULL === '1' ? 100 : 2
const seed = Number(process.env.OVERREAD_SEED ?? 20261126)
const modelId = 'tiny'
const side = 64
const patience = rounds * 60_000

const root = mkdtempSync(join(tmpdir(), 'overread-kill-'))
const archive = join(root, 'archive')
let options: StartOptions
let head: { studyKey: number; seriesInstanceUid: string }
let analysisMs = 0
let findingId = ''

/** The long form tells what it met. */
const tally = new Map<string, number>()
const count = (what: string) => void tally.set(what, (tally.get(what) ?? 0) + 1)

const whole = (folder = archive) => {
  const report = checkArchive(folder)
  expect(report.problems).toEqual([])
  return report
}

/** A series of its own for each round. */
function writeSeries(round: number, objects: number): string {
  const folder = join(root, `files${round}`)
  mkdirSync(folder)
  for (let index = 1; index <= objects; index++) {
    const pixels = new Uint8Array(64 * 64 * 2).fill(index)
    const elements = pictureElements(
      { rows: 64, columns: 64, bitsAllocated: 16 },
      [0x7fe00010, 'OW', pixels],
      [
        [0x00080018, 'UI', `2.25.${seed}.${round}.1.${index}`],
        [0x00080060, 'CS', 'OT'],
        [0x0020000d, 'UI', `2.25.${seed}.${round}`],
        [0x0020000e, 'UI', `2.25.${seed}.${round}.1`],
        [0x00200013, 'IS', String(index)],
      ],
    )
    writeFileSync(join(folder, String(index).padStart(4, '0')), buildObject(elements))
  }
  return folder
}

const start = (host: HostUnderTest) =>
  host.request('analysis.start', {
    requestId: crypto.randomUUID(),
    studyKey: head.studyKey,
    series: { seriesInstanceUid: head.seriesInstanceUid, stack: '' },
    frames: null,
    modelId,
    override: false,
    provider: 'cpu',
  })

const hasEnded = ({ state }: Job) => state !== 'queued' && state !== 'running'

/** The job as it ended. */
async function ended(host: HostUnderTest, jobId: string): Promise<Job> {
  const known = (await host.request('jobs.list', { studyKey: head.studyKey })).jobs.find((job) => job.jobId === jobId)
  if (known && hasEnded(known)) return known
  const event = await host.event((each) => each.event === 'job.changed' && each.job.jobId === jobId && hasEnded(each.job))
  return (event as { job: Job }).job
}

/** Runs a job that is there; where it has failed, with the code that says so, it can be run again. */
async function runToItsEnd(host: HostUnderTest, jobId: string, code: string): Promise<void> {
  let job = await ended(host, jobId)
  count(`${job.state} ${job.error?.code ?? ''}`.trim())
  if (job.state === 'failed') {
    expect(job.error?.code).toBe(code)
    const [again] = (await start(host)).jobs
    job = await ended(host, again!.jobId)
  }
  expect(job).toMatchObject({ state: 'done', imagesDone: 12, error: null })
}

beforeAll(async () => {
  const { app, models } = appWithNetworks(join(root, 'app'))
  options = { app }
  writeIdentityPackage(join(models, modelId), side)
  const files = join(root, 'head')
  mkdirSync(files)
  for (let index = 0; index < 12; index++) {
    const pixels = Int16Array.from({ length: side * side }, (_, at) =>
      at === side * 20 + 20 ? 900 : 400 + ((at * 7919 + index * 31) % 23),
    )
    writeSlice(files, index, { rows: side, columns: side, pixels }, index * 7)
  }
  expect(JSON.parse((await command(['import', files, '--archive', archive, '--json'], options).done).output)).toMatchObject({ stored: 12 })
  const host = new HostUnderTest(archive, options)
  const [row] = (await host.request('studies.list', everything)).rows
  const { series } = await host.request('study.open', { studyKey: row!.studyKey })
  head = { studyKey: row!.studyKey, seriesInstanceUid: series[0]!.seriesInstanceUid }
  // Twice: the first one opens the network too.
  for (let run = 0; run < 2; run++) {
    const began = performance.now()
    const [job] = (await start(host)).jobs
    expect(await ended(host, job!.jobId)).toMatchObject({ state: 'done' })
    analysisMs = performance.now() - began
  }
  findingId = (await host.request('results.list', { studyKey: head.studyKey })).results[0]!.findings[0]!.findingId
  await host.close()
  whole()
}, 120_000)
afterAll(() => {
  if (rounds > 2) process.stderr.write(`${JSON.stringify({ seed, rounds, ...Object.fromEntries(tally) })}\n`)
  rmSync(root, { recursive: true, force: true })
})

describe.sequential(`after each of ${rounds} kills`, () => {
  test(
    'of the engine host while importing files, what was stored is whole, and the import can be run again',
    async () => {
      const random = randomFrom(seed)
      const objects = 48
      const first = command(['import', writeSeries(0, objects), '--archive', archive, '--json'], options)
      const began = performance.now()
      expect(JSON.parse((await first.done).output)).toMatchObject({ stored: objects, failed: [] })
      const importMs = performance.now() - began
      for (let round = 1; round <= rounds; round++) {
        const before = whole().instances
        const folder = writeSeries(round, objects)
        const run = command(['import', folder, '--archive', archive, '--json'], options)
        await pause(random() * importMs)
        run.child.kill('SIGKILL')
        await run.done
        const stored = whole().instances - before
        count(stored === 0 ? 'import: none' : stored === objects ? 'import: all' : 'import: some')
        const { output, errors } = await command(['import', folder, '--archive', archive, '--json'], options).done
        expect(JSON.parse(output), errors).toMatchObject({ stored: objects - stored, known: stored, corrected: 0, skipped: 0, failed: [] })
        expect(whole()).toMatchObject({ instances: before + objects, unreferenced: 0 })
        rmSync(folder, { recursive: true })
      }
    },
    patience,
  )

  test(
    'of the engine host while importing for a window, all that the window was told of is there',
    async () => {
      const random = randomFrom(seed + 1)
      for (let round = 1; round <= rounds; round++) {
        const own = join(root, `own${round}`)
        const host = new HostUnderTest(own, options)
        await host.opened()
        const opening = host.request('example.open', {}).catch((error: unknown) => error)
        await pause(random() * analysisMs)
        await host.kill()
        const answer = await opening
        const told = Math.max(0, ...host.events.map((event) => (event.event === 'import.progress' ? event.progress.stored : 0)))
        const report = whole(own)
        expect(report.instances).toBeGreaterThanOrEqual(told)
        if (!(answer instanceof HostGone)) expect((answer as { studyKeys: number[] }).studyKeys).toHaveLength(report.studies)
        count(report.instances === 0 ? 'example: none' : answer instanceof HostGone ? 'example: some' : 'example: all')
        rmSync(own, { recursive: true })
      }
    },
    patience,
  )

  test(
    'of the engine host while analysing, the job is there, what a window had seen of its result is there, and it is run to its end',
    async () => {
      const random = randomFrom(seed + 2)
      for (let round = 1; round <= rounds; round++) {
        const host = new HostUnderTest(archive, options)
        const [job] = (await start(host)).jobs
        await pause(random() * analysisMs)
        const seen = await host.request('results.list', { studyKey: head.studyKey })
        await host.kill()
        whole()
        const again = new HostUnderTest(archive, options)
        const { jobs } = await again.request('jobs.list', { studyKey: head.studyKey })
        expect(jobs.map(({ jobId }) => jobId)).toContain(job!.jobId)
        const { results } = await again.request('results.list', { studyKey: head.studyKey })
        for (const { resultId, images } of seen.results)
          expect(results.find((result) => result.resultId === resultId)?.images.slice(0, images.length)).toEqual(images)
        await runToItsEnd(again, job!.jobId, 'engine.stopped')
        await again.close()
        whole()
      }
    },
    patience,
  )

  test(
    'of the engine host while deciding, every decision that was answered stands, in its order',
    async () => {
      const random = randomFrom(seed + 3)
      const answered: Decision[] = []
      for (let round = 1; round <= rounds; round++) {
        const host = new HostUnderTest(archive, options)
        await host.opened()
        const deciding = (async () => {
          for (let index = 0; ; index++) {
            const verdict = (['accepted', 'rejected', 'undecided', 'comment'] as const)[index % 4]!
            const decision = { studyKey: head.studyKey, decisionId: crypto.randomUUID(), findingId, verdict, comment: `${round} ${index}` }
            answered.push(await host.request('decision.add', decision))
          }
        })().catch((error: unknown) => error)
        await pause(50 + random() * 400)
        await host.kill()
        expect(await deciding).toBeInstanceOf(HostGone)
        whole()
      }
      const host = new HostUnderTest(archive, options)
      const { decisions } = await host.request('results.list', { studyKey: head.studyKey })
      const kept = new Map(decisions.map((decision) => [decision.decisionId, decision]))
      expect(answered.length).toBeGreaterThan(rounds)
      expect(answered.map(({ decisionId }) => kept.get(decisionId))).toEqual(answered)
      expect(decisions.map(({ sequence }) => sequence)).toEqual(decisions.map((_, index) => index + 1))
      await host.close()
      tally.set('decisions answered', answered.length)
    },
    patience,
  )

  test(
    'of the compute process, the job ends well or says why not, and can be run again; the host lives',
    async () => {
      const random = randomFrom(seed + 4)
      const host = new HostUnderTest(archive, options)
      for (let round = 1; round <= rounds; round++) {
        const [job] = (await start(host)).jobs
        // Every third job loses two.
        for (let death = 0; death < (round % 3 === 0 ? 2 : 1); death++) {
          await pause(random() * analysisMs)
          for (const pid of host.computeProcesses()) process.kill(pid, 'SIGKILL')
        }
        await runToItsEnd(host, job!.jobId, 'compute.died')
        whole()
      }
      await host.close()
    },
    patience,
  )

  test('the command line finds the archive whole, to the last file', async () => {
    const { code, output } = await command(['archive', 'check', '--archive', archive, '--json'], options).done
    expect([code, (JSON.parse(output) as { problems: unknown[] }).problems]).toEqual([0, []])
  })
})
