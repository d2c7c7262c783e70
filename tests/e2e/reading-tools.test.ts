/** Overlays of the file, measurements and the mouse, on a picture whose every pixel and mark is known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { buildObject, pictureElements, type SampleElement } from '../samples/build-object'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { dropFiles } from './drop-files'
import { eventually, Reader } from './reader'

// Rows 2 mm apart, columns 0.5 mm: the picture is 50 mm wide and 80 mm high.
const [rows, columns, frames] = [40, 100, 3]
const [widthMm, heightMm] = [50, 80]
/** A plane that begins above and left of the picture, on the frames 2 and 3: set pixels as [row, column] of the plane. */
const marks = [[0, 0], [3, 2], [5, 5], [6, 1]] as const // prettier-ignore
const [planeRows, planeColumns, firstRow, firstColumn] = [8, 7, -3, -2]

function picture(): Uint8Array {
  const planeBits = new Uint8Array((planeRows * planeColumns * 2) / 8)
  for (const frame of [0, 1]) {
    for (const [row, column] of marks) {
      const bit = (frame * planeRows + row) * planeColumns + column
      planeBits[bit >> 3] |= 1 << (bit & 7)
    }
  }
  // The value of a pixel is its row; the lower frame numbers are darker by nothing: all three are alike.
  const values = Array.from({ length: rows * columns * frames }, (_, index) => Math.floor(index / columns) % rows)
  const extra: SampleElement[] = [
    [0x00100010, 'PN', 'Tools^Test'],
    [0x00100020, 'LO', 'TOOLS'],
    [0x00080060, 'CS', 'OT'],
    [0x00280030, 'DS', '2\\0.5'],
    [0x00281050, 'DS', '20\\30'],
    [0x00281051, 'DS', '40\\10'],
    [0x00281055, 'LO', 'WIDE\\NARROW'],
    [0x00281056, 'CS', 'LINEAR_EXACT'],
    [0x60000010, 'US', [planeRows]],
    [0x60000011, 'US', [planeColumns]],
    [0x60000015, 'IS', '2'],
    [0x60000040, 'CS', 'G'],
    [0x60000050, 'SS', [firstRow + 1, firstColumn + 1]],
    [0x60000051, 'US', [2]],
    [0x60000100, 'US', [1]],
    [0x60000102, 'US', [0]],
    [0x60003000, 'OB', planeBits],
  ]
  return buildObject(pictureElements({ rows, columns, bitsAllocated: 16, bitsStored: 12, frames }, [0x7fe00010, 'OW', values], extra))
}

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  writeFileSync(join(files, 'tools.dcm'), picture())
  running = await startApp(archive.folder, [join(files, 'tools.dcm')])
  reader = new Reader(running.page)
  await reader.waitForPicture()
  await reader.press('End')
  await eventually(() => reader.slice(), frames, 'the last frame')
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

const byId = (testId: string) => running.page.getByTestId(testId)
const words = async (testId: string) => (await byId(testId).allTextContents()).join(' | ')

/** Where a picture point lies in the viewport when the whole picture fits, from the corner of its first pixel; CSS pixels. */
async function placed(column: number, row: number, turned = false): Promise<[number, number]> {
  const { width, height } = (await reader.viewport.boundingBox())!
  const scale = turned ? Math.min(width / heightMm, height / widthMm) : Math.min(width / widthMm, height / heightMm)
  const [x, y] = [(column * 0.5 - widthMm / 2) * scale, (row * 2 - heightMm / 2) * scale]
  // A quarter turn clockwise takes right to down and down to left.
  return turned ? [width / 2 - y, height / 2 + x] : [width / 2 + x, height / 2 + y]
}

async function onScreen(column: number, row: number): Promise<[number, number]> {
  const box = (await reader.viewport.boundingBox())!
  const [x, y] = await placed(column, row)
  return [box.x + x, box.y + y]
}

/** RGBA of a canvas of ours at points in CSS pixels. */
const pixelsAt = (testId: string, points: readonly (readonly [number, number])[]) =>
  byId(testId).evaluate((element, wanted) => {
    const canvas = element as HTMLCanvasElement
    const ratio = canvas.width / canvas.clientWidth
    const context = canvas.getContext('2d')!
    return wanted.map(([x, y]) => [...context.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data])
  }, points)

/** Which pixels of the plane are set on the canvas, asked at the centre of each that lies within it. */
async function planeOnCanvas(turned = false): Promise<{ shown: string[]; expected: string[] }> {
  const { width, height } = (await reader.viewport.boundingBox())!
  const shown: string[] = []
  const expected: string[] = []
  const cells = Array.from(
    { length: planeRows * planeColumns },
    (_, index) => [Math.floor(index / planeColumns), index % planeColumns] as const,
  )
  const points = await Promise.all(cells.map(([row, column]) => placed(column + firstColumn + 0.5, row + firstRow + 0.5, turned)))
  const colours = await pixelsAt(testIds.planeCanvas, points)
  cells.forEach(([row, column], index) => {
    const [x, y] = points[index]
    if (x < 1 || y < 1 || x > width - 1 || y > height - 1) return
    const [red, green, blue, alpha] = colours[index]
    if (alpha > 0) shown.push(`${row},${column} ${red > 200 && green > 200 && blue > 200 && alpha > 200 ? 'light' : 'other'}`)
    if (marks.some(([r, c]) => r === row && c === column)) expected.push(`${row},${column} light`)
  })
  return { shown, expected }
}

describe.sequential('the overlay of the file', () => {
  test('lies on its pixels, beside the picture too, and nowhere else', async () => {
    await eventually(async () => (await reader.painted(testIds.planeCanvas)).pixels > 0, true, 'the overlay on the canvas')
    const { shown, expected } = await planeOnCanvas()
    expect(expected.length).toBeGreaterThanOrEqual(3)
    expect(shown).toEqual(expected)
    expect((await reader.painted(testIds.planeCanvas)).amber).toBe(0)
  })

  test('turns with the picture', async () => {
    await reader.press('r')
    await eventually(
      async () => (await planeOnCanvas(true)).shown.join(),
      (await planeOnCanvas(true)).expected.join(),
      'the overlay turned',
    )
    expect((await planeOnCanvas(true)).expected.length).toBeGreaterThanOrEqual(3)
    await reader.press('0')
    await eventually(async () => (await planeOnCanvas()).shown.join(), (await planeOnCanvas()).expected.join(), 'the overlay upright')
  })

  test('one key hides it, which the corner says, and shows it again', async () => {
    await reader.press('o')
    await eventually(async () => (await reader.painted(testIds.planeCanvas)).pixels, 0, 'pixels of the overlay')
    expect(await words(testIds.cornerNotes)).toBe('overlay of the file hidden')
    await reader.press('o')
    await eventually(async () => (await reader.painted(testIds.planeCanvas)).pixels > 0, true, 'the overlay again')
    expect(await byId(testIds.cornerNotes).count()).toBe(0)
  })

  test('belongs to its frames alone, however fast the reader jumps', async () => {
    await reader.press('Home')
    await eventually(() => reader.slice(), 1, 'the first frame')
    await eventually(async () => (await reader.painted(testIds.planeCanvas)).pixels, 0, 'pixels on a frame without overlay')
    await running.page.evaluate(() => ((globalThis as { __overreadDrawn?: unknown[] }).__overreadDrawn = []))
    for (let step = 0; step < 40; step++) await running.page.keyboard.press(step % 3 === 0 ? 'End' : step % 3 === 1 ? 'Home' : 'ArrowDown')
    await reader.press('End')
    await eventually(() => byId(testIds.planeCanvas).getAttribute('data-overlay'), '2.25.1003#2', 'whose overlay')
    const drawn = await running.page.evaluate(
      () => (globalThis as { __overreadDrawn?: { picture: string; planes: string | null }[] }).__overreadDrawn ?? [],
    )
    const withPlanes = drawn.filter(({ planes }) => planes !== null)
    expect(withPlanes.length).toBeGreaterThan(0)
    expect(withPlanes.filter(({ picture: of, planes }) => of !== planes || of.endsWith('#0'))).toEqual([])
  })
})

describe.sequential('the windows of the file', () => {
  test('are chosen by key and from the menu; what is shown is marked there and named in the corner', async () => {
    const marked = async () => {
      await byId(testIds.presetMenu).click()
      const titles = await running.page.locator(`[data-testid="${testIds.preset}"][aria-pressed="true"]`).allTextContents()
      await running.page.keyboard.press('Escape')
      return titles.join(' | ')
    }
    expect(await words(testIds.cornerWindow)).toMatch(/W 40 L 20 linear exact\s*WIDE/)
    expect(await marked()).toMatch(/^\s*WIDE\s*1$/)
    await reader.press('2')
    await eventually(async () => /W 10 L 30 linear exact\s*NARROW/.test(await words(testIds.cornerWindow)), true, 'the second window')
    expect(await marked()).toMatch(/^\s*NARROW\s*2$/)
    await byId(testIds.presetMenu).click()
    await byId(testIds.preset).filter({ hasText: 'Automatic' }).click()
    await eventually(async () => /Automatic/.test(await words(testIds.cornerWindow)), true, 'the automatic window')
    await reader.press('0')
    await eventually(async () => /WIDE/.test(await words(testIds.cornerWindow)), true, 'the first window again')
  })
})

describe.sequential('measurements', () => {
  async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    await running.page.mouse.move(...(await onScreen(...from)))
    await running.page.mouse.down()
    await running.page.mouse.move(...(await onScreen(...to)), { steps: 4 })
    await running.page.mouse.up()
  }

  test('a length is in mm by both spacings', async () => {
    await reader.press('l')
    // 64 columns are 32 mm, 12 rows 24 mm: 40 mm.
    await drag([16, 10], [80, 22])
    await eventually(() => byId(testIds.measurement).count(), 1, 'measurements')
    const [mm] = /[\d.]+/.exec(await words(testIds.measurement)) ?? []
    // A mouse stands on whole pixels of the screen.
    expect(Math.abs(Number(mm) - 40)).toBeLessThan(0.3)
    expect(await words(testIds.measurement)).toMatch(/^length: [\d.]+ mm$/)
    const [[red, green, blue]] = await pixelsAt(testIds.measureCanvas, [await placed(48, 16)])
    expect([red, green, blue].map((value, index) => Math.abs(value - [0x35, 0xd0, 0xba][index]) < 40)).toEqual([true, true, true])
  })

  test('an ellipse says its area and what lies in it', async () => {
    await reader.press('e')
    await drag([20, 24], [80, 34])
    await eventually(() => byId(testIds.measurement).count(), 2, 'measurements')
    const ellipse = (await byId(testIds.measurement).allTextContents())[1]
    const [area, mean, , least, most] = (ellipse.match(/[\d.]+/g) ?? []).map(Number)
    expect(Math.abs(area - Math.PI * 15 * 10)).toBeLessThan(8)
    // Rows 24 to 33 carry their own number.
    expect(Math.abs(mean - 28.5)).toBeLessThan(0.2)
    expect([least, most]).toEqual([24, 33])
  })

  test('an angle takes a drag and a click, with the true shape of the pixels', async () => {
    await reader.press('g')
    // 40 columns are 20 mm to the left, 10 rows 20 mm up: 45 degrees to the row.
    await drag([20, 14], [60, 14])
    await running.page.mouse.click(...(await onScreen(20, 4)))
    await eventually(() => byId(testIds.measurement).count(), 3, 'measurements')
    const angle = (await byId(testIds.measurement).allTextContents())[2]
    expect(Math.abs(Number(/[\d.]+/.exec(angle)?.[0]) - 45)).toBeLessThan(0.5)
  })

  test('stay with their picture', async () => {
    await reader.press('ArrowUp')
    await eventually(() => byId(testIds.measurement).count(), 0, 'measurements on another frame')
    expect((await reader.painted(testIds.measureCanvas)).pixels).toBe(0)
    await reader.press('ArrowDown')
    await eventually(() => byId(testIds.measurement).count(), 3, 'measurements back on their frame')
  })

  test('a click selects one, Escape lets go of it, Delete deletes it', async () => {
    await reader.press('d')
    const selected = () => running.page.locator(`[data-testid="${testIds.measurement}"][data-selected="true"]`)
    await running.page.mouse.click(...(await onScreen(48, 16)))
    await eventually(() => selected().count(), 1, 'selected')
    expect(await selected().textContent()).toMatch(/^length/)
    await reader.press('Escape')
    await eventually(() => selected().count(), 0, 'selected after Escape')
    await reader.press('Delete')
    expect(await byId(testIds.measurement).count()).toBe(3)
    await running.page.mouse.click(...(await onScreen(48, 16)))
    await eventually(() => selected().count(), 1, 'selected again')
    await reader.press('Delete')
    await eventually(() => byId(testIds.measurement).count(), 2, 'measurements after Delete')
    expect(await words(testIds.measurement)).not.toMatch(/length/)
  })
})

test('cine goes round without leaving a frame out', async () => {
  await running.page.evaluate(() => ((globalThis as { __overreadDrawn?: unknown[] }).__overreadDrawn = []))
  const drawn = () =>
    running.page.evaluate(() =>
      ((globalThis as { __overreadDrawn?: { picture: string }[] }).__overreadDrawn ?? []).map(({ picture: of }) => of),
    )
  await reader.press(' ')
  await eventually(async () => new Set(await drawn()).size === frames && (await drawn()).length > 12, true, 'frames drawn')
  await reader.press(' ')
  const order = (await drawn()).map((id) => Number(id.split('#')[1]))
  const steps = order.flatMap((frame, index) =>
    index > 0 && frame !== order[index - 1] ? [(frame - order[index - 1] + frames) % frames] : [],
  )
  expect(steps.length).toBeGreaterThan(3)
  expect(steps.filter((step) => step !== 1)).toEqual([])
})

describe.sequential('the mouse', () => {
  const middle = async (dx = 0, dy = 0): Promise<[number, number]> => {
    const { x, y, width, height } = (await reader.viewport.boundingBox())!
    return [x + width / 2 + dx, y + height / 2 + dy]
  }
  async function drag(button: 'left' | 'middle' | 'right', dx: number, dy: number): Promise<void> {
    await running.page.mouse.move(...(await middle()))
    await running.page.mouse.down({ button })
    await running.page.mouse.move(...(await middle(dx, dy)), { steps: 5 })
    await running.page.mouse.up({ button })
  }
  const barPx = async () => Number(await byId(testIds.scaleBar).getAttribute('data-length-px'))
  const barMm = async () => {
    const [, length, unit] = /([\d.]+) (cm|mm)/.exec((await byId(testIds.scaleBar).textContent()) ?? '') ?? []
    return Number(length) * (unit === 'cm' ? 10 : 1)
  }
  const pxPerMm = async () => (await barPx()) / (await barMm())
  /** The picture pixel under the middle of the viewport. */
  async function pixelInTheMiddle(): Promise<[number, number]> {
    await running.page.mouse.move(...(await middle(1, 1)))
    await eventually(() => byId(testIds.cornerProbe).count(), 1, 'the probe')
    const [, column, row] = /(\d+), (\d+):/.exec((await byId(testIds.cornerProbe).textContent()) ?? '') ?? []
    return [Number(column), Number(row)]
  }

  test('a notch of the wheel is a slice', async () => {
    await reader.press('Home')
    await eventually(() => reader.slice(), 1, 'the first frame')
    await running.page.mouse.move(...(await middle()))
    await running.page.mouse.wheel(0, 120)
    await eventually(() => reader.slice(), 2, 'one notch down')
    await running.page.mouse.wheel(0, -120)
    await eventually(() => reader.slice(), 1, 'one notch up')
  })

  test('a drag to the left button’s right widens the window, down raises its centre', async () => {
    const window = async () => {
      const [, width, centre] = /W ([\d.]+) L ([\d.]+)/.exec((await byId(testIds.cornerWindow).textContent()) ?? '') ?? []
      return [Number(width), Number(centre)]
    }
    const [width, centre] = await window()
    await drag('left', 100, 0)
    await eventually(async () => (await window())[0] > width, true, 'a wider window')
    await drag('left', 0, 100)
    await eventually(async () => (await window())[1] > centre, true, 'a higher centre')
    expect(await words(testIds.cornerWindow)).not.toContain('WIDE')
    await reader.press('0')
  })

  test('the right button zooms: 200 pixels up double the size', async () => {
    await reader.press('0')
    const before = await pxPerMm()
    await drag('right', 0, -200)
    await eventually(async () => Math.abs((await pxPerMm()) / before - 2) < 0.02, true, 'twice the size')
  })

  test('the middle button moves the picture with the hand', async () => {
    const scale = await pxPerMm()
    const [column, row] = await pixelInTheMiddle()
    await drag('middle', Math.round(5 * scale), Math.round(-6 * scale))
    await eventually(
      async () => (await pixelInTheMiddle()).join(),
      [column - 10, row + 3].join(),
      'the pixel under the middle after 5 mm to the right and 6 mm up',
    )
    await reader.press('0')
  })

  test('Ctrl and the wheel zoom about the pointer', async () => {
    const before = await pxPerMm()
    await running.page.mouse.move(...(await middle()))
    await running.page.keyboard.down('Control')
    await running.page.mouse.wheel(0, -200)
    await running.page.keyboard.up('Control')
    await eventually(async () => (await pxPerMm()) > before * 1.2, true, 'a larger picture')
    await reader.press('0')
  })

  test('files dropped on the window are imported', async () => {
    const dropped = join(files, 'dropped.dcm')
    const other: SampleElement[] = [
      [0x00080018, 'UI', '2.25.2003'],
      [0x0020000d, 'UI', '2.25.2001'],
      [0x0020000e, 'UI', '2.25.2002'],
      [0x00100010, 'PN', 'Dropped^Test'],
      [0x00100020, 'LO', 'DROPPED'],
    ]
    writeFileSync(dropped, buildObject(pictureElements({ rows: 2, columns: 2, bitsAllocated: 8 }, [0x7fe00010, 'OB', [1, 2, 3, 4]], other)))
    await reader.backToWorklist()
    await dropFiles(running.page, [dropped])
    await reader.waitForStudies(2)
    expect((await reader.rows.allTextContents()).join()).toContain('DROPPED')
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
