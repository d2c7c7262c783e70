/** What goes wrong is said, loses nothing, and the app lives on: damaged files, refusals, a killed computing process. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { drawnPhantoms } from '../samples/drawn-phantoms'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { canvasPixels } from './display-compare'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  mkdirSync(join(files, 'CD', 'viewer'), { recursive: true })
  drawnPhantoms().forEach(({ bytes }, index) => writeFileSync(join(files, 'CD', `IM${String(index).padStart(3, '0')}`), bytes))
  writeFileSync(join(files, 'CD', 'viewer', 'autorun.inf'), '[autorun]\n')
  // The header promises more than there is.
  copyFileSync(join(files, 'CD', 'IM005'), join(files, 'CD', 'damaged'))
  truncateSync(join(files, 'CD', 'damaged'), 700)
  running = await startApp(archive.folder, [join(files, 'CD')])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

const byId = (testId: string) => running.page.getByTestId(testId)

/** Process ids of a utility process by the name main gave it. */
const pids = (name: string) =>
  running.app.evaluate(
    ({ app }, wanted) =>
      app
        .getAppMetrics()
        .filter((metric) => metric.name === wanted)
        .map((metric) => metric.pid),
    name,
  )

describe.sequential('faults', () => {
  test('a folder named at the start is imported; what is no DICOM is counted, what is damaged is listed with its reason', async () => {
    await reader.waitForStudies(2)
    await eventually(
      async () => /1 not DICOM, skipped/.test((await byId(testIds.importBar).textContent()) ?? ''),
      true,
      'the count of skipped files',
    )
    await running.page.getByRole('button', { name: 'Which files' }).click()
    const failures = (await byId(testIds.importFailures).first().textContent()) ?? ''
    expect(failures).toContain('damaged')
  })

  test('a network refuses a picture it was not made for, in a sentence; run anyway is kept on record', async () => {
    await reader.openStudy('CHEST')
    await running.page.getByTestId(testIds.analyseButton).click()
    await running.page.locator(`[data-testid="${testIds.analyseModel}"][data-model-id="brain-flair-abnormality"]`).click()
    await byId(testIds.analyseSeries).click()
    await reader.waitForState('refused')
    expect(await byId(testIds.refusal).getAttribute('data-code')).toMatch(/^gate\./)
    expect((await byId(testIds.refusal).textContent())?.length).toBeGreaterThan(20)
    await byId(testIds.runAnyway).click()
    await reader.waitForState('findings', 'no-finding')
    expect(await byId(testIds.resultFacts).first().textContent()).toMatch(/refus|anyway|on record/i)
    await reader.backToWorklist()
  })

  test('the computing process is killed again and again in mid-job: the job fails with its code, the app lives, the next job runs', async () => {
    await reader.openStudy('HEAD')
    await reader.analyse('brain-flair-abnormality')
    // An idle one may be the first to go; each that serves the job goes as well, until the job is given up.
    const killed = new Set<number>()
    const hasFailed = async () => (await byId(testIds.failure).count()) > 0
    for (const end = Date.now() + 60_000; !(await hasFailed()) && Date.now() < end;) {
      const [fresh] = (await pids('Overread compute')).filter((pid) => !killed.has(pid))
      if (fresh !== undefined && (await byId(testIds.jobProgress).count()) > 0) {
        process.kill(fresh, 'SIGKILL')
        killed.add(fresh)
      }
      await new Promise((done) => setTimeout(done, 20))
    }
    expect(killed.size).toBeGreaterThanOrEqual(2)
    await reader.waitForState('failed')
    expect(await byId(testIds.failure).getAttribute('data-code')).toBe('compute.died')
    await byId(testIds.retry).click()
    await reader.waitForState('findings')
    expect(await reader.findings.count()).toBeGreaterThan(0)
  })

  test('the graphics process is killed beside an open study and between two: each is drawn as it was', async () => {
    const graphics = () => running.app.evaluate(({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? null)
    const killGraphics = async () => {
      const pid = (await graphics())!
      process.kill(pid, 'SIGKILL')
      await eventually(async () => ![null, pid].includes(await graphics()), true, 'a new graphics process')
    }
    const drawn = async () => (await canvasPixels(reader)).rgba
    await reader.backToWorklist()
    await reader.openStudy('CHEST')
    const before = await drawn()
    await killGraphics()
    await eventually(async () => before.equals(await drawn()), true, 'the picture as it was')
    await reader.backToWorklist()
    await killGraphics()
    await reader.openStudy('CHEST')
    // Chromium may take a second loss so soon for a reason to do without: then the plain canvas draws, smoothing otherwise.
    const meanDifference = (after: Buffer) => after.reduce((sum, level, at) => sum + Math.abs(level - before[at]), 0) / before.length
    await eventually(async () => meanDifference(await drawn()) < 1, true, 'the picture as it was')
    await reader.backToWorklist()
    await reader.openStudy('HEAD')
  })

  test('the engine host is killed: the window asks for a new one and goes on', async () => {
    const [pid] = await pids('Overread engine')
    process.kill(pid, 'SIGKILL')
    await eventually(async () => (await pids('Overread engine')).some((fresh) => fresh !== pid), true, 'a new engine host')
    await reader.backToWorklist()
    await reader.openStudy('HEAD')
    await eventually(async () => (await reader.findings.count()) > 0, true, 'the findings kept')
  })
})
