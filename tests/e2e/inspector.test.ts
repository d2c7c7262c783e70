/** Looking into a network on the picture shown: layer by layer, a map enlarged and laid over the picture. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'
import { violations } from './violations'

const archive = temporaryArchive()
const screenshots = join(repository, 'assets/screenshots')
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

const byId = (testId: string) => running.page.getByTestId(testId)
const chosenLayer = () => running.page.locator(`[data-testid="${testIds.layer}"][aria-current="true"]`).getAttribute('data-place')

describe.sequential('the layers of a network', () => {
  test('are reached from the findings panel once a result is there', async () => {
    await byId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
    await reader.openStudy('CHEST')
    await reader.analyse('chest-lungs')
    await reader.waitForState('structures')
    await byId(testIds.lookInto).click()
    await byId(testIds.layerMap).first().waitFor()
    expect(await byId(testIds.layer).count()).toBeGreaterThan(40)
    expect(await byId(testIds.layerWords).textContent()).toMatch(/filters of 3 × 3 look for patterns/)
    expect(await byId(testIds.layerScale).textContent()).toContain('One scale for the whole layer')
  })

  test('by the arrow keys one goes from layer to layer and from map to map, each laid over the picture', async () => {
    await eventually(() => byId(testIds.layerOverlay).getAttribute('data-map'), '0', 'map over the picture')
    await running.page.keyboard.press('ArrowDown')
    await eventually(chosenLayer, '1', 'layer')
    await eventually(async () => /Keeps what is above zero/.test((await byId(testIds.layerWords).textContent()) ?? ''), true, 'words')
    await eventually(() => byId(testIds.layerScale).getAttribute('data-waiting'), 'false', 'waiting')
    await running.page.keyboard.press('ArrowRight')
    await eventually(() => byId(testIds.layerOverlay).getAttribute('data-map'), '1', 'map over the picture')
    await byId(testIds.layerMap).nth(3).hover()
    await eventually(() => byId(testIds.layerOverlay).getAttribute('data-map'), '3', 'map over the picture')
    await running.page.screenshot({ path: join(screenshots, 'inspector.png') })
    await running.page.keyboard.press('h')
    await eventually(() => byId(testIds.layerOverlay).getAttribute('data-map'), '', 'hidden map')
    await running.page.keyboard.press('h')
    expect(await violations(running.page)).toEqual([])
  })

  test('the last layers are numbers, and Escape leads back to the picture', async () => {
    await byId(testIds.layer).last().click()
    await byId(testIds.layerValues).waitFor()
    expect(await byId(testIds.layerValues).locator('li').count()).toBe(1)
    await running.page.keyboard.press('Escape')
    await reader.waitForPicture()
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
