/** Names, descriptions and comments with markup, orders and turned letters, and of great length: shown as text, in their place. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { hostile, hostileText, obeyed } from '../hostile-text'
import { replaceText } from '../samples/replace-element'
import { drawnChest, drawnHead } from '../samples/drawn-phantoms'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-hostile-'))
let running: RunningApp
let reader: Reader
const byId = (testId: string) => running.page.getByTestId(testId)
const long = 'W'.repeat(65_000)

function withTexts(bytes: Uint8Array, text: string): Uint8Array {
  const texts = [[0x00100010, 'PN'], [0x00100020, 'LO'], [0x00081030, 'LO'], [0x0008103e, 'LO']] as const // prettier-ignore
  return texts.reduce<Uint8Array>((file, [tag, vr]) => replaceText(file, tag, vr, text), bytes)
}

beforeAll(async () => {
  mkdirSync(join(files, 'studies'))
  writeFileSync(join(files, 'studies', 'hostile'), withTexts(drawnChest().bytes, hostileText))
  writeFileSync(join(files, 'studies', 'long'), withTexts(drawnHead()[0].bytes, long))
  writeFileSync(join(files, 'studies', `damaged ${hostile.markup.replace(/\//g, '')} ${hostile.direction}`), drawnChest().bytes.subarray(0, 700)) // prettier-ignore
  running = await startApp(archive.folder, [join(files, 'studies')])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

/** What of the page's texts and tooltips is not as it must be. */
async function faults(): Promise<string[]> {
  const { texts, strangers, reached, wide } = await running.page.evaluate(() => ({
    texts: [...document.querySelectorAll('body *')].flatMap((element) => [
      ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent ?? ''),
      ...['title', 'aria-label'].map((name) => element.getAttribute(name) ?? ''),
    ]),
    strangers: document.querySelectorAll('img[src="x"], script:not([src])').length,
    reached: (globalThis as { reached?: unknown }).reached !== undefined,
    wide: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth,
  }))
  return [
    ...texts.filter((text) => text.split(/[\n\t]/).some((line) => obeyed.test(line))),
    ...(strangers > 0 ? ['markup became elements'] : []),
    ...(reached ? ['a script ran'] : []),
    ...(wide > 0 ? [`the page is ${wide} pixels too wide`] : []),
  ]
}

async function isWithin(testId: string): Promise<boolean> {
  const box = await byId(testId).first().boundingBox()
  const { width, height } = await running.page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
  return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
}

describe.sequential('hostile text', () => {
  test('in the worklist and its preview: as text, each in its row, the whole in a tooltip', async () => {
    await reader.waitForStudies(2)
    await running.page.getByRole('button', { name: 'Which files' }).click()
    const row = reader.rows.filter({ hasText: 'onerror' })
    expect(await row.textContent()).toContain(hostile.markup)
    await row.click()
    await eventually(async () => (await byId(testIds.worklistPreview).textContent())?.includes(hostile.markup) ?? false, true, 'preview')
    expect(await byId(testIds.importFailures).first().textContent()).toContain('<img src=x')
    expect(await faults()).toEqual([])
    const heights = await reader.rows.evaluateAll((rows) => rows.map((each) => each.getBoundingClientRect().height))
    expect(new Set(heights).size).toBe(1)
    await reader.rows.filter({ hasText: 'WWWW' }).click()
    expect(await reader.rows.filter({ hasText: 'WWWW' }).locator('[title*="WWWW"]').first().getAttribute('title')).toMatch(/^W{1000,}$/)
    expect(await faults()).toEqual([])
  })

  test('while reading: in the head, the corner, the strip and a comment', async () => {
    await reader.openStudy('onerror')
    expect(await byId(testIds.studyHead).textContent()).toContain(hostile.markup)
    expect(await byId(testIds.cornerPatient).textContent()).toContain('onerror')
    await reader.analyse('chest-pneumonia')
    await reader.waitForState('findings', 'no-finding')
    await reader.findings.first().click()
    await byId(testIds.findingComment).click()
    await byId(testIds.findingCommentInput).fill(`${hostile.markup} ${hostile.direction} ${long.slice(0, 3000)}`)
    await byId(testIds.findingCommentInput).press('Enter')
    await eventually(async () => (await reader.findings.first().textContent())?.includes(hostile.markup) ?? false, true, 'the comment')
    expect(await faults()).toEqual([])
    const [panel, row] = await Promise.all([byId(testIds.findingsPanel).boundingBox(), reader.findings.first().boundingBox()])
    expect(row!.width).toBeLessThanOrEqual(panel!.width)
    for (const testId of [testIds.backToWorklist, testIds.analyseButton, testIds.viewport])
      expect(await isWithin(testId), testId).toBe(true)
    await reader.backToWorklist()
  })

  test('a name of 64 KB leaves every control in its place', async () => {
    await reader.openStudy('WWWW')
    for (const testId of [testIds.backToWorklist, testIds.analyseButton, testIds.viewport])
      expect(await isWithin(testId), testId).toBe(true)
    const [corner, viewport] = await Promise.all([byId(testIds.cornerPatient).boundingBox(), reader.viewport.boundingBox()])
    expect(corner!.width).toBeLessThanOrEqual(viewport!.width / 2)
    expect(corner!.height).toBeLessThan(100)
    expect(await byId(testIds.studyHead).locator('h1').getAttribute('title')).toMatch(/^W{1000,}$/)
    expect(await faults()).toEqual([])
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
