/** What is drawn of a network over the picture: which result, how, and the data of the pictures near the reader. */
import type { AnalysisResult, FrameReference } from '../../contracts/analysis'
import { Abandoned, type EngineClient } from '../engine/engine-client'
import { urgency } from '../engine/request-queue'
import { boxRings } from './box-rings'
import { labelShapes, type LabelShape } from './label-shapes'
import { LeastRecent } from './least-recent'
import { maskRings, type Ring } from './mask-outline'
import { pictureId } from './picture-id'

export const overlayModes = ['both', 'heat', 'outline'] as const
export type OverlayMode = (typeof overlayModes)[number]

/** Everything a result holds for one picture, on its source grid. */
export interface PictureOverlay {
  /** Of the picture it belongs to; compared with what is painted before anything is drawn. */
  readonly pictureId: string
  readonly resultId: string
  readonly rows: number
  readonly columns: number
  /** 0 to 65535 for 0 to 1. */
  readonly heat: Uint16Array | null
  readonly rings: readonly Ring[]
  /** Around what any test-time variant finds; none where they find what the mask holds. */
  readonly possibleRings: readonly Ring[]
  /** Drawn without colour: the map did not pass its tests. */
  readonly grey?: boolean
  /** The value of full colour, where the scale was made this picture's own; else it is 1. */
  readonly top?: number
  /** The number of a structure at each pixel; null where the result has no label map. */
  readonly labels: Uint8Array | null
  readonly shapes: readonly LabelShape[]
}

const budgetBytes = 192 * 2 ** 20
const picturesAhead = 3

export class OverlayState {
  /** The reader's switch; `held` hides for as long as the key is down. */
  visible = $state(true)
  held = $state(false)
  mode = $state<OverlayMode>('both')
  /** 0 to 1. */
  opacity = $state(0.6)
  /** 0 to 1; follows the operating point when a result is chosen. */
  threshold = $state(0.3)
  result = $state.raw<AnalysisResult | null>(null)
  /** While it is open it alone is drawn, over its picture. */
  explained = $state.raw<PictureOverlay | null>(null)
  /** The number of the structure that is pointed at or chosen in the list; the others are drawn fainter. */
  pointed = $state<number | null>(null)
  chosen = $state<number | null>(null)
  /** Rises when data arrived: what is drawn depends on it. */
  arrivals = $state(0)
  /** The result whose operating point the threshold began with. */
  #thresholdOf = ''
  readonly #engine: EngineClient
  readonly #studyKey: number
  readonly #overlays = new LeastRecent<PictureOverlay>(budgetBytes)
  readonly #loading = new Map<string, AbortController>()

  constructor(engine: EngineClient, studyKey: number) {
    this.#engine = engine
    this.#studyKey = studyKey
  }

  readonly drawn: boolean = $derived(this.visible && !this.held && this.result !== null)
  readonly hasHeat: boolean = $derived(this.explained !== null || (this.result !== null && this.result.heatmapKind !== 'none'))
  readonly hasMasks: boolean = $derived(this.result?.hasMasks ?? false)
  readonly hasBoxes: boolean = $derived(this.result?.findings.some(({ boxes }) => boxes.length > 0) ?? false)
  readonly hasLabels: boolean = $derived(this.result?.hasLabelMaps ?? false)
  readonly hasOutlines: boolean = $derived(this.explained !== null || this.hasMasks || this.hasBoxes || this.hasLabels)
  /** Areas in colour: heat, or the structures of a label map. */
  readonly hasAreas: boolean = $derived(this.hasHeat || this.hasLabels)
  readonly showsHeat: boolean = $derived(this.drawn && this.hasAreas && (this.mode !== 'outline' || !this.hasOutlines))
  readonly showsOutline: boolean = $derived(this.drawn && this.hasOutlines && (this.mode !== 'heat' || !this.hasAreas))
  readonly emphasised: number | null = $derived(this.pointed ?? this.chosen)
  /** Of the structures that were found, by number. */
  readonly colours: ReadonlyMap<number, string> = $derived(
    new Map(this.result?.structures.map(({ number, colour }) => [number, colour] as const)),
  )

  /** Chooses whose overlay is drawn; the threshold begins where the network's own begins. */
  choose(result: AnalysisResult | null): void {
    const same = result?.resultId === this.result?.resultId
    this.result = result
    // A result is told of before its findings are all there.
    const point = result?.findings[0]?.operatingPoint
    if (point !== undefined && result && this.#thresholdOf !== result.resultId) {
      this.#thresholdOf = result.resultId
      this.threshold = Math.min(0.9, Math.max(0.05, Math.round(point * 100) / 100))
    }
    if (same) return
    this.pointed = null
    this.chosen = null
    for (const abort of this.#loading.values()) abort.abort()
    this.#loading.clear()
  }

  /** The overlay of a picture; null where it is not here, or the result says nothing of the picture. */
  peek(picture: string): PictureOverlay | null {
    if (this.explained) return this.explained.pictureId === picture ? this.explained : null
    const { result } = this
    const overlay = result && this.#overlays.get(`${result.resultId} ${picture}`)
    if (!overlay || !this.hasBoxes) return overlay
    // Findings come last of a result, after overlays may have been fetched.
    return { ...overlay, rings: [...overlay.rings, ...boxRings(result.findings, picture)] }
  }

  nextMode(): void {
    this.mode = overlayModes[(overlayModes.indexOf(this.mode) + 1) % overlayModes.length]
  }

  changeOpacity(by: number): void {
    this.opacity = Math.min(1, Math.max(0, Math.round((this.opacity + by) * 20) / 20))
  }

  /** Fetches for the picture at `index` and the next ones in the direction of scrolling. */
  async around(slices: readonly FrameReference[], index: number, direction: 1 | -1): Promise<void> {
    const { result } = this
    if (!result) return
    const analysed = new Set(result.images.filter(({ refused }) => refused === null).map(pictureId))
    for (let step = 0; step <= picturesAhead; step++) {
      const slice = slices[index + step * direction]
      if (slice && analysed.has(pictureId(slice))) void this.#load(result, slice)
    }
  }

  async #load(result: AnalysisResult, reference: FrameReference): Promise<void> {
    const id = pictureId(reference)
    const key = `${result.resultId} ${id}`
    if (this.#overlays.has(key) || this.#loading.has(key)) return
    const abort = new AbortController()
    this.#loading.set(key, abort)
    try {
      const overlay = await this.#fetch(result, reference, id, abort.signal)
      if (!overlay) return
      this.#overlays.set(key, overlay, overlay.rows * overlay.columns * (overlay.labels ? 4 : 2) + 4096)
      this.arrivals++
    } catch (error) {
      // The panel says what the result is; a picture whose overlay cannot be read is shown without one.
      if (!(error instanceof Abandoned)) console.warn('an overlay could not be read')
    } finally {
      if (this.#loading.get(key) === abort) this.#loading.delete(key)
    }
  }

  async #fetch(result: AnalysisResult, reference: FrameReference, id: string, signal: AbortSignal): Promise<PictureOverlay | null> {
    const image = result.images.find((candidate) => pictureId(candidate) === id)
    const { sopInstanceUid, frameIndex } = reference
    const input = { studyKey: this.#studyKey, resultId: result.resultId, sopInstanceUid, frameIndex }
    const options = { urgency: urgency.overlay, signal }
    const ask = (kind: 'heatmap' | 'mask' | 'possible-mask' | 'label-map', label: string) =>
      this.#engine.request('overlay.get', { ...input, kind, label }, options)
    const heatLabel = result.heatmapKind === 'none' ? undefined : Object.keys(image?.heatmapRange ?? {})[0]
    const maskLabels = result.hasMasks
      ? Object.entries(image?.maskPixels ?? {}).flatMap(([label, pixels]) => (pixels > 0 ? [label] : []))
      : []
    const possibleLabels = result.hasPossibleMasks ? Object.keys(image?.maskPixels ?? {}) : []
    const [heat, masks, possible, numbers] = await Promise.all([
      heatLabel === undefined ? null : ask('heatmap', heatLabel),
      Promise.all(maskLabels.map((label) => ask('mask', label))),
      Promise.all(possibleLabels.map((label) => ask('possible-mask', label))),
      result.hasLabelMaps ? ask('label-map', '') : null,
    ])
    const grid = heat ?? numbers ?? [...masks, ...possible].find((mask) => mask !== null)
    const rows = grid?.rows ?? 0
    const columns = grid?.columns ?? 0
    const samples = rows * columns
    const values = heat && heat.bytes.byteLength === samples * 2 ? new Uint16Array(heat.bytes.slice().buffer) : null
    const labels = numbers && numbers.bytes.byteLength === samples ? numbers.bytes : null
    const ringsOf = (all: typeof masks) =>
      all.flatMap((mask) =>
        mask && mask.rows === rows && mask.columns === columns && mask.bytes.byteLength === samples
          ? maskRings(mask.bytes, rows, columns)
          : [],
      )
    return {
      pictureId: id,
      resultId: result.resultId,
      rows,
      columns,
      heat: values,
      rings: ringsOf(masks),
      possibleRings: ringsOf(possible),
      labels,
      shapes: labels ? labelShapes(labels, rows, columns) : [],
    }
  }
}
