/** Why a network scores the chest phantom as it does, in the real app. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

const byId = (testId: string) => running.page.getByTestId(testId)
const state = async () =>
  (await byId(testIds.explanation).count()) === 0 ? 'none' : await byId(testIds.explanation).getAttribute('data-state')

describe.sequential('why', () => {
  test('a score of the pneumonia network is explained, with a badge in words', async () => {
    await byId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
    await reader.openStudy('CHEST')
    await reader.analyse('chest-pneumonia')
    await reader.waitForState('findings', 'no-finding')
    await reader.findings
      .filter({ hasText: /pneumonia/i })
      .first()
      .click()
    await reader.press('q')
    await eventually(state, 'shown', 'state of the explanation')
    expect(await byId(testIds.explanationBadge).textContent()).toMatch(/Passed both tests|Drawn grey/)
    expect(await byId(testIds.explanation).textContent()).toMatch(/explained exact: local score, 0 to 1/)
    expect(await byId(testIds.explanation).textContent()).toContain('Research use only')
    expect(await byId(testIds.legend).textContent()).toContain('local score, 0 to 1')
    await reader.waitForOverlay()
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels > 50, true, 'the outline of the hottest tenth')
  })

  test('the map turns with its picture', async () => {
    const before = await outline()
    await reader.press('x')
    await eventually(async () => Math.abs((await outline()) + before - 1) < 0.02, true, 'the outline on the other side')
    await reader.press('x')
    await eventually(async () => Math.abs((await outline()) - before) < 0.02, true, 'the outline back')
  })

  test('scaling to this picture is off, and said in the corner once it is on', async () => {
    expect(await byId(testIds.explanationStretch).isChecked()).toBe(false)
    expect(await byId(testIds.cornerWindow).textContent()).not.toContain('scaled to this picture')
    await byId(testIds.explanationStretch).check()
    await eventually(
      async () => (await byId(testIds.cornerWindow).textContent())?.includes('map scaled to this picture') ?? false,
      true,
      'the note',
    )
  })

  test('covering takes its time, says how far it is, and can be cancelled', async () => {
    await byId(testIds.explanation).locator('select').selectOption('occlusion')
    await eventually(
      async () => /[1-9]\d* runs of the network/.test((await byId(testIds.explanation).textContent()) ?? ''),
      true,
      'a number',
    )
    await byId(testIds.explanationCancel).click()
    await eventually(state, 'none', 'state of the explanation')
    await reader.press('q')
    await eventually(state, 'shown', 'the next explanation')
    await byId(testIds.explanationClose).click()
    await eventually(state, 'none', 'state once closed')
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})

/** Where the middle of the drawn outline lies along the canvas, 0 to 1. */
async function outline(): Promise<number> {
  return byId(testIds.overlayCanvas).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let [sum, count] = [0, 0]
    for (let at = 3; at < data.length; at += 4) {
      if (data[at] < 128) continue
      sum += ((at - 3) / 4) % canvas.width
      count++
    }
    return sum / count / canvas.width
  })
}
