/** The screens by axe: names, roles, contrast. */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { Reader } from './reader'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
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

/** What axe finds, a line each. */
async function violations(): Promise<string[]> {
  await running.page.evaluate(axe)
  return running.page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
  })
}

describe.sequential('accessibility', () => {
  test('empty worklist', async () => {
    await running.page.getByTestId(testIds.openExample).first().waitFor()
    expect(await violations()).toEqual([])
  })
  test('worklist with studies', async () => {
    await running.page.getByTestId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
    expect(await violations()).toEqual([])
  })
  test('reading', async () => {
    await reader.openStudy('HEAD')
    expect(await violations()).toEqual([])
  })
})
