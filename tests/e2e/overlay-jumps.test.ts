/** An overlay never stands on another picture, however fast the reader jumps. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
  await running.page.getByTestId(testIds.openExample).first().click()
  await reader.waitForStudies(2)
  await reader.openStudy('HEAD')
  await reader.analyse('brain-flair-abnormality')
  await reader.waitForState('findings', 'no-finding')
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

interface Drawn {
  readonly picture: string
  readonly overlay: string | null
}

test('a thousand fast jumps draw many overlays, each in the render of its own picture', async () => {
  await running.page.getByTestId(testIds.sliceBar).evaluate(async (bar) => {
    ;(globalThis as { __overreadDrawn?: unknown[] }).__overreadDrawn = []
    const { left, top, width } = bar.getBoundingClientRect()
    // A fixed sequence (Lehmer), so that a failure can be repeated.
    let state = 7
    for (let jump = 0; jump < 1000; jump++) {
      state = (state * 48271) % 2147483647
      const clientX = left + (state / 2147483647) * width
      bar.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY: top + 2, buttons: 1, bubbles: true }))
      // Some jumps follow in the same frame, some give a render or two time to begin.
      await new Promise((done) => setTimeout(done, jump % 10 === 0 ? 80 : jump % 4))
    }
  })
  await eventually(() => reader.viewport.getAttribute('data-state'), 'shown', 'state of the viewport after the jumps')
  await reader.waitForOverlay()
  const drawn = await running.page.evaluate(() => (globalThis as { __overreadDrawn?: Drawn[] }).__overreadDrawn ?? [])
  const overlays = drawn.filter(({ overlay }) => overlay !== null)
  expect(overlays.filter(({ picture, overlay }) => picture !== overlay)).toEqual([])
  expect(new Set(overlays.map(({ overlay }) => overlay)).size).toBeGreaterThan(5)
  expect(running.errors).toEqual([])
})
