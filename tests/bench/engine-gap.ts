/**
 * How long the engine host's thread stands still while files are imported and a series is analysed at once: the gaps between
 * the ticks of a timer on its thread, beside those at rest. Here the engine runs on the bench's own thread.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job } from '../../contracts/analysis'
import { computeStarter } from '../../main/host/compute/start-compute'
import { Engine } from '../../main/host/engine'
import { hostPaths } from '../../main/host/paths'
import { computeScript } from '../integration/inference/engine'
import { headStudy } from '../samples/head-studies'
import { repository } from '../shared-data'
import { everything } from '../unit/archive/fixtures'
import { ctSeries } from './support/ct-series'
import { gapWords } from './support/gaps'
import { describeMachine } from './support/measure'

const files = 600
const folder = mkdtempSync(join(tmpdir(), 'overread-bench-'))
let engine: Engine

beforeAll(async () => {
  console.log(describeMachine())
  for (const name of ['head', 'ct']) mkdirSync(join(folder, name))
  headStudy(1, 0, 24).forEach((bytes, index) => writeFileSync(join(folder, 'head', String(index)), bytes))
  for (const { name, bytes } of ctSeries(512, files)) writeFileSync(join(folder, 'ct', name), bytes)
  const paths = hostPaths(pathToFileURL(join(repository, 'out/node/engine-host.js')).href)
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute: computeStarter(computeScript) })
  engine.pool.warm()
  await engine.importPaths([join(folder, 'head')])
})
afterAll(async () => {
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function gapsDuring(action: () => Promise<unknown>): Promise<number[]> {
  const gaps: number[] = []
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    gaps.push(now - last)
    last = now
  }, 1)
  await action()
  clearInterval(timer)
  return gaps
}

async function analyse(): Promise<Job['state']> {
  const [{ studyKey }] = (await engine.archive.listStudies({ ...everything, search: 'PHANTOM-NR01' })).rows
  const { series } = await engine.archive.studyDetail(studyKey)
  const ended = new Promise<Job['state']>((done) => {
    engine.subscribe((event) => {
      if (event.event === 'job.changed' && event.job.state !== 'queued' && event.job.state !== 'running') done(event.job.state)
    })
  })
  await engine.queue.add({
    requestId: crypto.randomUUID(),
    studyKey,
    series: { seriesInstanceUid: series[0].seriesInstanceUid, stack: '' },
    frames: null,
    modelId: 'brain-flair-abnormality',
    override: false,
    provider: 'cpu',
  })
  return ended
}

test(`an analysis and ${files} files at once`, async () => {
  const rest = await gapsDuring(() => new Promise((done) => setTimeout(done, 3000)))
  let state = ''
  const analysed = await gapsDuring(async () => (state = await analyse()))
  const both = await gapsDuring(async () => {
    const [imported, ended] = await Promise.all([engine.importPaths([join(folder, 'ct')]), analyse()])
    expect([imported.stored, ended]).toEqual([files, state])
  })
  console.log(
    [
      'gaps of the engine host’s event loop',
      `  at rest: ${gapWords(rest)}`,
      `  analysing: ${gapWords(analysed)}`,
      `  analysing and importing: ${gapWords(both)}`,
    ].join('\n'),
  )
  expect(state).toBe('done')
})
