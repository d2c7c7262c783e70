/**
 * How long the window stands still while a series is analysed: the gaps between the ticks of a timer in the real page, beside
 * those of the same page at rest. Chromium spaces such ticks by 4 ms; what is more is something that held the page's thread.
 *
 * Without a GPU the canvases are drawn and presented in software by Chromium's GPU process, for which the page waits, and
 * which needs the cores that the network runs on: a trace showed every gap above 150 ms to be that wait. So the longest gaps,
 * and the share of the time that lies in gaps above a frame, say what this machine is, not what the window does.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from '../e2e/app'
import { dropFiles } from '../e2e/drop-files'
import { eventually, Reader } from '../e2e/reader'
import { hasSharedData, sharedData } from '../shared-data'
import { ctSeries } from './support/ct-series'
import { useDisplay } from './support/display'
import { gapWords } from './support/gaps'

const archive = temporaryArchive()
let running: RunningApp
let reader: Reader

useDisplay()
beforeAll(async () => {
  const paths = hasSharedData ? [join(sharedData, 'studies/flair_head_derived')] : []
  running = await startApp(archive.folder, paths)
  reader = new Reader(running.page)
  if (!hasSharedData) {
    await running.page.getByTestId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
  }
  await running.page.getByTestId(testIds.viewport).or(running.page.getByTestId(testIds.worklistRow)).first().waitFor()
  if ((await reader.viewport.count()) === 0) await reader.openStudy(hasSharedData ? 'FLAIR' : 'HEAD')
  await reader.waitForPicture()
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

/** The gaps of the page's timer while `action` goes on, ms. */
async function gapsDuring(page: Page, action: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const gaps: number[] = []
    let last = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      gaps.push(now - last)
      last = now
    }, 0)
    Object.assign(globalThis, {
      takeGaps: () => {
        clearInterval(timer)
        return gaps
      },
    })
  })
  await action()
  const gaps = await page.evaluate(() => (globalThis as unknown as { takeGaps: () => number[] }).takeGaps())
  return gaps
}

test('the window goes on while a brain series is analysed', async () => {
  const rest = await gapsDuring(running.page, () => new Promise((resolve) => setTimeout(resolve, 5000)))
  let ended = ''
  const analysed = await gapsDuring(running.page, async () => {
    await reader.analyse('brain-flair-abnormality')
    ended = await reader.waitForState('findings', 'no-finding', 'failed', 'refused')
  })
  const source = mkdtempSync(join(tmpdir(), 'overread-bench-'))
  const paths = [...ctSeries(512, 300)].map(({ name, bytes }) => {
    writeFileSync(join(source, name), bytes)
    return join(source, name)
  })
  const facts = () => running.page.getByTestId(testIds.resultFacts).textContent()
  const before = await facts()
  const both = await gapsDuring(running.page, async () => {
    await dropFiles(running.page, paths)
    await reader.analyse('brain-flair-abnormality')
    ended = await reader.waitForState('findings', 'no-finding', 'failed', 'refused')
    await eventually(async () => (await facts()) !== before, true, 'the new result')
    ended = await reader.waitForState('findings', 'no-finding', 'failed', 'refused')
    await reader.backToWorklist()
    await eventually(() => running.page.getByTestId(testIds.importBar).getAttribute('data-state'), 'done', 'the import')
  })
  rmSync(source, { recursive: true })
  await reader.openStudy(hasSharedData ? 'FLAIR' : 'HEAD')
  const scrolled = await gapsDuring(running.page, async () => {
    for (let step = 0; step < 40; step++) await reader.press(step < 20 ? 'ArrowDown' : 'ArrowUp')
  })
  console.log(
    [
      `gaps of the window's event loop`,
      `  at rest: ${gapWords(rest)}`,
      `  while analysed: ${gapWords(analysed)}`,
      `  while analysed and 300 files are imported: ${gapWords(both)}`,
      `  scrolled with its result: ${gapWords(scrolled)}`,
    ].join('\n'),
  )
  expect(['findings', 'no-finding']).toContain(ended)
  expect(analysed.length).toBeGreaterThan(100)
})
