/** The self-check in the app: by its command, with a table in which nothing fails. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'

const archive = temporaryArchive()
let running: RunningApp

beforeAll(async () => void (running = await startApp(archive.folder)))
afterAll(async () => {
  await running?.close()
  archive.remove()
})

test('every row that this machine can have has passed', async () => {
  const { page } = running
  await page.keyboard.press('Control+K')
  await page.getByTestId(testIds.paletteInput).fill('Self-check')
  await page.keyboard.press('Enter')
  await page.locator(`[data-testid="${testIds.selfCheckStatus}"][data-phase="done"]`).waitFor({ timeout: 120_000 })
  const rows = await page
    .getByTestId(testIds.selfCheckRow)
    .evaluateAll((found) => found.map((row) => [row.getAttribute('data-kind'), row.getAttribute('data-state'), row.textContent]))
  expect(rows.filter(([, state]) => state === 'failed')).toEqual([])
  const passed = new Set(rows.filter(([, state]) => state === 'passed').map(([kind]) => kind))
  expect(passed).toEqual(new Set(['decoder', 'lut', 'archive', 'model']))
  await page.getByTestId(testIds.selfCheckRun).waitFor()
})
