/** A small picture of a frame for lists. */
import type { Frame } from '../../contracts/frame'

export interface Thumbnail {
  readonly rows: number
  readonly columns: number
  /** 1 grey or 3 RGB, interleaved by pixel. */
  readonly samplesPerPixel: 1 | 3
  readonly samples: Uint8Array<ArrayBuffer>
}

/**
 * A frame of the stage `display`, area averaged, its longest side at most `side` pixels on the screen.
 *
 * @param pixelAspect height of a pixel by its width (spacing between rows / between columns); the thumbnail's pixels are square
 */
export function thumbnail({ description, samples }: Frame, side = 128, pixelAspect = 1): Thumbnail {
  const { rows, columns, samplesPerPixel } = description
  const height = rows * (pixelAspect > 0 && Number.isFinite(pixelAspect) ? pixelAspect : 1)
  const scale = Math.min(1, side / Math.max(height, columns))
  const toRows = Math.max(1, Math.min(side, Math.round(height * scale)))
  const toColumns = Math.max(1, Math.min(side, Math.round(columns * scale)))
  const output = new Uint8Array(toRows * toColumns * samplesPerPixel)
  const across = spans(columns, toColumns)
  const down = spans(rows, toRows)
  for (let row = 0; row < toRows; row++) {
    for (let column = 0; column < toColumns; column++) {
      for (let sample = 0; sample < samplesPerPixel; sample++) {
        let sum = 0
        for (const [sourceRow, rowShare] of down[row]) {
          const line = sourceRow * columns
          for (const [sourceColumn, share] of across[column])
            sum += samples[(line + sourceColumn) * samplesPerPixel + sample] * rowShare * share
        }
        output[(row * toColumns + column) * samplesPerPixel + sample] = Math.round(sum)
      }
    }
  }
  return { rows: toRows, columns: toColumns, samplesPerPixel, samples: output }
}

/** For each target pixel the source pixels under it with the share of each; shares add up to 1. */
function spans(from: number, to: number): (readonly [index: number, share: number])[][] {
  const step = from / to
  return Array.from({ length: to }, (_, target) => {
    const start = target * step
    const end = Math.min(from, start + step)
    const parts: [number, number][] = []
    for (let index = Math.floor(start); index < end; index++) {
      const covered = Math.min(end, index + 1) - Math.max(start, index)
      if (covered > 1e-9) parts.push([index, covered / (end - start)])
    }
    return parts
  })
}
