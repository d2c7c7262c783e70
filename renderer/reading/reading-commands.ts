/** What each key does on the reading screen. */
import type { CommandHandlers } from '../app/command-registry'

import { route } from '../app/route.svelte'
import { isStructure } from '../findings/decisions'
import type { ExplanationState } from '../explanation/explanation-state.svelte'
import type { ReviewState } from '../findings/review-state.svelte'
import { isMeasureKind } from './measurement'
import type { MeasureState } from './measure-state.svelte'
import type { MissState } from './miss-state.svelte'
import type { OverlayState } from './overlay-state.svelte'
import { pictureId } from './picture-id'
import type { PlaneState } from './plane-state.svelte'
import { pictureSize } from './display-picture'
import type { ReadingState, Tool } from './reading-state.svelte'

export interface ReadingScreen {
  readonly reading: ReadingState
  readonly overlay: OverlayState
  readonly planes: PlaneState
  readonly measures: MeasureState
  readonly misses: MissState
  readonly review: ReviewState
  readonly why: ExplanationState
  comment(findingId: string): void
  /** True when a comment was open. */
  leaveComment(): boolean
  openStudy(step: 1 | -1): void
}

const page = 10
/** A press shorter than this switches; a longer one hides only while it is held. */
const heldAfterMs = 350

export function readingCommands(screen: ReadingScreen): CommandHandlers {
  const { reading, overlay, planes, measures, misses, review, why } = screen
  const take = (name: Tool) => {
    reading.tool = name
    measures.draft = null
    misses.leave()
  }
  const tool = (name: Tool) => () => take(reading.tool === name ? 'window' : name)
  const presets = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`window.preset-${index + 1}`, () => reading.choosePreset(reading.presets[index])]),
  )

  function stepFinding(by: 1 | -1): void {
    const { findings } = review
    if (findings.length === 0) return
    const at = findings.findIndex(({ findingId }) => findingId === review.chosenId)
    const next = findings[at < 0 ? (by > 0 ? 0 : findings.length - 1) : (at + by + findings.length) % findings.length]
    review.chosenId = next.findingId
    reading.goToFrame(next.best)
  }

  /** Only a finding chosen in this study, and only after one of its slices stood on the canvas. */
  function decide(verdict: 'accepted' | 'rejected'): void {
    const { chosen } = review
    if (!chosen || isStructure(chosen)) return
    if (!chosen.frames.some((frame) => reading.shownPictures.has(pictureId(frame)))) return
    void review.decide(chosen.findingId, verdict)
  }

  function hide(event?: KeyboardEvent): void {
    if (!event) {
      overlay.visible = !overlay.visible
      return
    }
    const pressed = event.timeStamp
    overlay.held = true
    const listening = new AbortController()
    const release = (at: number) => {
      listening.abort()
      overlay.held = false
      if (at - pressed < heldAfterMs) overlay.visible = !overlay.visible
    }
    addEventListener('keyup', (up) => up.key.toUpperCase() === 'H' && release(up.timeStamp), { signal: listening.signal })
    // A key let go in another window never reports back.
    addEventListener('blur', () => release(Number.POSITIVE_INFINITY), { signal: listening.signal })
  }

  return {
    ...presets,
    'slice.next': () => reading.step(1),
    'slice.previous': () => reading.step(-1),
    'slice.page-down': () => reading.step(page),
    'slice.page-up': () => reading.step(-page),
    'slice.first': () => reading.goTo(0),
    'slice.last': () => reading.goTo(reading.slices.length - 1),
    'picture.cine': () => (reading.cine = !reading.cine && reading.slices.length > 1),
    'tool.window': () => take('window'),
    'tool.zoom': tool('zoom'),
    'tool.pan': tool('pan'),
    'tool.probe': tool('probe'),
    'tool.length': tool('length'),
    'tool.ellipse': tool('ellipse'),
    'tool.angle': tool('angle'),
    'picture.fit': () => reading.fit(),
    'picture.actual-size': () => {
      if (!reading.slice) return
      const { pixelWidth, pixelHeight } = pictureSize(reading.slice, reading.slice)
      reading.view = { ...reading.view, scale: 1 / (Math.min(pixelWidth, pixelHeight) * devicePixelRatio), centre: [0.5, 0.5] }
    },
    'picture.invert': () => (reading.inverted = !reading.inverted),
    'picture.rotate': () => reading.rotate(),
    'picture.flip': () => reading.flip(),
    'picture.reset': () => reading.reset(),
    'picture.corners': () => (reading.corners = !reading.corners),
    'picture.overlays': () => (planes.visible = !planes.visible),
    'study.previous': () => screen.openStudy(-1),
    'study.next': () => screen.openStudy(1),
    'network.analyse': () => {
      const { suggested } = review
      if (!suggested || reading.series === null || review.standing.state === 'busy') return
      const { seriesInstanceUid, stack } = reading.series
      void review.analyse({
        series: { seriesInstanceUid, stack },
        frames: null,
        modelId: suggested.modelId,
        override: false,
        provider: null,
      })
    },
    'network.layers': () => {
      const modelId = review.result?.model.id ?? review.suggested?.modelId
      if (modelId === undefined || reading.series === null || reading.slice === null) return
      const { seriesInstanceUid, stack } = reading.series
      route.go({ name: 'inspector', picture: { studyKey: reading.studyKey, seriesInstanceUid, stack, slice: reading.slice, modelId } })
    },
    'overlay.toggle': hide,
    'overlay.mode': () => overlay.nextMode(),
    'overlay.less': () => overlay.changeOpacity(-0.1),
    'overlay.more': () => overlay.changeOpacity(0.1),
    'finding.next': () => stepFinding(1),
    'finding.previous': () => stepFinding(-1),
    'finding.accept': () => decide('accepted'),
    'finding.reject': () => {
      if (reading.painted && measures.removeSelected(reading.painted.id)) return
      decide('rejected')
    },
    'finding.agree': () => {
      if (review.canAgree(reading.shownPictures, reading.slices.length)) void review.agree()
    },
    'tool.missed': () => {
      if (reading.tool === 'missed') take('window')
      else if (reading.painted && review.canMiss(reading.painted.id)) take('missed')
    },
    'finding.comment': () => {
      if (review.chosen && !isStructure(review.chosen)) screen.comment(review.chosen.findingId)
    },
    'finding.why': () => {
      if (review.chosen && review.result) void why.ask(review.chosen, review.result)
    },
    'decision.undo': () => void review.undo(),
    'app.back': () => {
      if (screen.leaveComment() || measures.back() || misses.leave() || why.close()) return
      if (reading.tool === 'missed' || isMeasureKind(reading.tool)) reading.tool = 'window'
      else if (review.chosenId !== null) review.chosenId = null
      else route.back()
    },
    'app.keys': () => route.go({ name: 'help' }),
    'app.worklist': () => route.go({ name: 'worklist' }),
  }
}
