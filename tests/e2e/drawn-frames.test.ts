/**
 * What is on the canvases is of one picture: read back at every frame of the screen, while the reader jumps, scrolls, switches
 * series, plays and resizes, and results come in. Here 300 renders; OVERREAD_FULL=1: 10,000, or as many as
 * OVERREAD_RENDERS says.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { overread } from '../integration/cli/overread'
import { writeIdentityPackage } from '../integration/inference/tiny-packages'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { cells, codedPicture, codes, seriesCount, slicesPerSeries } from './coded-pictures'
import { eventually, Reader } from './reader'

const renders = Number(process.env.OVERREAD_RENDERS ?? (process.env.OVERREAD_FULL === '1' ? 10_000 : 300))
const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  for (let series = 0; series < seriesCount; series++)
    for (let slice = 0; slice < slicesPerSeries; slice++) writeFileSync(join(files, `${series}-${slice}.dcm`), codedPicture(series, slice))
  const pack = join(files, '..', `${files.split('/').at(-1)}-package`)
  writeIdentityPackage(pack, 64)
  const { code, stderr } = await overread('models', 'add', pack, '--archive', archive.folder)
  rmSync(pack, { recursive: true })
  expect(code, stderr).toBe(0)
  running = await startApp(archive.folder, [files])
  reader = new Reader(running.page)
  // Small, as what draws without a GPU takes its time for every pixel.
  await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setSize(1024, 640))
  // A single study is opened by itself.
  await reader.waitForPicture()
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

/** The picture on the stage, and by layer the one whose marks are on it. */
type Drawn = Readonly<Record<string, string | null>> & { readonly picture: string }
interface Seen {
  /** Of the screen. */
  readonly frames: number
  readonly withMarks: number
  readonly renders: number
  /** Pictures whose marks were seen. */
  readonly marked: number
  readonly faults: readonly string[]
}

/** Reads the canvases at each frame and acts between them, within the page; until so many renders were made. */
const watch = (plan: { renders: number; cells: number; codes: Readonly<Record<string, number>>; ids: Record<string, string> }) =>
  running.page.evaluate(async ({ renders, cells, codes, ids }): Promise<Seen> => {
    const byId = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
    const viewport = byId(ids.viewport)!
    const small = new OffscreenCanvas(cells, cells).getContext('2d', { willReadFrequently: true })!
    small.imageSmoothingEnabled = false

    /** The number in the cells: `lit` says whether a pixel is marked. Null: nothing is there; -1: no number. */
    const codeOn = (canvas: HTMLCanvasElement | null, lit: (data: Uint8ClampedArray, at: number) => boolean): number | null => {
      if (!canvas || canvas.hidden || canvas.width === 0 || canvas.height === 0) return null
      const length = Math.min(canvas.width, canvas.height)
      small.clearRect(0, 0, cells, cells)
      small.drawImage(canvas, (canvas.width - length) / 2, (canvas.height - length) / 2, length, length, 0, 0, cells, cells)
      const { data } = small.getImageData(0, 0, cells, cells)
      let [first, second, any] = [0, 0, false]
      for (let cell = 0; cell < cells * cells; cell++) {
        if (!lit(data, cell * 4)) continue
        any = true
        if (cell < 8) first |= 1 << cell
        else second |= 1 << (cell - 8)
      }
      if (!any) return null
      return first === (~second & 255) ? first : -1
    }
    const grey = (data: Uint8ClampedArray, at: number) => data[at + 3] > 0 && data[at] > 128
    const ink = (data: Uint8ClampedArray, at: number) => data[at + 3] > 8

    let state = 11
    /** 0 to 1, of a fixed sequence (Lehmer). */
    const chance = () => (state = (state * 48271) % 2147483647) / 2147483647
    const press = (key: string) => viewport.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    const acts = [
      () => {
        const notches = 1 + Math.floor(chance() * 6)
        const down = chance() < 0.5
        for (let notch = 0; notch < notches; notch++)
          viewport.dispatchEvent(new WheelEvent('wheel', { deltaY: down ? 100 : -100, bubbles: true, cancelable: true }))
      },
      () => {
        const bar = byId(ids.sliceBar)
        const { left, top, width } = bar!.getBoundingClientRect()
        const clientX = left + chance() * width
        bar!.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY: top + 2, buttons: 1, bubbles: true }))
      },
      () => press(chance() < 0.5 ? 'Home' : 'End'),
      () => press('ArrowDown'),
      () => {
        if (chance() < 0.3) press(' ')
      },
      () => {
        const items = document.querySelectorAll<HTMLElement>(`[data-testid="${ids.seriesItem}"]`)
        if (chance() < 0.4) items[Math.floor(chance() * items.length)]?.click()
      },
    ]

    const record = globalThis as { __overreadDrawn?: Drawn[] }
    record.__overreadDrawn = []
    const drawn = () => record.__overreadDrawn ?? []
    const faults: string[] = []
    const marked = new Set<number>()
    let [frames, withMarks, counted] = [0, 0, 0]
    while (counted < renders) {
      await new Promise((done) => requestAnimationFrame(done))
      frames++
      const last = drawn().at(-1)
      counted += drawn().length
      for (const { picture, ...layers } of drawn())
        for (const [layer, owner] of Object.entries(layers))
          if (owner !== null && owner !== picture) faults.push(`${picture} under ${layer} of ${owner}`)
      if (last) record.__overreadDrawn = []
      const blank = viewport.dataset.picture === ''
      const picture = blank ? null : codeOn(viewport.querySelector<HTMLCanvasElement>('.stage canvas'), grey)
      const heat = codeOn(byId(ids.heatCanvas) as HTMLCanvasElement, ink)
      const lines = codeOn(byId(ids.overlayCanvas) as HTMLCanvasElement, ink)
      if (heat !== null || lines !== null) {
        withMarks++
        if (picture !== null) marked.add(picture)
      }
      for (const [layer, code] of [
        ['heat', heat],
        ['lines', lines],
      ] as const)
        // prettier-ignore
        if (code !== null && code !== picture) faults.push(`frame ${frames}: ${layer} of ${code} over ${picture}`)
      if (last && last.picture !== '' && !blank && picture !== codes[last.picture])
        faults.push(`frame ${frames}: ${picture} on the stage, ${codes[last.picture]} on record`)
      // Between frames, as a hand does; some frames give what was asked for time to come.
      if (chance() < 0.7) acts[Math.floor(chance() * acts.length)]()
      else await new Promise((done) => setTimeout(done, chance() * 60))
    }
    return { frames, withMarks, renders: counted, marked: marked.size, faults: faults.slice(0, 20) }
  }, plan)

test(`${renders} renders: the marks that are seen are those of the picture that is seen`, { timeout: renders * 400 }, async () => {
  await reader.analyse('tiny')
  await reader.waitForState('findings')
  let watching = true
  const { viewport, sliceBar, seriesItem, heatCanvas, overlayCanvas } = testIds
  const seen = watch({ renders, cells, codes, ids: { viewport, sliceBar, seriesItem, heatCanvas, overlayCanvas } }).finally(
    () => (watching = false),
  )
  // Meanwhile the window changes its size and further results come in.
  for (let round = 0; watching; round++) {
    await running.app.evaluate(
      ({ BrowserWindow }, wide) => BrowserWindow.getAllWindows()[0].setSize(wide ? 1120 : 1024, wide ? 700 : 640),
      round % 2 === 1,
    )
    if (round % 5 === 0) await reader.analyse('tiny', 'study').catch(() => {})
    await new Promise((done) => setTimeout(done, 1000))
  }
  const { frames, withMarks, marked, faults, ...counts } = await seen
  console.log(`${counts.renders} renders, ${frames} frames of the screen, ${withMarks} of them with marks, of ${marked} pictures`)
  expect(faults).toEqual([])
  expect(withMarks).toBeGreaterThan(frames / 10)
  expect(marked).toBeGreaterThan(slicesPerSeries)
  await reader.press('Home')
  await eventually(() => reader.viewport.getAttribute('data-state'), 'shown', 'the viewport at the end')
  expect(running.errors).toEqual([])
})
