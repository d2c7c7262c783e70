/**
 * Lengths, angles and ellipses on a picture. Pure.
 *
 * Points are in picture coordinates, (column, row) counted from the outer corner
 * of the first pixel: its centre is (0.5, 0.5).
 */
import type { FrameGeometry } from '../../contracts/dicom-facts'
import type { CalibratedRegion, Samples } from '../../contracts/frame'

export type PicturePoint = readonly [column: number, row: number] & { readonly space?: 'picture' }

/** What a length is in. `pixel-width`: pixels are not square and their size is unknown, so one counts in their widths. */
export type LengthUnit = 'mm' | 'mm-detector' | 'mm-film' | 'px' | 'pixel-width'

/** Height and width of a pixel in the unit; the spacing between rows and between columns. */
export interface PixelScale {
  readonly height: number
  readonly width: number
  readonly unit: LengthUnit
}

const units = { patient: 'mm', calibrated: 'mm', ultrasound: 'mm', detector: 'mm-detector', scanned: 'mm-film' } as const

/**
 * The scale that holds for a measurement through these points.
 *
 * Never a millimetre that is not stated: in ultrasound one region has to hold all points, and where regions that
 * contradict one another do, the size is unknown. PS3.3 10.7.1.3, C.8.5.5.
 */
export function pixelScale(
  { pixelSpacing, spacingOrigin, pixelAspectRatio }: FrameGeometry,
  regions: readonly CalibratedRegion[],
  points: readonly PicturePoint[],
): PixelScale {
  const spacing =
    spacingOrigin === 'ultrasound' || (pixelSpacing === null && regions.length > 0) ? regionSpacing(regions, points) : pixelSpacing
  if (spacing) return { height: spacing[0], width: spacing[1], unit: units[spacingOrigin ?? 'ultrasound'] }
  const [vertical, horizontal] = pixelAspectRatio
  return vertical === horizontal ? { height: 1, width: 1, unit: 'px' } : { height: vertical / horizontal, width: 1, unit: 'pixel-width' }
}

function regionSpacing(regions: readonly CalibratedRegion[], points: readonly PicturePoint[]): readonly [number, number] | null {
  const around = regions.filter(({ left, top, right, bottom }) =>
    points.every(([column, row]) => column >= left && column <= right + 1 && row >= top && row <= bottom + 1),
  )
  const first = around[0]?.pixelSpacing ?? null
  const same = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.abs(b)
  const agree = around.every(({ pixelSpacing: other }) => first && other && same(other[0], first[0]) && same(other[1], first[1]))
  return agree ? first : null
}

/** Distance of two points, in the scale's unit. */
export function lengthBetween(a: PicturePoint, b: PicturePoint, { height, width }: PixelScale): number {
  return Math.hypot((b[0] - a[0]) * width, (b[1] - a[1]) * height)
}

/** The angle at `vertex`, 0 to 180 degrees, with the true shape of the pixels; null where an arm has no length. */
export function angleAt(a: PicturePoint, vertex: PicturePoint, b: PicturePoint, { height, width }: PixelScale): number | null {
  const [ax, ay] = [(a[0] - vertex[0]) * width, (a[1] - vertex[1]) * height]
  const [bx, by] = [(b[0] - vertex[0]) * width, (b[1] - vertex[1]) * height]
  if ((ax === 0 && ay === 0) || (bx === 0 && by === 0)) return null
  // The arc tangent keeps its accuracy at 0 and 180 degrees, where the arc cosine loses it.
  return (Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by) * 180) / Math.PI
}

/** An ellipse with its axes along rows and columns, by two opposite corners of the box around it. */
export type Ellipse = readonly [corner: PicturePoint, opposite: PicturePoint]

/** In the square of the scale's unit; in pixels where their size is unknown. */
export function ellipseArea([a, b]: Ellipse, { height, width, unit }: PixelScale): number {
  const pixels = (Math.PI / 4) * Math.abs((b[0] - a[0]) * (b[1] - a[1]))
  return unit === 'px' || unit === 'pixel-width' ? pixels : pixels * height * width
}

export interface ValueStatistics {
  /** How many values. */
  readonly count: number
  readonly mean: number
  /** Of the values themselves, not an estimate for others: divided by their number. */
  readonly standardDeviation: number
  readonly min: number
  readonly max: number
}

/**
 * Statistics over the pixels whose centre lies in the ellipse or on it; null where there are none.
 *
 * @param samples modality values, rows × columns
 * @param padding values from first to second are left out, as are those that are no finite number
 */
export function ellipseStatistics(
  [a, b]: Ellipse,
  samples: Samples,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  padding: readonly [low: number, high: number] | null,
): ValueStatistics | null {
  const [cx, cy] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const [rx, ry] = [Math.abs(b[0] - a[0]) / 2, Math.abs(b[1] - a[1]) / 2]
  if (rx === 0 || ry === 0) return null
  let count = 0
  let sum = 0
  let squares = 0
  let min = Infinity
  let max = -Infinity
  // Sums are of the distance from the first value: far from zero, squares would lose the spread.
  let origin = 0
  const lastRow = Math.min(rows - 1, Math.ceil(cy + ry))
  for (let row = Math.max(0, Math.floor(cy - ry) - 1); row <= lastRow; row++) {
    const y = (row + 0.5 - cy) / ry
    if (y * y > 1) continue
    const half = rx * Math.sqrt(1 - y * y)
    const last = Math.min(columns - 1, Math.floor(cx + half - 0.5))
    for (let column = Math.max(0, Math.ceil(cx - half - 0.5)); column <= last; column++) {
      const value = samples[row * columns + column]
      if (!Number.isFinite(value) || (padding && value >= padding[0] && value <= padding[1])) continue
      if (count === 0) origin = value
      count++
      const away = value - origin
      sum += away
      squares += away * away
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  if (count === 0) return null
  const variance = Math.max(0, squares / count - (sum / count) ** 2)
  return { count, mean: origin + sum / count, standardDeviation: Math.sqrt(variance), min, max }
}
