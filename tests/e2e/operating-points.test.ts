/** A site sets its own operating point on the model's card; from then on the finding says so, also after a restart. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PictureModel } from '../../contracts/model-package'
import { thresholdWords } from '../../contracts/operating-points'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'
import { violations } from './violations'

const modelId = 'brain-flair-abnormality'
const packageOf = (id: string) => JSON.parse(readFileSync(join(repository, 'models', id, 'model.json'), 'utf8')) as PictureModel
const ofPackage = thresholdWords(packageOf(modelId).operatingPoints[0].threshold)
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

const card = () => running.page.locator(`[data-testid="${testIds.modelCard}"][data-model-id="${modelId}"]`)
const inCard = (testId: string) => card().getByTestId(testId)
const note = () => running.page.getByTestId(testIds.pointNote)

async function openModels(): Promise<void> {
  await running.page.keyboard.press('Control+K')
  await running.page.getByTestId(testIds.paletteInput).fill('Models')
  await running.page.keyboard.press('Enter')
  await inCard(testIds.points).waitFor()
  await eventually(async () => (await inCard(testIds.points).getAttribute('data-source')) !== '', true, 'the point in force')
}

async function openHead(): Promise<void> {
  await reader.waitForStudies(2)
  await reader.openStudy('HEAD')
}

describe.sequential('an operating point of the site', () => {
  test("without one a finding stands at the package's point", async () => {
    await running.page.getByTestId(testIds.openExample).first().click()
    await openHead()
    await reader.analyse(modelId)
    expect(await reader.waitForState('findings', 'failed', 'refused')).toBe('findings')
    const words = await reader.findings.first().textContent()
    expect(words).toContain(`above ${ofPackage}`)
    expect(words).not.toContain('site setting')
    expect(await note().count()).toBe(0)
  })

  test('what is no threshold cannot be set; the card says why', async () => {
    await openModels()
    expect(await inCard(testIds.points).getAttribute('data-source')).toBe('package')
    await inCard(testIds.pointThreshold).fill('1.2')
    expect(await inCard(testIds.pointThreshold).getAttribute('aria-invalid')).toBe('true')
    expect(await card().textContent()).toContain('A number from 0 to 1')
    expect(await inCard(testIds.pointSet).count()).toBe(0)
  })

  test('by keyboard alone a threshold is typed, explained and set', async () => {
    await inCard(testIds.pointThreshold).fill('')
    await running.page.keyboard.type('0.3')
    expect(await card().textContent()).toContain('Not measured at this threshold; run evaluate on your own data.')
    await running.page.keyboard.press('Tab')
    await running.page.keyboard.type('small lesions matter here')
    await running.page.keyboard.press('Tab')
    expect(await running.page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Use 0.30 at this site')
    await running.page.keyboard.press('Enter')
    await eventually(() => inCard(testIds.points).getAttribute('data-source'), 'site', 'source of the point')
    expect(await inCard(testIds.pointSite).textContent()).toBe('Site setting')
    await inCard(testIds.pointHistory).locator('summary').click()
    const history = await inCard(testIds.pointHistory).textContent()
    expect(history).toContain(`${ofPackage} to 0.30`)
    expect(history).toContain('small lesions matter here')
    expect(await violations(running.page)).toEqual([])
  })

  test('by arrow keys a point that the package names is chosen, with what was measured there', async () => {
    const chest = running.page.locator(`[data-testid="${testIds.modelCard}"][data-model-id="chest-pneumonia"]`)
    expect(await chest.textContent()).toMatch(/Patients\s*of 1 to 5 years/)
    const [first, second] = packageOf('chest-pneumonia').operatingPoints
    await chest.locator(`[data-testid="${testIds.pointNamed}"][data-name="${first.name}"]`).focus()
    expect(await chest.getByTestId(testIds.pointSet).count()).toBe(0)
    await running.page.keyboard.press('ArrowDown')
    expect(await chest.getByTestId(testIds.pointSet).textContent()).toBe(`Use ${thresholdWords(second.threshold)} at this site`)
    await chest.getByTestId(testIds.pointSet).focus()
    await running.page.keyboard.press('Space')
    await eventually(() => chest.getByTestId(testIds.points).getAttribute('data-source'), 'site', 'source of the point')
    expect(await chest.getByRole('row', { name: second.name }).textContent()).toContain('in force')
    expect(await inCard(testIds.pointThreshold).inputValue()).toBe('0.30')
  })

  test('a result that is there keeps its point and says so; analysed again it has that of the site', async () => {
    await running.page.keyboard.press('Escape')
    await reader.waitForPicture()
    await note().waitFor()
    expect(await note().textContent()).toContain(`Made at ${ofPackage}; this site now uses 0.30.`)
    expect(await reader.findings.first().textContent()).toContain(`above ${ofPackage}`)
    await note().getByRole('button').click()
    await eventually(
      async () => (await reader.findings.first().textContent())?.includes('above 0.30, site setting') ?? false,
      true,
      'the finding',
    )
    expect(await note().count()).toBe(0)
    expect(await running.page.getByTestId(testIds.resultFacts).textContent()).toContain('0.30, site setting')
    expect(await running.page.getByTestId(testIds.findingsState).textContent()).toContain('0.30, site setting')
    expect(await violations(running.page)).toEqual([])
  })

  test("after a restart all of it is there, and the package's point can be set back", async () => {
    await running.close()
    running = await startApp(archive.folder)
    reader = new Reader(running.page)
    await openHead()
    await eventually(
      async () => (await reader.findings.first().textContent())?.includes('above 0.30, site setting') ?? false,
      true,
      'the finding',
    )
    await openModels()
    expect(await inCard(testIds.pointThreshold).inputValue()).toBe('0.30')
    await inCard(testIds.pointBack).click()
    await eventually(() => inCard(testIds.points).getAttribute('data-source'), 'package', 'source of the point')
    await running.page.keyboard.press('Escape')
    await note().waitFor()
    expect(await note().textContent()).toContain(`Made at 0.30, site setting; the package's ${ofPackage} is in force.`)
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
