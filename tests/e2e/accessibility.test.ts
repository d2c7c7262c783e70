/** The screens by axe: names, roles, contrast. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { Reader } from './reader'
import { violations } from './violations'

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

describe.sequential('accessibility', () => {
  test('empty worklist', async () => {
    await running.page.getByTestId(testIds.openExample).first().waitFor()
    expect(await violations(running.page)).toEqual([])
  })
  test('worklist with studies', async () => {
    await running.page.getByTestId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
    expect(await violations(running.page)).toEqual([])
  })
  test('reading', async () => {
    await reader.openStudy('HEAD')
    expect(await violations(running.page)).toEqual([])
  })
})
