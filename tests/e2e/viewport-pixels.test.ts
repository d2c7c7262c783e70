/** The canvas at 1:1 against the command line's display stage, pixel by pixel, for each way from values to grey. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { hasSharedData, sharedData } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { canvasPixels, displayStage, greatestDifference } from './display-compare'
import { greyCases, greySeriesUid, writeGreyCase } from './grey-pictures'
import { eventually, Reader } from './reader'

describe.skipIf(!hasSharedData).sequential('at one screen pixel a picture pixel the canvas shows the display stage', () => {
  test.each([
    ['a window with padding', 'cornerstone/CTImage.dcm_RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm'],
    ['a VOI LUT table', 'pydicom-data/vlut_04.dcm'],
    ['a modality LUT table', 'pydicom-data/mlut_18.dcm'],
    ['MONOCHROME1, larger than the canvas', 'pydicom-data/RG3_J2KR.dcm'],
    ['colour', 'cornerstone/TestPattern_JPEG-Lossless_RGB.dcm'],
  ])('%s', async (_what, name) => {
    const file = join(sharedData, 'dicom', name)
    const archive = temporaryArchive()
    const running = await startApp(archive.folder, [file])
    try {
      const reader = new Reader(running.page)
      await reader.waitForPicture()
      const expected = displayStage(file)
      await reader.press('Shift+F')
      await eventually(
        async () => greatestDifference(await canvasPixels(reader), expected) <= 1,
        true,
        'canvas within one grey level of the display stage',
        15_000,
      )
    } finally {
      await running.close()
      archive.remove()
    }
    expect(running.errors).toEqual([])
  })
})

describe.sequential('and of every way from values to grey or colour that a file may name', () => {
  const archive = temporaryArchive()
  const files = mkdtempSync(join(tmpdir(), 'overread-grey-'))
  let running: RunningApp
  let reader: Reader

  beforeAll(async () => {
    greyCases.forEach((_case, index) => writeFileSync(join(files, `${index}.dcm`), writeGreyCase(index)))
    running = await startApp(archive.folder, [files])
    reader = new Reader(running.page)
    await reader.waitForPicture()
    await eventually(() => running.page.getByTestId(testIds.seriesItem).count(), greyCases.length, 'series of the study')
  })
  afterAll(async () => {
    await running?.close()
    archive.remove()
    rmSync(files, { recursive: true, force: true })
  })

  test.each(greyCases.map(({ name }, index) => [name, index] as const))('%s', async (_name, index) => {
    const expected = displayStage(join(files, `${index}.dcm`))
    // A flat picture would agree with anything.
    expect(new Set(expected.bytes).size).toBeGreaterThan(greyCases[index].levels ?? 60)
    await running.page.locator(`[data-testid="${testIds.seriesItem}"][data-series-uid="${greySeriesUid(index)}"]`).click()
    await eventually(() => reader.viewport.getAttribute('data-picture'), `${greySeriesUid(index)}.1#0`, 'the picture of the series')
    await reader.press('Shift+F')
    await eventually(
      async () => greatestDifference(await canvasPixels(reader), expected) <= 1,
      true,
      'canvas within one grey level of the display stage',
      15_000,
    )
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
