/** What is seen before the app is there is the frame of the worklist, and nothing of it moves when the worklist comes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'

const archive = temporaryArchive()
let running: RunningApp

beforeAll(async () => {
  running = await startApp(archive.folder)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

/** left, top, width and height of header, footer and title. */
const boxes = (within: string) =>
  running.page.evaluate((within) => {
    const box = (element: Element) => {
      const { left, top, width, height } = element.getBoundingClientRect()
      return [left, top, width, height]
    }
    const frame = document.querySelector(within)
    if (!frame) return null
    const text = document.createRange()
    text.selectNodeContents(frame.querySelector('header > :first-child')!)
    const title = text.getBoundingClientRect()
    return {
      header: box(frame.querySelector('header')!),
      footer: box(frame.querySelector(':scope > footer')!),
      title: [title.left, title.top, title.width],
      colours: [...frame.querySelectorAll(':scope > header, :scope > footer')].map((part) => getComputedStyle(part).backgroundColor),
    }
  }, within)

test('the frame is painted before the app is run, and the worklist stands where it stood', async () => {
  const { page } = running
  // The app itself is held back until the frame was looked at.
  let letIn = () => {}
  const seen = new Promise<void>((done) => (letIn = done))
  await page.route('**/main-*.js', async (route) => {
    await seen
    await route.continue()
  })
  await page.reload({ waitUntil: 'commit' })
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
  await page.evaluate(() => document.fonts.ready)
  const frame = await boxes('.opening')
  expect(await page.getByRole('status').textContent()).toBe('Opening the archive')
  letIn()
  await page.getByTestId(testIds.worklist).waitFor()
  expect(frame).toEqual(await boxes(`[data-testid="${testIds.worklist}"]`))
  expect(running.errors).toEqual([])
})
