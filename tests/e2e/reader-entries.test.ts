/** What the reader enters beside decisions: missed by the network, agreed that nothing is found; kept, undone, counted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReaderEntry } from '../../contracts/reader-entries'
import { testIds } from '../../contracts/test-ids'
import { everything } from '../unit/archive/fixtures'
import { headStudy, patientOf } from '../samples/head-studies'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { readBeside } from './prepared-archive'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
const modelId = 'brain-flair-abnormality'
/** Square, of this many pixels a side. */
const side = 256
/** Below the lesion: nothing is found; around it: something is. */
const [clean, lesion] = [1, 2]
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  const write = (number: number, first: number, count: number) =>
    headStudy(number, first, count).forEach((bytes, index) => writeFileSync(join(files, `${number}-${index}.dcm`), bytes))
  write(clean, 3, 4)
  // The whole head: its middle alone is unlike what the network was trained on.
  write(lesion, 0, 24)
  running = await startApp(archive.folder, [files])
  reader = new Reader(running.page)
  await reader.waitForStudies(2)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

const byId = (testId: string) => running.page.getByTestId(testId)
const open = (number: number) => reader.openStudy(patientOf(number).id)
const rowOf = (number: number) => reader.rows.filter({ hasText: patientOf(number).id })
const rowSays = (number: number, words: string) =>
  eventually(async () => (await rowOf(number).textContent())?.includes(words) ?? false, true, `"${words}" in the worklist`)
const entriesOf = (number: number): ReaderEntry[] =>
  readBeside(archive.folder, (beside) => {
    const [{ studyKey }] = beside.listStudies({ ...everything, search: patientOf(number).id }).rows
    return beside.listResults(studyKey).entries
  })
const kindsOf = (number: number) => entriesOf(number).map(({ kind }) => kind)

/** Where a picture point lies on the screen while the whole picture fits: pixels are square. */
async function onScreen(column: number, row: number): Promise<[number, number]> {
  const { x, y, width, height } = (await reader.viewport.boundingBox())!
  const scale = Math.min(width, height) / side
  return [x + width / 2 + (column - side / 2) * scale, y + height / 2 + (row - side / 2) * scale]
}

async function tealPixels(): Promise<number> {
  return byId(testIds.entryCanvas).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let teal = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] > 200 && Math.abs(data[at] - 0x35) < 12 && Math.abs(data[at + 1] - 0xd0) < 12 && Math.abs(data[at + 2] - 0xba) < 12)
        teal++
    return teal
  })
}

/** What is on the canvas is said to belong to the picture that is shown; an outline while it is dragged says nothing yet. */
async function ofItsPicture(): Promise<boolean> {
  const picture = await reader.viewport.getAttribute('data-picture')
  return picture !== '' && (await byId(testIds.entryCanvas).getAttribute('data-overlay')) === picture
}

/** The mark is on the canvas, in the reader's colour, over its own picture. */
async function waitForMark(): Promise<void> {
  await eventually(async () => (await tealPixels()) > 20 && (await ofItsPicture()), true, 'the mark on the canvas of its picture')
}

async function outline(corners: readonly (readonly [number, number])[]): Promise<void> {
  const [first, ...rest] = await Promise.all(corners.map(([column, row]) => onScreen(column, row)))
  await running.page.mouse.move(...first)
  await running.page.mouse.down()
  for (const point of rest) await running.page.mouse.move(...point, { steps: 5 })
  await running.page.mouse.up()
}

describe.sequential('entries of the reader', () => {
  test('before a network has looked, it has missed nothing: the tool says so and marks nothing', async () => {
    await open(clean)
    await reader.press('w')
    await eventually(
      async () => (await byId(testIds.findingsPanel).textContent())?.includes('has not looked for findings on this picture') ?? false,
      true,
      'the reason',
    )
    await running.page.mouse.click(...(await onScreen(100, 100)))
    expect(entriesOf(clean)).toEqual([])
  })

  test('agreed: nothing found, by one key, with the very result', async () => {
    await reader.analyse(modelId)
    expect(await reader.waitForState('no-finding', 'findings', 'failed', 'refused')).toBe('no-finding')
    await reader.press('Shift+Enter')
    await reader.waitForState('agreed')
    expect(await byId(testIds.agreement).textContent()).toMatch(/^Agreed: nothing found, by ./)
    await reader.press('Shift+Enter')
    await reader.backToWorklist()
    await rowSays(clean, 'agreed: nothing found')
    expect(kindsOf(clean)).toEqual(['nothing-found'])
    await running.page.getByLabel('AI state').selectOption({ label: 'Agreed: nothing found' })
    await reader.waitForStudies(1)
    await running.page.getByLabel('AI state').selectOption({ label: 'Any AI state' })
    await reader.waitForStudies(2)
  })

  test('undo withdraws it by an entry, undone again it is entered anew; the button does the same', async () => {
    await open(clean)
    await reader.waitForState('agreed')
    await reader.press('Control+z')
    await reader.waitForState('no-finding')
    await reader.press('Control+z')
    await reader.waitForState('agreed')
    await byId(testIds.agreement).getByTestId(testIds.entryWithdraw).click()
    await reader.waitForState('no-finding')
    await byId(testIds.findingAgree).click()
    await reader.waitForState('agreed')
    expect(kindsOf(clean)).toEqual(['nothing-found', 'withdrawn', 'nothing-found', 'withdrawn', 'nothing-found'])
  })

  test('missed by the network: a click is a point of the picture, drawn over it and over no other', async () => {
    await reader.press('Home')
    await eventually(() => reader.slice(), 1, 'the first slice')
    await reader.press('w')
    await running.page.mouse.click(...(await onScreen(90, 140)))
    await waitForMark()
    const missed = entriesOf(clean).at(-1)
    expect(missed?.kind).toBe('missed')
    if (missed?.kind !== 'missed') return
    expect(`${missed.sopInstanceUid}#${missed.frameIndex}`).toBe(await reader.viewport.getAttribute('data-picture'))
    expect(missed.outline).toHaveLength(1)
    // A CSS pixel is a third of a pixel of the picture or more.
    expect(Math.hypot(missed.outline[0][0] - 90, missed.outline[0][1] - 140)).toBeLessThan(2)
    await reader.press('ArrowDown')
    await eventually(() => reader.slice(), 2, 'the next slice')
    await reader.waitForPicture()
    expect(await byId(testIds.entryCanvas).getAttribute('data-overlay')).toBe('')
    expect(await tealPixels()).toBe(0)
    await byId(testIds.missedJump).click()
    await eventually(() => reader.slice(), 1, 'the slice of the mark')
    await waitForMark()
  })

  test('the next click marks nothing, and Esc leaves the tool', async () => {
    const before = entriesOf(clean).length
    await running.page.mouse.click(...(await onScreen(60, 60)))
    await reader.press('w')
    expect(await reader.viewport.getAttribute('class')).toContain('missed')
    await reader.press('Escape')
    expect(await reader.viewport.getAttribute('class')).not.toContain('missed')
    await running.page.mouse.click(...(await onScreen(70, 70)))
    expect(await byId(testIds.missed).count()).toBe(1)
    expect(entriesOf(clean)).toHaveLength(before)
  })

  test('dragging is an outline; a network hidden leaves it, as it is no word of a network', async () => {
    await reader.backToWorklist()
    await open(lesion)
    await reader.analyse(modelId)
    expect(await reader.waitForState('no-finding', 'findings', 'failed', 'refused')).toBe('findings')
    expect(await byId(testIds.findingAgree).count()).toBe(0)
    await reader.press('w')
    const corners = [[60, 60], [90, 60], [90, 100], [60, 100]] as const // prettier-ignore
    await outline(corners)
    await waitForMark()
    await reader.press('h')
    await waitForMark()
    await reader.press('h')
    const missed = entriesOf(lesion).at(-1)
    if (missed?.kind !== 'missed') throw new Error('no miss was kept')
    expect(missed.outline.length).toBeGreaterThan(4)
    for (const [column, row] of corners)
      expect(Math.min(...missed.outline.map(([x, y]) => Math.hypot(x - column, y - row)))).toBeLessThan(3)
    for (const [column, row] of missed.outline) {
      expect(column).toBeGreaterThan(57)
      expect(column).toBeLessThan(93)
      expect(row).toBeGreaterThan(57)
      expect(row).toBeLessThan(103)
    }
    await reader.backToWorklist()
    await rowSays(lesion, ', 1 missed')
    await rowSays(clean, '1 missed by the network')
    await running.page.getByLabel('AI state').selectOption({ label: 'Missed by the network' })
    await reader.waitForStudies(2)
    await running.page.getByLabel('AI state').selectOption({ label: 'Any AI state' })
  })

  test('a mark is withdrawn by its button and by undo, each an entry', async () => {
    await open(lesion)
    await byId(testIds.missed).getByTestId(testIds.entryWithdraw).click()
    await eventually(() => byId(testIds.missed).count(), 0, 'marks')
    await eventually(tealPixels, 0, 'the mark on the canvas')
    await reader.press('Control+z')
    await eventually(() => byId(testIds.missed).count(), 1, 'marks')
    await reader.press('Control+z')
    await eventually(() => byId(testIds.missed).count(), 0, 'marks')
    expect(kindsOf(lesion)).toEqual(['missed', 'withdrawn', 'missed', 'withdrawn'])
    await reader.backToWorklist()
  })

  test('an agreement is not carried over to a newer result; a mark of the reader stays', async () => {
    await open(clean)
    await byId(testIds.missed).getByTestId(testIds.entryWithdraw).click()
    await reader.waitForState('agreed')
    await reader.press('a')
    await eventually(() => byId(testIds.agreement).count(), 0, 'the agreement with the result before')
    expect(await reader.waitForState('no-finding', 'agreed', 'failed')).toBe('no-finding')
    await reader.backToWorklist()
    await rowSays(clean, 'no finding')
  })

  test('after a restart all of it is there', async () => {
    await open(clean)
    await reader.press('w')
    await running.page.mouse.click(...(await onScreen(120, 80)))
    await eventually(() => byId(testIds.missed).count(), 1, 'marks')
    const before = [entriesOf(clean), entriesOf(lesion)]
    await running.close()
    running = await startApp(archive.folder)
    reader = new Reader(running.page)
    await rowSays(clean, '1 missed by the network')
    expect([entriesOf(clean), entriesOf(lesion)]).toEqual(before)
    await open(clean)
    await byId(testIds.missedJump).click()
    await waitForMark()
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
