/**
 * A worker thread that dies of a file: a header of so many items that the thread's heap, made small here, cannot hold it.
 * The file is refused with its reason, all others are stored and shown, and the archive is whole. Since 22 Node ends the whole
 * process now and then where a heap is that small, so there the thread is ended as it opens the file.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../../contracts/analysis'
import { checkArchive } from '../../../main/archive/check'
import { repository } from '../../shared-data'
import { buildObject, pictureElements, type SampleElement } from '../../samples/build-object'
import { everything } from '../../unit/archive/fixtures'
import { writeIdentityPackage } from '../inference/tiny-packages'
import { appWithNetworks, command, HostUnderTest, randomFrom, type Refused, type StartOptions } from './host-under-test'

const rounds = process.env.OVERREAD_FULL === '1' ? 100 : 2
/** Beside other work a death took nine seconds. */
const timeout = 120_000 + rounds * 15_000
const seed = Number(process.env.OVERREAD_SEED ?? 20261126)
/** Enough heap for every other file, and for the main thread. */
const dyingThreads =
  Number(process.versions.node.split('.')[0]) < 22
    ? ['--max-old-space-size=64']
    : ['--require', join(repository, 'tests/integration/archive/ends-thread.cjs')]
const side = 32
const objects = 10
/** Of the series: the one whose header is heavy. */
const heavy = 4

const root = mkdtempSync(join(tmpdir(), 'overread-worker-'))
let options: StartOptions

const uid = (series: number, index: number) => `2.25.${seed}.${series}.1.${index}`

/** Items without content, in a private sequence: a few megabytes of file, some hundred of heap. */
const manyItems = (count: number): SampleElement[] => [
  [0x00090010, 'LO', 'OVERREAD TEST'],
  [0x00091010, 'SQ', Array.from({ length: count }, () => [])],
]

function writeSeries(series: number): string {
  const folder = join(root, `series${series}`)
  mkdirSync(folder)
  for (let index = 1; index <= objects; index++) {
    const pixels = Uint16Array.from({ length: side * side }, (_, at) => (at === side * 10 + 10 ? 900 : 400 + ((at + index) % 23)))
    const elements = pictureElements(
      { rows: side, columns: side, bitsAllocated: 16 },
      [0x7fe00010, 'OW', new Uint8Array(pixels.buffer)],
      [
        ...(index === heavy ? manyItems(400_000) : []),
        [0x00080018, 'UI', uid(series, index)],
        [0x00080060, 'CS', 'MR'],
        [0x0020000d, 'UI', `2.25.${seed}.${series}`],
        [0x0020000e, 'UI', `2.25.${seed}.${series}.1`],
        [0x00200013, 'IS', String(index)],
        [0x00200032, 'DS', `0\\0\\${index * 5}`],
        [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
        [0x00280030, 'DS', '1\\1'],
      ],
    )
    writeFileSync(join(folder, String(index).padStart(3, '0')), buildObject(elements))
  }
  return folder
}

beforeAll(() => {
  const { app, models } = appWithNetworks(join(root, 'app'))
  options = { app }
  writeIdentityPackage(join(models, 'tiny'), side)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const small = (): StartOptions => ({ ...options, execArgv: dyingThreads })

test('while importing: the file that killed its thread is named, and all others are stored', { timeout }, async () => {
  const archive = join(root, 'importing')
  for (let round = 1; round <= rounds; round++) {
    const { code, output, errors } = await command(['import', writeSeries(round), '--archive', archive, '--json'], small()).done
    expect(JSON.parse(output), errors).toMatchObject({
      stored: objects - 1,
      failed: [{ file: expect.stringMatching(/004$/) as string, code: 'worker.died' }],
    })
    expect(code).toBe(1)
    expect(checkArchive(archive)).toMatchObject({ instances: round * (objects - 1), problems: [], unreferenced: 0 })
  }
  // With the memory that it needs the same file is taken.
  const { output } = await command(['import', join(root, 'series1'), '--archive', archive, '--json'], options).done
  expect(JSON.parse(output)).toMatchObject({ stored: 1, known: objects - 1, failed: [] })
})

test(
  'while reading and analysing: its picture says so, all others are shown, the job ends and keeps what was done',
  { timeout },
  async () => {
    const archive = join(root, 'reading')
    const { output } = await command(['import', join(root, 'series1'), '--archive', archive, '--json'], options).done
    expect(JSON.parse(output)).toMatchObject({ stored: objects, failed: [] })
    const host = new HostUnderTest(archive, small())
    const { studyKey } = (await host.request('studies.list', everything)).rows[0]!
    const random = randomFrom(seed)
    for (let round = 1; round <= rounds * 3; round++) {
      const index = round % 3 === 0 ? heavy : 1 + Math.floor(random() * objects)
      const answer = await host
        .request('frame.get', { studyKey, sopInstanceUid: uid(1, index), frameIndex: 0 })
        .catch((error: unknown) => error)
      if (index === heavy) expect((answer as Refused).report?.code).toBe('worker.died')
      else expect(answer).toMatchObject({ description: { rows: side } })
    }
    const [job] = (
      await host.request('analysis.start', {
        requestId: crypto.randomUUID(),
        studyKey,
        series: { seriesInstanceUid: `2.25.${seed}.1.1`, stack: '' },
        frames: null,
        modelId: 'tiny',
        override: false,
        provider: 'cpu',
      })
    ).jobs
    const event = await host.event(
      (each) => each.event === 'job.changed' && each.job.jobId === job!.jobId && !['queued', 'running'].includes(each.job.state),
    )
    expect((event as { job: Job }).job).toMatchObject({ state: 'done', imagesDone: objects })
    const [result] = (await host.request('results.list', { studyKey })).results
    expect(
      result!.images.filter(({ refused }) => refused !== null).map(({ sopInstanceUid, refused }) => [sopInstanceUid, refused!.code]),
    ).toEqual([[uid(1, heavy), 'worker.died']])
    await host.close()
    expect(checkArchive(archive)).toMatchObject({ problems: [], unreferenced: 0 })
  },
)
