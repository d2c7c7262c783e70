/** The reader's measurements of one study, for as long as this window is open, and the one being drawn. */
import type { PicturePoint } from '../../main/geometry/measure'
import { isEmpty, pointsOf, touchOf, type MeasureKind, type Measurement, type Touch } from './measurement'
import type { Affine, CanvasPoint } from './view-transform'

/** By study, then by picture: nothing of it is kept on disk. */
const studies = new Map<number, Map<string, readonly Measurement[]>>()
let lastId = 0

interface Draft {
  readonly picture: string
  readonly kind: MeasureKind
  /** Those placed. */
  readonly points: readonly PicturePoint[]
  /** Where the next would be placed now. */
  readonly next: PicturePoint
  /** False while the button that placed the first point is still down. */
  readonly begun: boolean
}

interface Edit {
  readonly measurement: Measurement
  readonly touch: Touch
  readonly from: PicturePoint
}

export class MeasureState {
  /** Rises with each change of what is drawn. */
  revision = $state(0)
  draft = $state.raw<Draft | null>(null)
  /** Of the picture on the canvas. */
  selectedId = $state<number | null>(null)
  readonly #pictures: Map<string, readonly Measurement[]>
  #edit: Edit | null = null

  constructor(studyKey: number) {
    this.#pictures = studies.get(studyKey) ?? new Map<string, readonly Measurement[]>()
    studies.set(studyKey, this.#pictures)
  }

  of(picture: string): readonly Measurement[] {
    void this.revision
    return this.#pictures.get(picture) ?? []
  }

  /** True while a measurement is being drawn or moved. */
  get busy(): boolean {
    return this.#edit !== null || this.draft !== null
  }

  /** Another picture stands on the canvas: what was chosen or begun on the last one is not its. */
  leave(): void {
    this.draft = null
    this.#edit = null
    this.selectedId = null
  }

  /** The measurement under a canvas point, the newest first. */
  touched(picture: string, affine: Affine, at: CanvasPoint): { readonly measurement: Measurement; readonly touch: Touch } | null {
    for (const measurement of this.of(picture).toReversed()) {
      const touch = touchOf(measurement, affine, at)
      if (touch) return { measurement, touch }
    }
    return null
  }

  /** The button went down with a measuring tool: a measurement under it is taken hold of, else one begins or goes on. */
  press(picture: string, kind: MeasureKind, affine: Affine, at: CanvasPoint, point: PicturePoint): void {
    if (this.draft?.picture === picture && this.draft.kind === kind) {
      this.draft = { ...this.draft, next: point }
      return
    }
    const touched = this.touched(picture, affine, at)
    this.selectedId = touched?.measurement.id ?? null
    this.#edit = touched && { ...touched, from: point }
    this.draft = touched ? null : { picture, kind, points: [point], next: point, begun: false }
  }

  /** The pointer moved, with the button down or up. */
  move(picture: string, point: PicturePoint): void {
    if (this.#edit) this.#replace(picture, moved(this.#edit, point))
    else if (this.draft?.picture === picture) this.draft = { ...this.draft, next: point }
  }

  /** The button went up. A click alone places the first point; the next comes with another click. */
  release(picture: string, point: PicturePoint, dragged: boolean): void {
    this.#edit = null
    const { draft } = this
    if (draft?.picture !== picture) return
    if (!draft.begun && !dragged) {
      this.draft = { ...draft, begun: true }
      return
    }
    const points = [...draft.points, point]
    if (isEmpty({ kind: draft.kind, points })) {
      this.draft = null
      return
    }
    if (points.length < pointsOf[draft.kind]) {
      this.draft = { ...draft, points, next: point, begun: true }
      return
    }
    const measurement: Measurement = { id: ++lastId, kind: draft.kind, points }
    this.#pictures.set(picture, [...this.of(picture), measurement])
    this.draft = null
    this.selectedId = measurement.id
    this.revision++
  }

  select(id: number | null): void {
    this.selectedId = id
  }

  /** Deletes the selected one; false where none is. */
  removeSelected(picture: string): boolean {
    const kept = this.of(picture).filter(({ id }) => id !== this.selectedId)
    const removed = kept.length < this.of(picture).length
    if (removed) {
      this.#pictures.set(picture, kept)
      this.revision++
    }
    this.selectedId = null
    return removed
  }

  /** One step back: the one begun, else the selection; false where there is neither. */
  back(): boolean {
    const held = this.draft !== null || this.selectedId !== null
    if (this.draft) this.draft = null
    else this.selectedId = null
    return held
  }

  #replace(picture: string, changed: Measurement): void {
    if (isEmpty(changed)) return
    this.#pictures.set(
      picture,
      this.of(picture).map((measurement) => (measurement.id === changed.id ? changed : measurement)),
    )
    this.revision++
  }
}

/** One point to where the pointer is, or all by as much as it went. */
function moved({ measurement, touch, from }: Edit, to: PicturePoint): Measurement {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const points = measurement.points.map((point, index): PicturePoint => {
    if (touch.part === 'point') return index === touch.index ? to : point
    return [point[0] + dx, point[1] + dy]
  })
  return { ...measurement, points }
}
