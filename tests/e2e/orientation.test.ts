/** The patient's left is left: marks in the picture and the letters beside them agree, however the patient lay and the view is turned. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { canvasPixels, displayStage } from './display-compare'
import { allCases, knownCases, markedEdges, markedPicture, seriesUidOf, type MarkedSide } from './marked-pictures'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-marked-'))
const fileOf = (index: number) => join(files, `${index}.dcm`)
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  allCases.forEach((_case, index) => writeFileSync(fileOf(index), markedPicture(index)))
  running = await startApp(archive.folder, [files])
  reader = new Reader(running.page)
  await reader.waitForPicture()
  await eventually(() => running.page.getByTestId(testIds.seriesItem).count(), allCases.length, 'series of the study')
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

const itemOf = (index: number) => running.page.locator(`[data-testid="${testIds.seriesItem}"][data-series-uid="${seriesUidOf(index)}"]`)

async function open(index: number): Promise<void> {
  await itemOf(index).click()
  await eventually(() => reader.viewport.getAttribute('data-picture'), `${seriesUidOf(index)}.1#0`, 'the picture of the series')
}

async function letters(): Promise<Record<string, string>> {
  const ids = {
    top: testIds.orientationTop,
    right: testIds.orientationRight,
    bottom: testIds.orientationBottom,
    left: testIds.orientationLeft,
  }
  const read = Object.entries(ids).map(async ([edge, id]) => [edge, (await running.page.getByTestId(id).textContent()) ?? ''] as const)
  return Object.fromEntries(await Promise.all(read))
}

/** Which edge of the viewport each mark is at, by the pixels of the canvas. */
async function marks(): Promise<Partial<Record<MarkedSide, string>>> {
  const { width, height, rgba } = await canvasPixels(reader, 4)
  return markedEdges(width, height, (x, y) => rgba[(y * width + x) * 4])
}

const cornerWords = async () => (await running.page.getByTestId(testIds.cornerWindow).textContent()) ?? ''

const turns = [
  { keys: [], words: [] },
  { keys: ['x'], words: ['flipped'] },
  { keys: ['r'], words: ['flipped', 'rotated 90°'] },
  { keys: ['r'], words: ['flipped', 'rotated 180°'] },
  { keys: ['x'], words: ['rotated 180°'] },
  { keys: ['r'], words: ['rotated 270°'] },
] as const

/** What the corner says of the view, in its order. */
const turnWords = async () => (await cornerWords()).match(/flipped|rotated \d+°/g) ?? []

describe.sequential('where it is known', () => {
  test.each(knownCases.map(({ name }, index) => [name, index] as const))('%s', async (_name, index) => {
    await open(index)
    let upright: Partial<Record<MarkedSide, string>> = {}
    let before = ''
    for (const { keys, words } of turns) {
      for (const key of keys) await reader.press(key)
      await eventually(async () => (await turnWords()).join(), words.join(), 'what the corner says of the view')
      // The picture follows in the next render: it moved, unless nothing was asked.
      await eventually(async () => JSON.stringify(await marks()) !== before, true, 'the marks after a turn')
      const found = await marks()
      before = JSON.stringify(found)
      if (keys.length === 0) upright = found
      const said = await letters()
      expect(Object.keys(found).length).toBeGreaterThanOrEqual(2)
      for (const [side, edge] of Object.entries(found)) {
        expect(said[edge][0], `the letter beside the mark of ${side}`).toBe(side)
        const [opposite] = said[{ left: 'right', right: 'left', top: 'bottom', bottom: 'top' }[edge]!]
        expect(opposite).toBe({ L: 'R', A: 'P', H: 'F' }[side])
      }
    }
    // The small picture of the series and the one that is written to a file are as the file has it.
    const thumbnail = await itemOf(index)
      .locator('canvas')
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        return {
          width: canvas.width,
          height: canvas.height,
          rgba: [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data],
        }
      })
    expect(markedEdges(thumbnail.width, thumbnail.height, (x, y) => thumbnail.rgba[(y * thumbnail.width + x) * 4])).toEqual(upright)
    const { facts, bytes } = displayStage(fileOf(index))
    expect(markedEdges(facts.columns, facts.rows, (x, y) => bytes[y * facts.columns + x])).toEqual(upright)
    for (const [side, edge] of Object.entries(upright)) expect(facts.edges[edge as keyof typeof facts.edges][0]).toBe(side)
  })

  test('what was turned is upright again in another series, and when the study is opened anew', async () => {
    await open(0)
    await reader.press('r')
    await eventually(async () => (await turnWords()).join(), 'rotated 90°', 'what the corner says of the view')
    await open(1)
    await eventually(async () => (await turnWords()).join(), '', 'what the corner says of another series')
    expect(await letters()).toEqual({ top: 'P', right: 'R', bottom: 'A', left: 'L' })
    await reader.press('x')
    await eventually(async () => (await turnWords()).join(), 'flipped', 'what the corner says of the view')
    await reader.backToWorklist()
    await reader.openStudy('MARKED')
    await eventually(async () => (await turnWords()).join(), '', 'what the corner says of the study opened anew')
    const said = await letters()
    for (const [side, edge] of Object.entries(await marks())) expect(said[edge][0]).toBe(side)
  })
})

describe.sequential('where it is not, there is no letter', () => {
  const unknown = allCases.map(({ name }, index) => [name, index] as const).slice(knownCases.length)
  const none = { top: '', right: '', bottom: '', left: '' }

  test.each(unknown)('%s', async (_name, index) => {
    await open(index)
    expect(Object.keys(await marks()).length).toBe(2)
    expect(await letters()).toEqual(none)
    await reader.press('r')
    await reader.press('x')
    await eventually(async () => (await turnWords()).join(), 'flipped,rotated 270°', 'what the corner says of the view')
    expect(await letters()).toEqual(none)
    expect(displayStage(fileOf(index)).facts.edges).toEqual(none)
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
