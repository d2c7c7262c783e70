/** The value under the cursor, in modality units. */
import { pictureSize } from './display-picture'
import type { PictureOverlay } from './overlay-state.svelte'
import type { Painted } from './reading-state.svelte'
import { applyInverse, pictureToCanvas, type CanvasPoint, type CanvasSize, type View } from './view-transform'

export interface Probe {
  /** Counted from 0, as in the pixel index. */
  readonly column: number
  readonly row: number
  /** One grey value or red, green, blue. */
  readonly values: readonly number[]
  readonly unit: string
  /** 0 to 1; null where no heatmap is drawn. */
  readonly heat: number | null
  /** The number of the structure there; null where no label map is drawn, or none is there. */
  readonly structure: number | null
}

/** Null beside the picture. */
export function probeAt(
  pointer: CanvasPoint,
  painted: Painted,
  view: View,
  canvas: CanvasSize,
  overlay: PictureOverlay | null,
): Probe | null {
  const { description, samples } = painted.frame
  const size = pictureSize(painted.slice, description)
  const [x, y] = applyInverse(pictureToCanvas(view, size, canvas), pointer)
  // Picture coordinates count from the corner of a pixel, so its whole square has the index of its floor.
  const column = Math.floor(x)
  const row = Math.floor(y)
  if (column < 0 || row < 0 || column >= description.columns || row >= description.rows) return null
  const index = row * description.columns + column
  const first = index * description.samplesPerPixel
  const values = Array.from({ length: description.samplesPerPixel }, (_, sample) => samples[first + sample])
  const there = overlay && overlay.rows === description.rows && overlay.columns === description.columns ? overlay : null
  const heat = there?.heat ? there.heat[index] / 65535 : null
  return { column, row, values, unit: description.unit, heat, structure: there?.labels?.[index] || null }
}

export function valueWords(values: readonly number[]): string {
  return values.map((value) => (Number.isInteger(value) ? String(value) : value.toPrecision(4))).join(', ')
}
