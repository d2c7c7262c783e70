/** The whole path in the real app, on the phantoms: open, look, run, overlay, decide, restart, find it all again. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const screenshots = join(repository, 'assets/screenshots')
const researchUse = 'Research use only. Not a medical device; not for diagnosis or patient management.'
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

async function restart(): Promise<void> {
  await running.close()
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
}

const byId = (testId: string) => running.page.getByTestId(testId)
const headFindings = () => reader.findings.evaluateAll((rows) => rows.map((row) => `${row.dataset.findingId} ${row.dataset.verdict}`))

describe.sequential('the main path', () => {
  test('the empty state offers the example, and the example gives two phantoms', async () => {
    await byId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
    const texts = await reader.rows.allTextContents()
    expect(texts.join('\n')).toMatch(/phantom/i)
  })

  test('the head series opens, scrolls by key and wheel, and keeps its picture and slice together', async () => {
    await reader.openStudy('HEAD')
    const start = await reader.slice()
    await reader.press('ArrowDown')
    await eventually(() => reader.slice(), start + 1, 'slice after one key')
    await reader.viewport.hover()
    await running.page.mouse.wheel(0, 100)
    await eventually(async () => (await reader.slice()) > start + 1, true, 'slice after the wheel')
    await reader.press('Home')
    await eventually(() => reader.slice(), 1, 'slice after Home')
    expect(await byId(testIds.orientationLeft).textContent()).toBe('R')
    expect(await byId(testIds.orientationRight).textContent()).toBe('L')
    expect(await byId(testIds.scaleBar).count()).toBe(1)
    expect(await byId(testIds.integrity).getAttribute('data-integrity')).toBe('lossless')
  })

  test('the FLAIR network marks the planted lesion: mask, heat and finding on its slice', async () => {
    await reader.analyse('brain-flair-abnormality')
    expect(await reader.waitForState('findings', 'no-finding', 'failed', 'refused')).toBe('findings')
    await reader.findings.first().click()
    await reader.waitForOverlay()
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).amber > 50, true, 'amber outline on the canvas')
    await eventually(async () => (await reader.painted(testIds.heatCanvas)).pixels > 200, true, 'heat on the canvas')
    await reader.press('m')
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels, 0, 'outline while only heat is shown')
    expect((await reader.painted(testIds.heatCanvas)).pixels).toBeGreaterThan(200)
    await reader.press('m')
    await eventually(async () => (await reader.painted(testIds.heatCanvas)).pixels, 0, 'heat while only the outline is shown')
    await reader.press('m')
    await eventually(async () => (await reader.painted(testIds.heatCanvas)).pixels > 200, true, 'both again')
    expect(await byId(testIds.legend).isVisible()).toBe(true)
    expect(await byId(testIds.researchUse).textContent()).toContain(researchUse)
    const facts = (await byId(testIds.resultFacts).textContent()) ?? ''
    expect(facts).toMatch(/1\.\d+\.\d+/)
    expect(facts).toContain('CPU')
    await running.page.screenshot({ path: join(screenshots, 'reading.png') })
  })

  test('one key hides everything of the network, and what is left is the untouched picture', async () => {
    const marked = await reader.look()
    await reader.press('h')
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels, 0, 'pixels of the overlay')
    expect((await reader.painted(testIds.heatCanvas)).pixels).toBe(0)
    expect((await reader.look()).equals(marked)).toBe(false)
    await reader.press('h')
    await reader.waitForOverlay()
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels > 50, true, 'outline on the canvas')
  })

  test('Enter accepts the chosen finding', async () => {
    await reader.findings.first().click()
    await reader.waitForOverlay()
    await reader.press('Enter')
    await eventually(() => reader.findings.first().getAttribute('data-verdict'), 'accepted', 'verdict')
  })

  test('both chest networks run on the chest phantom', async () => {
    await reader.backToWorklist()
    await reader.openStudy('CHEST')
    const untouched = await reader.look()
    await reader.analyse('chest-lungs')
    // Lungs are anatomy: outlined, and counted as no finding.
    expect(await reader.waitForState('structures', 'findings', 'no-finding', 'failed', 'refused')).toBe('structures')
    await reader.waitForOverlay()
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).amber > 200, true, 'amber outline of the lungs')
    await reader.press('h')
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels, 0, 'pixels of the overlay')
    expect((await reader.look()).equals(untouched)).toBe(true)
    await reader.press('h')
    await reader.analyse('chest-pneumonia')
    await eventually(
      async () => (await reader.findings.allTextContents()).some((text) => /pneumonia/i.test(text)),
      true,
      'a finding of the pneumonia network',
    )
    await running.page.screenshot({ path: join(screenshots, 'findings.png') })
  })

  test('Delete rejects a finding of the lung network', async () => {
    const lungs = reader.findings.filter({ hasText: /lung/i }).first()
    if ((await lungs.count()) === 0) await byId(testIds.resultFacts).first().waitFor()
    const row = (await lungs.count()) > 0 ? lungs : reader.findings.first()
    await row.click()
    await reader.waitForOverlay()
    await reader.press('Delete')
    await eventually(() => row.getAttribute('data-verdict'), 'rejected', 'verdict')
  })

  test('after a restart studies, results, overlays and decisions are there without running anything', async () => {
    await reader.backToWorklist()
    await restart()
    await reader.waitForStudies(2)
    await running.page.screenshot({ path: join(screenshots, 'worklist.png') })
    await reader.openStudy('HEAD')
    await eventually(async () => (await headFindings())[0]?.endsWith(' accepted') ?? false, true, 'the accepted finding')
    await reader.findings.first().click()
    await reader.waitForOverlay()
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).pixels > 50, true, 'outline on the canvas')
    await reader.backToWorklist()
    await reader.openStudy('CHEST')
    await eventually(async () => (await headFindings()).some((finding) => finding.endsWith(' rejected')), true, 'the rejected finding')
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
