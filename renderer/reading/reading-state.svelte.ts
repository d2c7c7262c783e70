/** One open study: which series and slice is wanted, what is painted, and how it is shown. */
import type { FrameReference, StackReference } from '../../contracts/analysis'
import type { ErrorReport } from '../../contracts/errors'
import type { Frame } from '../../contracts/frame'
import type { SeriesDetail, Slice, StudyDetail } from '../../contracts/worklist'
import { rangeWindow, type Window } from '../../main/pixels/lut/voi'
import { EngineFault, type EngineClient } from '../engine/engine-client'
import { cacheBudget, FrameStore } from './frame-store'
import type { MeasureKind } from './measurement'
import { pictureId } from './picture-id'
import { ScrollNotice } from './scroll-notice'
import { placeOf, type StudyPlace } from './session-memory'
import { stackKey } from './stack-key'
import { fittedView, flipView, rotateView, type CanvasPoint, type CanvasSize, type View } from './view-transform'
import { currentPreset, draggedWindow, presetEntries, windowOf, type PresetEntry, type WindowChoice } from './window-choice'

export type Tool = 'window' | 'zoom' | 'pan' | 'probe' | 'missed' | MeasureKind

/** The picture on the canvas. */
export interface Painted {
  readonly id: string
  readonly seriesInstanceUid: string
  readonly index: number
  readonly slice: Slice
  readonly frame: Frame
}

export class ReadingState {
  readonly studyKey: number
  readonly frames: FrameStore
  detail = $state.raw<StudyDetail | null>(null)
  /** Why the study cannot be opened. */
  fault = $state<string | null>(null)
  /** The open stack, by its key. */
  stack = $state<string | null>(null)
  index = $state(0)
  /** The last step's direction, for fetching ahead. */
  direction: 1 | -1 = 1
  painted = $state.raw<Painted | null>(null)
  /** Why the wanted slice cannot be shown. */
  refusal = $state.raw<ErrorReport | null>(null)
  choice = $state.raw<WindowChoice>({ kind: 'initial' })
  view = $state.raw<View>(fittedView)
  inverted = $state(false)
  tool = $state<Tool>('window')
  corners = $state(true)
  cine = $state(false)
  /** Where the pointer is on the canvas; null outside. */
  pointer = $state.raw<CanvasPoint | null>(null)
  canvas = $state.raw<CanvasSize>({ width: 1, height: 1 })
  /** Every picture that stood on the canvas since the study was opened. */
  readonly shownPictures = new Set<string>()
  readonly #engine: EngineClient
  readonly #place: StudyPlace
  readonly #notice: ScrollNotice

  constructor(engine: EngineClient, studyKey: number) {
    this.#engine = engine
    this.studyKey = studyKey
    this.#place = placeOf(studyKey)
    this.#notice = new ScrollNotice(() => engine.request('reader.scrolls', { studyKey }))
    const memory = (navigator as { deviceMemory?: number }).deviceMemory
    this.frames = new FrameStore(engine, studyKey, cacheBudget(memory))
  }

  async open(): Promise<void> {
    try {
      const detail = await this.#engine.request('study.open', { studyKey: this.studyKey })
      const first = this.detail === null
      const wanted = this.slice
      this.detail = detail
      this.fault = null
      // Pictures that arrived may have moved or divided the series: the reader stays with the picture, wherever it stands now.
      if (wanted) this.goToFrame(wanted)
      if (!first) return
      const remembered = detail.series.find((series) => stackKey(series) === this.#place.stack)
      const start = remembered ?? detail.series.find(({ slices }) => slices.length > 0)
      if (start) this.openSeries(start)
    } catch (error) {
      this.fault = error instanceof EngineFault ? error.message : 'The study could not be opened.'
    }
  }

  readonly series: SeriesDetail | null = $derived(this.detail?.series.find((series) => stackKey(series) === this.stack) ?? null)
  readonly seriesInstanceUid: string | null = $derived(this.series?.seriesInstanceUid ?? null)
  readonly slices: readonly Slice[] = $derived(this.series?.slices ?? [])
  readonly slice: Slice | null = $derived(this.slices[this.index] ?? null)
  /** True while the canvas shows what is wanted. */
  readonly current: boolean = $derived(this.painted !== null && this.slice !== null && this.painted.id === pictureId(this.slice))

  openSeries(reference: StackReference): void {
    const key = stackKey(reference)
    if (key === this.stack) return
    const remembered = this.#place.stacks.get(key)
    const series = this.detail?.series.find((candidate) => stackKey(candidate) === key)
    if (!series) return
    this.cine = false
    // Black until the new series' first picture: an old one under new words would mislead.
    this.painted = null
    this.refusal = null
    this.stack = key
    this.#place.stack = key
    this.index = Math.min(
      remembered?.index ?? (series.isVolume ? Math.floor(series.slices.length / 2) : 0),
      Math.max(0, series.slices.length - 1),
    )
    this.direction = 1
    this.choice = remembered?.choice ?? { kind: 'initial' }
    this.view = fittedView
    this.inverted = false
  }

  goTo(index: number): void {
    const next = Math.max(0, Math.min(this.slices.length - 1, Math.round(index)))
    if (next === this.index || this.slices.length === 0) return
    this.direction = next > this.index ? 1 : -1
    this.index = next
    // A study that is played can go on for hours.
    if (!this.cine) this.#notice.turned()
    this.#remember()
  }

  step(by: number): void {
    this.goTo(this.index + by)
  }

  /** Shows a frame wherever it lies in the study; false where it is not there. */
  goToFrame(reference: FrameReference): boolean {
    const id = pictureId(reference)
    for (const series of this.detail?.series ?? []) {
      const index = series.slices.findIndex((slice) => pictureId(slice) === id)
      if (index < 0) continue
      this.openSeries(series)
      this.goTo(index)
      return true
    }
    return false
  }

  /** Called by the viewport in the render that put a picture on the canvas. */
  markPainted(painted: Painted): void {
    this.painted = painted
    this.shownPictures.add(painted.id)
    if (this.choice.kind !== 'initial' || painted.frame.description.samplesPerPixel !== 1) return
    const { windows, voiLuts } = painted.frame.description.presentation
    // Without a window in the file each slice would take its own range: one for the series, so that grey means one thing.
    if (windows.length === 0 && voiLuts.length === 0 && this.slices.length > 1) {
      const range = rangeWindow(painted.frame.description.min, painted.frame.description.max)
      this.choose({ kind: 'window', window: { ...range, explanation: 'Whole range' } })
    }
  }

  /** The window of the painted picture; null for a table and for colour. */
  readonly window: Window | null = $derived(
    this.painted && this.painted.frame.description.samplesPerPixel === 1 ? windowOf(this.choice, this.painted.frame) : null,
  )
  readonly presets: readonly PresetEntry[] = $derived(
    this.painted && this.painted.frame.description.samplesPerPixel === 1
      ? presetEntries(this.series?.modality ?? '', this.painted.frame.description.presentation)
      : [],
  )

  readonly preset: PresetEntry | null = $derived(
    this.painted ? currentPreset(this.choice, this.painted.frame.description.presentation, this.presets) : null,
  )

  choose(choice: WindowChoice): void {
    this.choice = choice
    this.#remember()
  }

  choosePreset(entry: PresetEntry | undefined): void {
    const choice = entry && this.painted ? entry.choose(this.window, this.painted.frame) : null
    if (choice) this.choose(choice)
  }

  dragWindow(dx: number, dy: number): void {
    if (!this.window || !this.painted) return
    const { min, max } = this.painted.frame.description
    this.choose({ kind: 'window', window: draggedWindow(this.window, dx, dy, [min, max]) })
  }

  rotate(): void {
    this.view = rotateView(this.view)
  }

  flip(): void {
    this.view = flipView(this.view)
  }

  fit(): void {
    this.view = { ...this.view, scale: null, centre: [0.5, 0.5] }
  }

  reset(): void {
    this.view = fittedView
    this.inverted = false
    this.choose({ kind: 'initial' })
  }

  #remember(): void {
    if (this.stack !== null) this.#place.stacks.set(this.stack, { index: this.index, choice: this.choice })
  }
}
