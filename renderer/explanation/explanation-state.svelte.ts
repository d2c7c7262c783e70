/** Why a network scores a picture as it does: asked for, waited for, and laid over that picture. */
import type { AnalysisResult, Finding } from '../../contracts/analysis'
import { distrustOf, type Explanation, type ExplanationMethod } from '../../contracts/explanation'
import { Abandoned, EngineFault, type EngineClient } from '../engine/engine-client'
import { maskRings } from '../reading/mask-outline'
import type { OverlayState } from '../reading/overlay-state.svelte'
import { pictureId } from '../reading/picture-id'

interface Asked {
  readonly requestId: string
  readonly finding: Finding
  readonly result: AnalysisResult
}

const leastSeen = 0.05

export class ExplanationState {
  asked = $state.raw<Asked | null>(null)
  /** Runs of the network so far. */
  passes = $state(0)
  shown = $state.raw<{ readonly explanation: Explanation; readonly asked: Asked } | null>(null)
  fault = $state<string | null>(null)
  method = $state<ExplanationMethod | null>(null)
  /** Full colour at the map's own greatest value instead of 1. */
  stretched = $state(false)
  #thresholdBefore = 0
  readonly #engine: EngineClient
  readonly #studyKey: number
  readonly #overlay: OverlayState
  readonly #forget: () => void

  constructor(engine: EngineClient, studyKey: number, overlay: OverlayState) {
    this.#engine = engine
    this.#studyKey = studyKey
    this.#overlay = overlay
    this.#forget = engine.onEvent((event) => {
      if (event.event === 'explanation.progress' && event.requestId === this.asked?.requestId) this.passes = event.done
    })
  }

  readonly distrust: string | null = $derived(this.shown && distrustOf(this.shown.explanation.trust))

  async ask(finding: Finding, result: AnalysisResult): Promise<void> {
    if (finding.kind !== 'image') return
    this.close()
    const asked = { requestId: crypto.randomUUID(), finding, result }
    this.asked = asked
    this.passes = 0
    const { sopInstanceUid, frameIndex } = finding.best
    try {
      const { explanation, bytes } = await this.#engine.request('explanation.make', {
        requestId: asked.requestId,
        studyKey: this.#studyKey,
        resultId: result.resultId,
        sopInstanceUid,
        frameIndex,
        label: finding.label,
        method: this.method,
      })
      if (this.asked !== asked) return
      this.#show(explanation, new Uint16Array(bytes.slice().buffer), asked)
    } catch (error) {
      if (this.asked !== asked || error instanceof Abandoned) return
      this.fault = error instanceof EngineFault ? error.report.message : 'The explanation could not be made.'
    } finally {
      if (this.asked === asked) this.asked = null
    }
  }

  again(method: ExplanationMethod | null): void {
    this.method = method
    if (this.shown) void this.ask(this.shown.asked.finding, this.shown.asked.result)
  }

  cancel(): void {
    if (!this.asked) return
    void this.#engine.request('explanation.cancel', { requestId: this.asked.requestId }).catch(() => {})
    this.asked = null
  }

  /** True where something was open. */
  close(): boolean {
    const open = this.asked !== null || this.shown !== null || this.fault !== null
    this.cancel()
    this.fault = null
    if (this.shown) this.#overlay.threshold = this.#thresholdBefore
    this.shown = null
    this.stretched = false
    this.#overlay.explained = null
    return open
  }

  stretch(on: boolean): void {
    const { explained } = this.#overlay
    if (!explained || !this.shown) return
    this.stretched = on
    this.#overlay.explained = { ...explained, top: on ? Math.max(this.shown.explanation.greatest, 1e-4) : undefined }
  }

  dispose(): void {
    this.close()
    this.#forget()
  }

  #show(explanation: Explanation, heat: Uint16Array, asked: Asked): void {
    const { rows, columns, contour, greatest, trust, sopInstanceUid, frameIndex } = explanation
    if (heat.length !== rows * columns) {
      this.fault = 'The explanation could not be read.'
      return
    }
    const least = contour === null ? Infinity : Math.round(contour * 65535)
    const hottest = Uint8Array.from(heat, (value) => (value >= least && value > 0 ? 1 : 0))
    this.shown = { explanation, asked }
    this.#thresholdBefore = this.#overlay.threshold
    this.#overlay.threshold = Math.min(leastSeen, greatest / 4)
    this.#overlay.explained = {
      pictureId: pictureId({ sopInstanceUid, frameIndex }),
      resultId: asked.result.resultId,
      rows,
      columns,
      heat,
      rings: maskRings(hottest, rows, columns),
      possibleRings: [],
      labels: null,
      shapes: [],
      grey: distrustOf(trust) !== null,
    }
  }
}
