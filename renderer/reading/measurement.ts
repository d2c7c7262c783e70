/** One measurement of the reader's: its points, its line on the picture, and what a pointer touches of it. */
import type { PicturePoint } from '../../main/geometry/measure'
import { apply, type Affine, type CanvasPoint } from './view-transform'

export const measureKinds = ['length', 'ellipse', 'angle'] as const
export type MeasureKind = (typeof measureKinds)[number]

/**
 * Length: both ends. Ellipse: two opposite corners of the box around it. Angle: end, vertex, end.
 * Never changed: an edited one is a new one with the same id.
 */
export interface Measurement {
  readonly id: number
  readonly kind: MeasureKind
  readonly points: readonly PicturePoint[]
}

export const pointsOf: Record<MeasureKind, number> = { length: 2, ellipse: 2, angle: 3 }

export function isMeasureKind(tool: string): tool is MeasureKind {
  return (measureKinds as readonly string[]).includes(tool)
}

const ellipseSegments = 96

/** The line of a measurement in picture coordinates; an ellipse is closed. */
export function lineOf({ kind, points }: Pick<Measurement, 'kind' | 'points'>): readonly PicturePoint[] {
  const [a, b] = points
  if (kind !== 'ellipse' || !a || !b) return points
  const [cx, cy, rx, ry] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (b[0] - a[0]) / 2, (b[1] - a[1]) / 2]
  return Array.from({ length: ellipseSegments + 1 }, (_, step) => {
    const turn = (2 * Math.PI * step) / ellipseSegments
    return [cx + rx * Math.cos(turn), cy + ry * Math.sin(turn)]
  })
}

/** True where nothing was measured: both ends in one place, an ellipse without width or height. */
export function isEmpty({ kind, points }: Pick<Measurement, 'kind' | 'points'>): boolean {
  const apart = (a: PicturePoint, b: PicturePoint) => Math.hypot(a[0] - b[0], a[1] - b[1]) > 1e-6
  if (kind === 'ellipse') return Math.abs(points[0][0] - points[1][0]) < 1e-6 || Math.abs(points[0][1] - points[1][1]) < 1e-6
  return points.some((point, index) => index > 0 && !apart(point, points[index - 1]))
}

/** A point is moved alone, or all of them together. */
export type Touch = { readonly part: 'point'; readonly index: number } | { readonly part: 'line' }

const touchPx = 7

/** What lies under a canvas point, within a few CSS pixels; points before lines. */
export function touchOf(measurement: Pick<Measurement, 'kind' | 'points'>, affine: Affine, at: CanvasPoint): Touch | null {
  const points = measurement.points.map((point) => apply(affine, point))
  const index = points.findIndex(([x, y]) => Math.hypot(x - at[0], y - at[1]) <= touchPx)
  if (index >= 0) return { part: 'point', index }
  const line = lineOf(measurement).map((point) => apply(affine, point))
  const near = line.some((point, step) => step > 0 && distanceToSegment(at, line[step - 1], point) <= touchPx)
  return near ? { part: 'line' } : null
}

/** CSS pixels from a point to the stretch between two others. */
function distanceToSegment(at: CanvasPoint, [ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay]
  const squared = dx * dx + dy * dy
  const part = squared === 0 ? 0 : Math.min(1, Math.max(0, ((at[0] - ax) * dx + (at[1] - ay) * dy) / squared))
  return Math.hypot(at[0] - ax - part * dx, at[1] - ay - part * dy)
}

/** A point held within the picture: beyond its edge is nothing to be measured. */
export function withinPicture([column, row]: readonly [number, number], rows: number, columns: number): PicturePoint {
  return [Math.min(columns, Math.max(0, column)), Math.min(rows, Math.max(0, row))]
}
