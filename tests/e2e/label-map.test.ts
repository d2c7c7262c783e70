/** A network of volumes in the window: its structures listed, drawn on the picture they belong to, hidden and named. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { hasSharedData, sharedData } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  if (!hasSharedData) return
  running = await startApp(archive.folder, [join(sharedData, 'studies/t1_head_conformed_derived')])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

describe.skipIf(!hasSharedData)('the tissue of a T1 series', { concurrent: false }, () => {
  const structures = () => running.page.getByTestId(testIds.structure)

  test('is outlined and measured, and counts as no finding', { timeout: 240_000 }, async () => {
    // A single study that is named at the start opens by itself once it is stored.
    await reader.waitForPicture()
    await reader.analyse('brainchop-tissue-light')
    expect(await reader.waitForState('structures', 'failed', 'refused')).toBe('structures')
    expect(await structures().allTextContents()).toEqual([
      expect.stringMatching(/White matter\s*\d{3} ml/),
      expect.stringMatching(/Grey matter\s*\d{3} ml/),
    ])
    await reader.backToWorklist()
    expect(await reader.rows.first().textContent()).not.toMatch(/no finding/)
    await reader.openStudy('T1')
  })

  test('a click on a structure shows it where there is most of it', async () => {
    await structures().nth(1).click()
    await reader.waitForOverlay()
    await eventually(async () => (await reader.painted(testIds.heatCanvas)).pixels > 1000, true, 'fill of the structures')
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels > 200, true, 'outlines of the structures')
  })

  test('what is under the cursor is named', async () => {
    const box = (await reader.viewport.boundingBox())!
    const named = async () => {
      for (let step = 0; step < 12; step++) {
        await running.page.mouse.move(box.x + box.width * (0.35 + 0.025 * step), box.y + box.height * 0.45)
        const text = (await running.page.getByTestId(testIds.cornerProbe).textContent()) ?? ''
        if (/(White|Grey) matter/.test(text)) return true
      }
      return false
    }
    await eventually(named, true, 'the name of a structure beside the value')
  })

  test('it is hidden with everything of the network', async () => {
    await reader.press('h')
    await eventually(async () => (await reader.painted(testIds.heatCanvas)).pixels, 0, 'fill while hidden')
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels, 0, 'outlines while hidden')
    await reader.press('h')
    await reader.waitForOverlay()
  })

  test('the worklist does not say that it was never analysed beside its result', async () => {
    await reader.backToWorklist()
    const preview = running.page.getByTestId(testIds.worklistPreview)
    await eventually(async () => (await preview.textContent())?.includes('2 structures outlined') ?? false, true, 'the result')
    expect(await preview.textContent()).toContain('no network looked for findings')
    expect(await preview.textContent()).not.toContain('not analysed')
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
