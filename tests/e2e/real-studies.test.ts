/** The main path on pictures nobody here made: a FLAIR head with a lesion and chest films. */
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
  running = await startApp(archive.folder, [join(sharedData, 'studies/flair_head_derived'), join(sharedData, 'studies/cxr')])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

describe.skipIf(!hasSharedData)('real studies', { concurrent: false }, () => {
  test('are imported from the paths named at the start', async () => {
    await reader.waitForStudies(5)
    await eventually(async () => running.page.getByTestId(testIds.importBar).getAttribute('data-state'), 'done', 'state of the import')
  })

  test('the lesion of the FLAIR series is outlined and measured', async () => {
    await reader.openStudy('FLAIR')
    await reader.analyse('brain-flair-abnormality')
    expect(await reader.waitForState('findings', 'no-finding', 'failed', 'refused')).toBe('findings')
    const largest = reader.findings.first()
    expect(await largest.textContent()).toMatch(/\d+(\.\d+)? ml/)
    await largest.click()
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).amber > 50, true, 'amber outline on the canvas')
    await reader.press('Enter')
    await eventually(() => largest.getAttribute('data-verdict'), 'accepted', 'verdict')
  })

  test('both chest networks answer for a film', async () => {
    await reader.backToWorklist()
    await reader.openStudy('NIH-CXR14')
    await reader.analyse('chest-lungs')
    expect(await reader.waitForState('structures', 'findings', 'no-finding', 'failed', 'refused')).toBe('structures')
    await eventually(async () => (await reader.painted(testIds.overlayCanvas)).amber > 200, true, 'outline of the lungs')
    await reader.analyse('chest-pneumonia')
    await eventually(
      async () => /pneumonia/i.test((await reader.findings.allTextContents()).join()),
      true,
      'a score of the pneumonia network',
    )
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
