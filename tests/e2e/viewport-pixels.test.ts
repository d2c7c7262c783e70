/** The canvas at 1:1 against the command line's display stage, pixel by pixel, for each way from values to grey. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { hasSharedData, repository, sharedData } from '../shared-data'
import { startApp, temporaryArchive } from './app'
import { eventually, Reader } from './reader'

interface Display {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: number
}

function displayStage(file: string): { facts: Display; bytes: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'overread-display-'))
  try {
    const out = join(folder, 'display.raw')
    const cli = join(repository, 'out/node/cli.js')
    const json = execFileSync(process.execPath, [cli, 'frame', file, '--stage', 'display', '--out', out, '--json'], { encoding: 'utf8' })
    return { facts: JSON.parse(json) as Display, bytes: readFileSync(out) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** RGBA of the picture's own canvas, without overlays and letters. */
async function canvasPixels({ page }: Reader): Promise<{ width: number; height: number; rgba: Buffer }> {
  const { width, height, base64 } = await page.getByTestId(testIds.viewport).evaluate((viewport) => {
    const canvas = viewport.querySelector('canvas')!
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const parts: string[] = []
    for (let at = 0; at < data.length; at += 0x8000) parts.push(String.fromCharCode(...data.subarray(at, at + 0x8000)))
    return { width: canvas.width, height: canvas.height, base64: btoa(parts.join('')) }
  })
  return { width, height, rgba: Buffer.from(base64, 'base64') }
}

/** Greatest difference of a grey level over all pixels of the picture that the canvas shows; 255 when it shows none. */
function greatestDifference(canvas: Awaited<ReturnType<typeof canvasPixels>>, { facts, bytes }: ReturnType<typeof displayStage>): number {
  // The picture stands in the middle, its pixels on whole device pixels.
  const left = Math.round(canvas.width / 2 - facts.columns / 2)
  const top = Math.round(canvas.height / 2 - facts.rows / 2)
  let greatest = -1
  for (let y = Math.max(0, top); y < Math.min(canvas.height, top + facts.rows); y++) {
    for (let x = Math.max(0, left); x < Math.min(canvas.width, left + facts.columns); x++) {
      const pixel = (y - top) * facts.columns + x - left
      for (let channel = 0; channel < 3; channel++) {
        const expected = bytes[facts.samplesPerPixel === 3 ? pixel * 3 + channel : pixel]
        greatest = Math.max(greatest, Math.abs(expected - canvas.rgba[(y * canvas.width + x) * 4 + channel]))
      }
    }
  }
  return greatest < 0 ? 255 : greatest
}

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
