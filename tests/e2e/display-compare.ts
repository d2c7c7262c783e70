/** The canvas as it is, and the command line's display stage of a file. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import type { Reader } from './reader'

interface Display {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: number
  /** Which of the patient's sides lie at the edges of the frame. */
  readonly edges: Readonly<Record<'top' | 'right' | 'bottom' | 'left', string>>
}

export function displayStage(file: string): { facts: Display; bytes: Buffer } {
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

/** RGBA of the picture's own canvas, without overlays and letters; of every `step`th pixel and row alone. */
export async function canvasPixels({ page }: Reader, step = 1): Promise<{ width: number; height: number; rgba: Buffer }> {
  const { width, height, base64 } = await page.getByTestId(testIds.viewport).evaluate((viewport, step) => {
    const canvas = viewport.querySelector('canvas')!
    const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const [columns, rows] = [Math.ceil(canvas.width / step), Math.ceil(canvas.height / step)]
    const kept = step === 1 ? data : new Uint8ClampedArray(columns * rows * 4)
    for (let at = 0; step > 1 && at < columns * rows; at++) {
      const from = (Math.floor(at / columns) * step * width + (at % columns) * step) * 4
      kept.set(data.subarray(from, from + 4), at * 4)
    }
    const parts: string[] = []
    for (let at = 0; at < kept.length; at += 0x8000) parts.push(String.fromCharCode(...kept.subarray(at, at + 0x8000)))
    return { width: columns, height: rows, base64: btoa(parts.join('')) }
  }, step)
  return { width, height, rgba: Buffer.from(base64, 'base64') }
}

/** Greatest difference of a grey level over all pixels of the picture that the canvas shows; 255 when it shows none. */
export function greatestDifference(
  canvas: Awaited<ReturnType<typeof canvasPixels>>,
  { facts, bytes }: ReturnType<typeof displayStage>,
): number {
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
