/**
 * How long the window stands still while a series is analysed: the gaps between the ticks of a timer in the real page, beside
 * those of the same page at rest. Chromium spaces such ticks by 4 ms; what is more is something that held the page's thread.
 *
 * Without a GPU the canvases are drawn and presented in software by Chromium's GPU process, for which the page waits, and
 * which needs the cores that the network runs on: a trace showed every gap above 150 ms to be that wait. So the longest gaps,
 * and the share of the time that lies in gaps above a frame, say what this machine is, not what the window does.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from '../e2e/app'
import { Reader } from '../e2e/reader'
import { hasSharedData, sharedData } from '../shared-data'
import { prepareDisplay } from './support/display'
import { describeMachine } from './support/measure'

const archive = temporaryArchive()
let running: RunningApp
let reader: Reader
let stopDisplay = () => {}

beforeAll(async () => {
  stopDisplay = await prepareDisplay()
  console.log(describeMachine())
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
  stopDisplay()
})

/** The gaps of the page's timer while `action` goes on, ms, in rising order. */
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
  return gaps.sort((a, b) => a - b)
}

const percentile = (sorted: readonly number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
/** A frame of a screen of 60 Hz, ms. */
const frameMs = 16

function words(gaps: readonly number[]): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const share = sum(gaps.filter((gap) => gap > frameMs)) / sum(gaps)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((each) => percentile(gaps, each).toFixed(1))
  return (
    `p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${gaps.at(-1)!.toFixed(0)} ms of ${gaps.length} ticks, ` +
    `${(100 * share).toFixed(0)} % of the time in gaps above ${frameMs} ms`
  )
}

test('the window goes on while a brain series is analysed', async () => {
  const rest = await gapsDuring(running.page, () => new Promise((resolve) => setTimeout(resolve, 5000)))
  let ended = ''
  const analysed = await gapsDuring(running.page, async () => {
    await reader.analyse('brain-flair-abnormality')
    ended = await reader.waitForState('findings', 'no-finding', 'failed', 'refused')
  })
  const scrolled = await gapsDuring(running.page, async () => {
    for (let step = 0; step < 40; step++) await reader.press(step < 20 ? 'ArrowDown' : 'ArrowUp')
  })
  console.log(
    [
      `gaps of the window's event loop`,
      `  at rest: ${words(rest)}`,
      `  while analysed: ${words(analysed)}`,
      `  scrolled with its result: ${words(scrolled)}`,
    ].join('\n'),
  )
  expect(['findings', 'no-finding']).toContain(ended)
  expect(analysed.length).toBeGreaterThan(100)
})
