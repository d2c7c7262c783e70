/** A disk that runs full under the archive: refused before the end, with what to do; nothing lost; goes on once there is space. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '../../../contracts/analysis'
import { errorCatalogue } from '../../../contracts/errors'
import { checkArchive } from '../../../main/archive/check'
import { buildObject, pictureElements } from '../../samples/build-object'
import { everything } from '../../unit/archive/fixtures'
import { writeSlice } from '../inference/dicom-series'
import { identityPackage, slowGraph, writeIdentityPackage, writePackage } from '../inference/tiny-packages'
import { appWithNetworks, command, HostUnderTest, pause, type Refused, type StartOptions } from './host-under-test'
import { canMount, mountSmall, resize, unmount } from './mounts'

const root = mkdtempSync(join(tmpdir(), 'overread-full-'))
const disk = join(root, 'disk')
const archive = join(disk, 'archive')
const filler = join(disk, 'filler')
const side = 64
let options: StartOptions
let host: HostUnderTest
let study: { studyKey: number; seriesInstanceUid: string }
let findingId = ''

const freeMiB = () => statfsSync(disk).bavail * (statfsSync(disk).bsize / 2 ** 20)

/** Fills the disk until so much is left. */
function leave(mebibytes: number): void {
  rmSync(filler, { force: true })
  const bytes = Math.floor((freeMiB() - mebibytes) * 2 ** 20)
  if (bytes > 0) writeFileSync(filler, Buffer.alloc(bytes))
  if (mebibytes > 0) return
  // To the last page.
  for (let part = 0; ; part++) {
    try {
      writeFileSync(`${filler}${part}`, Buffer.alloc(4096))
    } catch {
      return
    }
  }
}

function makeSpace(): void {
  for (const name of readdirSync(disk)) if (name.startsWith('filler')) rmSync(join(disk, name))
}

/** 24 objects of 2 MiB that nothing makes smaller. */
function writeLargeSeries(): string {
  const folder = join(root, 'large')
  mkdirSync(folder)
  for (let index = 1; index <= 24; index++) {
    const elements = pictureElements(
      { rows: 1024, columns: 1024, bitsAllocated: 16 },
      [0x7fe00010, 'OW', new Uint8Array(randomBytes(2 << 20))],
      [
        [0x00080018, 'UI', `2.25.91.1.${index}`],
        [0x00080060, 'CS', 'OT'],
        [0x00100020, 'LO', 'LARGE'],
        [0x0020000d, 'UI', '2.25.91'],
        [0x0020000e, 'UI', '2.25.91.1'],
      ],
    )
    writeFileSync(join(folder, String(index)), buildObject(elements))
  }
  return folder
}

const whole = () => {
  const report = checkArchive(archive)
  expect(report.problems).toEqual([])
  return report
}

/** Decisions until one is refused: a page or two may be left in the log of the database. Answers how many were taken. */
async function decideUntilRefused(): Promise<number> {
  for (let taken = 0; taken < 5000; taken++) {
    const refusal = await decide().then(
      () => null,
      (error: unknown) => error,
    )
    if (refusal === null) continue
    expect((refusal as Refused).report?.code).toBe('archive.disk-full')
    return taken
  }
  throw new Error('nothing was refused')
}

const start = async (modelId: string) => {
  const [job] = (
    await host.request('analysis.start', {
      requestId: crypto.randomUUID(),
      studyKey: study.studyKey,
      series: { seriesInstanceUid: study.seriesInstanceUid, stack: '' },
      frames: null,
      modelId,
      override: false,
      provider: 'cpu',
    })
  ).jobs
  return job!.jobId
}

/** The job as an event told of it in one of these states. */
async function told(jobId: string, ...states: Job['state'][]): Promise<Job> {
  const event = await host.event((each) => each.event === 'job.changed' && each.job.jobId === jobId && states.includes(each.job.state))
  return (event as { job: Job }).job
}

const analyse = async () => told(await start('tiny'), 'done', 'failed', 'refused', 'cancelled')

const decide = () =>
  host.request('decision.add', { studyKey: study.studyKey, decisionId: crypto.randomUUID(), findingId, verdict: 'accepted', comment: '' })

const results = () => host.request('results.list', { studyKey: study.studyKey })

describe.skipIf(!canMount)('an archive on a small disk', () => {
  beforeAll(async () => {
    mountSmall(disk, 100)
    const { app, models } = appWithNetworks(join(root, 'app'))
    options = { app }
    writeIdentityPackage(join(models, 'tiny'), side)
    const slowSide = 256
    writePackage(join(models, 'slow'), { ...identityPackage(slowSide), id: 'slow' }, slowGraph(slowSide, 12), () => ({
      map: { shape: [1, 1, slowSide, slowSide], values: new Float32Array(slowSide * slowSide) },
    }))
    const files = join(root, 'head')
    mkdirSync(files)
    for (let index = 0; index < 4; index++) {
      const pixels = Int16Array.from({ length: side * side }, (_, at) =>
        at === side * 20 + 20 ? 900 : 400 + ((at * 7919 + index * 31) % 23),
      )
      writeSlice(files, index, { rows: side, columns: side, pixels }, index * 7)
    }
    expect(JSON.parse((await command(['import', files, '--archive', archive, '--json'], options).done).output)).toMatchObject({ stored: 4 })
    host = new HostUnderTest(archive, options)
    const [row] = (await host.request('studies.list', everything)).rows
    const { series } = await host.request('study.open', { studyKey: row!.studyKey })
    study = { studyKey: row!.studyKey, seriesInstanceUid: series[0]!.seriesInstanceUid }
    expect(await analyse()).toMatchObject({ state: 'done' })
    findingId = (await results()).results[0]!.findings[0]!.findingId
  }, 120_000)
  afterAll(async () => {
    await host?.close()
    unmount(disk)
    rmSync(root, { recursive: true, force: true })
  })

  test('importing: refused while there still is space for what was acknowledged, with what to do', async () => {
    await host.close()
    const folder = writeLargeSeries()
    const { code, output, errors } = await command(['import', folder, '--archive', archive, '--json'], options).done
    expect(code).toBe(1)
    expect(JSON.parse(output)).toMatchObject({ error: { code: 'archive.disk-full' } })
    const { sentence, advice } = errorCatalogue['archive.disk-full']
    expect(errors).toContain(sentence)
    expect(errors).toContain(advice)
    expect(freeMiB()).toBeGreaterThan(56)
    const { instances, unreferenced } = whole()
    expect(instances).toBeLessThan(28)
    expect(unreferenced).toBe(0)
    expect(readdirSync(join(archive, 'tmp'))).toEqual([])
    host = new HostUnderTest(archive, options)
    await host.opened()
  })

  test('analysing: the job fails with the reason, what was there stays, and a decision still finds room', async () => {
    leave(20)
    const before = await results()
    expect(await analyse()).toMatchObject({ state: 'failed', error: { code: 'archive.disk-full' } })
    expect(await decide()).toMatchObject({ verdict: 'accepted' })
    const after = await results()
    for (const result of before.results) expect(after.results).toContainEqual(result)
    expect(after.results.filter(({ incomplete }) => incomplete === null)).toHaveLength(1)
    whole()
  })

  test('to the last byte: decisions and jobs are refused with the reason, and what was decided stands', async () => {
    leave(0)
    const before = await results()
    const taken = await decideUntilRefused()
    const after = await results()
    expect(after.decisions).toHaveLength(before.decisions.length + taken)
    await expect(analyse()).rejects.toMatchObject({ report: { code: 'archive.disk-full' } })
    expect((await host.request('studies.list', everything)).total).toBeGreaterThan(0)
  })

  test('full in the middle of a job: the reader is told, the row follows once there is space, and the queue goes on', async () => {
    makeSpace()
    const jobId = await start('slow')
    await told(jobId, 'running')
    leave(0)
    await decideUntilRefused()
    expect(await told(jobId, 'failed')).toMatchObject({ error: { code: 'archive.disk-full' } })
    const rowOf = async () => (await host.request('jobs.list', { studyKey: study.studyKey })).jobs.find((job) => job.jobId === jobId)
    expect(await rowOf()).toMatchObject({ state: 'running' })
    makeSpace()
    while ((await rowOf())!.state === 'running') await pause(100)
    expect(await rowOf()).toMatchObject({ state: 'failed', error: { code: 'archive.disk-full' } })
    expect(await analyse()).toMatchObject({ state: 'done' })
    whole()
    leave(0)
  })

  test('killed on a full disk, the archive opens no worse: it says why, or opens with all that was acknowledged', async () => {
    const { decisions } = await results()
    await host.kill()
    const { code, output } = await command(['list', '--archive', archive, '--json'], options).done
    if (code !== 0) expect(JSON.parse(output)).toMatchObject({ error: { code: 'archive.disk-full' } })
    makeSpace()
    whole()
    host = new HostUnderTest(archive, options)
    expect((await results()).decisions).toEqual(decisions)
  })

  test('after space was made everything goes on', async () => {
    resize(disk, 200)
    expect(await decide()).toMatchObject({ verdict: 'accepted' })
    expect(await analyse()).toMatchObject({ state: 'done' })
    await host.close()
    const { code, output } = await command(['import', join(root, 'large'), '--archive', archive, '--json'], options).done
    const { stored, known, failed } = JSON.parse(output) as { stored: number; known: number; failed: unknown[] }
    expect([code, stored + known, failed]).toEqual([0, 24, []])
    expect(whole()).toMatchObject({ instances: 28, unreferenced: 0 })
    host = new HostUnderTest(archive, options)
    await host.opened()
  })
})
