/** A series of several kinds of pictures in the real app: its stacks in the strip, each with its reason, and what is odd about it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { buildObject, pictureElements } from '../samples/build-object'
import { hasSharedData, sharedData } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const folder = mkdtempSync(join(tmpdir(), 'overread-stacks-'))
const side = 64
let running: RunningApp
let reader: Reader

/** A single study is opened as soon as it is imported; a second one leaves the reader at the worklist. */
function writeOtherStudy(): void {
  const elements = pictureElements(
    { rows: side, columns: side, bitsAllocated: 16 },
    [0x7fe00010, 'OW', new Uint8Array(side * side * 2)],
    [
      [0x00080018, 'UI', '2.25.78.1'],
      [0x00080060, 'CS', 'MR'],
      [0x00100010, 'PN', 'Stacks^Other'],
      [0x0020000d, 'UI', '2.25.78.2'],
      [0x0020000e, 'UI', '2.25.78.3'],
    ],
  )
  writeFileSync(join(folder, 'series', 'other.dcm'), buildObject(elements))
}

/** Four places, the last further away, each with two echoes, and three pictures of another plane. */
function writeSeries(): void {
  mkdirSync(join(folder, 'series'))
  const places = [0, 5, 10, 18].flatMap((z) => [12, 90].map((echo) => ({ position: [0, 0, z], orientation: [1, 0, 0, 0, 1, 0], echo })))
  const coronal = [0, 4, 8].map((y) => ({ position: [0, y, 0], orientation: [1, 0, 0, 0, 0, -1], echo: 12 }))
  for (const [index, { position, orientation, echo }] of [...places, ...coronal].entries()) {
    const pixels = new Uint16Array(side * side).map((_, at) => ((at % side) * 8 + echo * 4) & 0xfff)
    const elements = pictureElements(
      { rows: side, columns: side, bitsAllocated: 16 },
      [0x7fe00010, 'OW', new Uint8Array(pixels.buffer)],
      [
        [0x00080018, 'UI', `2.25.77.${index + 1}`],
        [0x00080060, 'CS', 'MR'],
        [0x0008103e, 'LO', 'Two echoes'],
        [0x00100010, 'PN', 'Stacks^Test'],
        [0x00180081, 'DS', String(echo)],
        [0x00200013, 'IS', String(index + 1)],
        [0x00200032, 'DS', position.join('\\')],
        [0x00200037, 'DS', orientation.join('\\')],
        [0x00280030, 'DS', '1\\1'],
      ],
    )
    writeFileSync(join(folder, 'series', `${index}.dcm`), buildObject(elements))
  }
}

beforeAll(async () => {
  writeSeries()
  writeOtherStudy()
  const mosaic = join(sharedData, 'dicom/dcm-qa/dcm_qa_nih/In/20180918Si/mr_0003/epi_pe_ap-00001.dcm')
  running = await startApp(archive.folder, [join(folder, 'series'), ...(hasSharedData ? [mosaic] : [])])
  reader = new Reader(running.page)
  await reader.waitForStudies(hasSharedData ? 3 : 2)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(folder, { recursive: true, force: true })
})

const items = () => running.page.getByTestId(testIds.seriesItem)

describe('a series of two echoes and two planes', { concurrent: false }, () => {
  test('is three stacks, each named by what sets it apart', async () => {
    await reader.openStudy('Stacks, Test')
    const stacks = await items().evaluateAll((elements) => elements.map((element) => (element as HTMLElement).dataset.stack))
    expect(stacks).toEqual(['axial, TE 12 ms', 'axial, TE 90 ms', 'coronal'])
    expect(await items().nth(1).textContent()).toContain('4 images')
  })

  test('each opens with its own slices', async () => {
    await items().nth(2).click()
    await eventually(
      async () => (await running.page.getByTestId(testIds.orientationTop).textContent()) ?? '',
      'H',
      'top of the coronal stack',
    )
    expect(await running.page.getByTestId(testIds.cornerSlice).textContent()).toContain('/ 3')
    await items().nth(1).click()
    await eventually(
      async () => (await running.page.getByTestId(testIds.orientationTop).textContent()) ?? '',
      'A',
      'top of the axial stack',
    )
    expect(await running.page.getByTestId(testIds.cornerSlice).textContent()).toContain('/ 4')
  })

  test('the uneven gap is said, and that the slices are no volume', async () => {
    await running.page.getByTestId(testIds.seriesNotes).click()
    const text = await running.page.getByTestId(testIds.seriesNotesPanel).textContent()
    expect(text).toContain('The distance from slice to slice is not the same: 5.00 to 8.00 mm.')
    expect(text).toContain('no volume')
    await running.page.keyboard.press('Escape')
    expect(await running.page.getByTestId(testIds.seriesNotesPanel).count()).toBe(0)
  })

  test('where nothing is odd, nothing is said', async () => {
    await items().nth(2).click()
    await reader.waitForPicture()
    expect(await running.page.getByTestId(testIds.seriesNotes).count()).toBe(0)
  })
})

describe.skipIf(!hasSharedData)('a mosaic', { concurrent: false }, () => {
  test('is read slice by slice, in millimetres along the normal', async () => {
    await reader.backToWorklist()
    await reader.rows.filter({ hasNotText: 'Stacks' }).first().dblclick()
    await reader.waitForPicture()
    expect(await running.page.getByTestId(testIds.cornerSlice).textContent()).toContain('/ 5')
    const before = await running.page.getByTestId(testIds.cornerSlice).textContent()
    await reader.press('ArrowDown')
    await eventually(
      async () => (await running.page.getByTestId(testIds.cornerSlice).textContent()) !== before,
      true,
      'another slice of the mosaic',
    )
    await reader.waitForPicture()
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
