/** What is drawn over a picture beside the network's marks: the planes of its file, the reader's measurements and what the reader marked as missed. */
import type { Frame } from '../../contracts/frame'
import type { Slice } from '../../contracts/worklist'
import type { EntryOutline } from '../../contracts/reader-entries'
import { drawEntries } from './draw-entries'
import type { Layers } from './drawn-record'
import { drawMeasurements, type DrawnMeasurement } from './draw-measurements'
import { clearLayer } from './layer-canvas'
import { PlaneLayer } from './draw-planes'
import type { MeasureState } from './measure-state.svelte'
import type { MissState } from './miss-state.svelte'
import type { Measurement } from './measurement'
import { measurementLines } from './measurement-words'
import { pictureId } from './picture-id'
import type { PlaneState } from './plane-state.svelte'
import type { Affine } from './view-transform'

type MarkCanvases = Pick<Layers<HTMLCanvasElement>, 'planes' | 'measures' | 'entries'>

export interface DrawnMarks {
  /** The picture whose planes are drawn; empty: none are. */
  readonly planesOf: string
  /** The picture whose marks of the reader are drawn; empty: none are. */
  readonly entriesOf: string
  /** What each measurement of the picture says, for readers of the screen and for tests. */
  readonly measured: readonly { readonly id: number; readonly words: string }[]
}

export const noMarks: DrawnMarks = { planesOf: '', entriesOf: '', measured: [] }

/** What the reader marked on a picture. */
export type MissesOf = (picture: string) => readonly EntryOutline[]

export class PictureMarks {
  readonly #planes: PlaneState
  readonly #measures: MeasureState
  readonly #misses: MissState
  readonly #missesOf: MissesOf
  readonly #layer = new PlaneLayer()
  /** A measurement never changes, so neither do its words. */
  readonly #lines = new WeakMap<Measurement, readonly string[]>()

  constructor(planes: PlaneState, measures: MeasureState, misses: MissState, missesOf: MissesOf) {
    this.#planes = planes
    this.#measures = measures
    this.#misses = misses
    this.#missesOf = missesOf
  }

  /** Draws all marks of a picture, in the task that rendered it; `affine` as it was rendered, `ratio` device pixels a CSS pixel. */
  draw(canvases: MarkCanvases, slice: Slice, frame: Frame, affine: Affine, ratio: number): DrawnMarks {
    const picture = pictureId(slice)
    const planes = this.#planes.visible ? this.#planes.peek(picture) : null
    if (planes) this.#layer.draw(canvases.planes, planes, affine, ratio)
    else this.#layer.clear(canvases.planes)
    const kept = this.#measures.of(picture).map((measurement) => ({ measurement, lines: this.#linesOf(measurement, slice, frame) }))
    const { draft, selectedId } = this.#measures
    const drawn: DrawnMeasurement[] = kept.map((one) => ({ ...one, selected: one.measurement.id === selectedId }))
    if (draft?.picture === picture) {
      const measurement = { kind: draft.kind, points: [...draft.points, draft.next] }
      const whole = draft.kind !== 'angle' || measurement.points.length === 3
      drawn.push({ measurement, selected: true, lines: whole ? measurementLines(measurement, slice, frame) : [] })
    }
    drawMeasurements(canvases.measures, picture, drawn, affine, ratio)
    const entries = this.#missesOf(picture).map((outline) => ({ outline, open: false }))
    const begun =
      this.#misses.draft?.picture === picture ? this.#misses.draft.points.map(([column, row]): [number, number] => [column, row]) : null
    drawEntries(canvases.entries, picture, begun ? [...entries, { outline: begun, open: true }] : entries, affine, ratio)
    return {
      planesOf: planes?.pictureId ?? '',
      entriesOf: entries.length > 0 ? picture : '',
      measured: kept.map(({ measurement, lines }) => ({ id: measurement.id, words: `${measurement.kind}: ${lines.join(', ')}` })),
    }
  }

  /** Takes away what belongs to a picture that is no longer on the canvas. */
  clear(canvases: MarkCanvases): DrawnMarks {
    this.#layer.clear(canvases.planes)
    clearLayer(canvases.measures)
    clearLayer(canvases.entries)
    return noMarks
  }

  #linesOf(measurement: Measurement, slice: Slice, frame: Frame): readonly string[] {
    const known = this.#lines.get(measurement)
    if (known) return known
    const lines = measurementLines(measurement, slice, frame)
    this.#lines.set(measurement, lines)
    return lines
  }
}
