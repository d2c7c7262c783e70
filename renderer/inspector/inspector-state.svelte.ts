/** The layer and the map that are looked at, and what was fetched of them. */
import type { Layer, LayerMaps } from '../../contracts/layers'
import { EngineFault, type EngineClient } from '../engine/engine-client'
import type { InspectedPicture } from './inspected-picture'

export interface ShownMaps {
  readonly layer: number
  readonly maps: LayerMaps
  readonly levels: Uint8Array
}

export interface ShownOverlay {
  readonly map: number
  readonly rows: number
  readonly columns: number
  readonly levels: Uint8Array
}

export class InspectorState {
  readonly picture: InspectedPicture
  layers = $state.raw<readonly Layer[]>([])
  after = $state.raw<readonly string[]>([])
  place = $state(0)
  /** The map enlarged and laid over the picture, by its place in the layer. */
  map = $state(0)
  shown = $state.raw<ShownMaps | null>(null)
  overlay = $state.raw<ShownOverlay | null>(null)
  visible = $state(true)
  fault = $state('')
  readonly #engine: EngineClient

  constructor(engine: EngineClient, picture: InspectedPicture) {
    this.#engine = engine
    this.picture = picture
  }

  readonly layer: Layer | null = $derived(this.layers[this.place] ?? null)
  /** True while the maps shown are not yet those of the chosen layer. */
  readonly waiting: boolean = $derived(this.fault === '' && this.shown?.layer !== this.place)

  async open(): Promise<void> {
    try {
      const { layers, after } = await this.#engine.request('layers.list', { modelId: this.picture.modelId })
      this.layers = layers
      this.after = after
      await this.fetch(0)
    } catch (error) {
      this.#fail(error)
    }
  }

  close(): void {
    void this.#engine.request('layers.close', {})
  }

  goTo(place: number): void {
    const next = Math.max(0, Math.min(this.layers.length - 1, place))
    if (next === this.place) return
    this.place = next
    void this.fetch(0)
  }

  choose(map: number): void {
    const { shown } = this
    // The maps still shown are those of the layer before.
    if (this.waiting || shown?.maps.form !== 'maps') return
    const { total, first, maps } = shown.maps
    const next = Math.max(0, Math.min(total - 1, map))
    this.map = next
    if (next >= first && next < first + maps.length) void this.#lay()
    else void this.fetch(next < first ? Math.max(0, first - maps.length) : first + maps.length, next)
  }

  /** The maps of the chosen layer from `first` on. */
  async fetch(first: number, map = first): Promise<void> {
    const { place } = this
    try {
      const { maps, bytes } = await this.#engine.request('layers.maps', { ...this.#wanted, layer: place, first })
      if (place !== this.place) return
      this.fault = ''
      this.shown = { layer: place, maps, levels: bytes ?? new Uint8Array(0) }
      this.overlay = null
      this.map = map
      await this.#lay()
    } catch (error) {
      if (place === this.place) this.#fail(error)
    }
  }

  get #wanted() {
    const { studyKey, seriesInstanceUid, stack, slice, modelId } = this.picture
    return { studyKey, seriesInstanceUid, stack, sopInstanceUid: slice.sopInstanceUid, frameIndex: slice.frameIndex, modelId }
  }

  async #lay(): Promise<void> {
    const { shown, map } = this
    if (shown?.maps.form !== 'maps' || !shown.maps.spatial) return
    const wanted = { ...this.#wanted, layer: shown.layer, first: shown.maps.first, map }
    const { rows, columns, bytes } = await this.#engine.request('layers.overlay', wanted)
    if (this.shown === shown && this.map === map) this.overlay = { map, rows, columns, levels: bytes }
  }

  #fail(error: unknown): void {
    // A newer layer took this one's turn.
    if (error instanceof EngineFault && error.report.code === 'compute.cancelled') return
    this.shown = null
    this.overlay = null
    this.fault = error instanceof EngineFault ? error.message : 'The layers could not be read.'
  }
}
