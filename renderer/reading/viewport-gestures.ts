/** Wheel, clicks and drags over the picture: left runs the active tool, right zooms, middle pans. */
import type { Tool } from './reading-state.svelte'
import { isMeasureKind } from './measurement'
import type { CanvasPoint } from './view-transform'

export interface GestureTarget {
  scroll(steps: number): void
  window(dx: number, dy: number): void
  zoom(factor: number, about: CanvasPoint): void
  pan(dx: number, dy: number): void
  pointer(point: CanvasPoint | null): void
  tool(): Tool
  /** The left button with a tool that draws; `dragged` when the pointer went further than a click does. */
  press(point: CanvasPoint): void
  move(point: CanvasPoint): void
  release(point: CanvasPoint, dragged: boolean): void
  /** The left button with another tool, without a drag. */
  click(point: CanvasPoint): void
}

/** A notch of a wheel sends about 100; a touchpad sends many small ones, which add up to steps. */
const wheelPxPerSlice = 50
const dragPxPerDouble = 200
/** A hand is not perfectly still while it clicks. */
const clickPx = 3

const draws = (tool: Tool) => tool === 'missed' || isMeasureKind(tool)

export class ViewportGestures {
  readonly #box: HTMLElement
  readonly #target: GestureTarget
  readonly #listening = new AbortController()
  #drag: { readonly pointerId: number; readonly tool: Tool; readonly start: CanvasPoint; last: CanvasPoint; far: boolean } | null = null
  #wheel = 0

  constructor(box: HTMLElement, target: GestureTarget) {
    this.#box = box
    this.#target = target
    const { signal } = this.#listening
    box.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false })
    box.addEventListener('pointerdown', (event) => this.#onDown(event), { signal })
    box.addEventListener('pointermove', (event) => this.#onMove(event), { signal })
    box.addEventListener('pointerup', (event) => this.#onUp(event), { signal })
    box.addEventListener('pointercancel', (event) => this.#onUp(event), { signal })
    box.addEventListener('pointerleave', () => target.pointer(null), { signal })
    box.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
    // The middle button would start the browser's own scrolling.
    box.addEventListener('mousedown', (event) => event.button === 1 && event.preventDefault(), { signal })
  }

  destroy(): void {
    this.#listening.abort()
  }

  #point(event: MouseEvent): CanvasPoint {
    const { left, top } = this.#box.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault()
    if (event.ctrlKey) {
      this.#target.zoom(2 ** (-event.deltaY / 400), this.#point(event))
      return
    }
    const px = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * wheelPxPerSlice
    // A mouse's notch is one slice, however much it sends.
    if (Math.abs(px) >= wheelPxPerSlice) {
      this.#wheel = 0
      this.#target.scroll(Math.sign(px))
      return
    }
    this.#wheel += px
    const steps = Math.trunc(this.#wheel / wheelPxPerSlice)
    if (steps === 0) return
    this.#wheel -= steps * wheelPxPerSlice
    this.#target.scroll(steps)
  }

  #onDown(event: PointerEvent): void {
    if (this.#drag) return
    const tool = ([this.#target.tool(), 'pan', 'zoom'] as const)[event.button]
    if (!tool) return
    this.#box.setPointerCapture(event.pointerId)
    const start = this.#point(event)
    this.#drag = { pointerId: event.pointerId, tool, start, last: start, far: false }
    if (draws(tool)) this.#target.press(start)
  }

  #onMove(event: PointerEvent): void {
    const point = this.#point(event)
    this.#target.pointer(point)
    const drag = this.#drag
    if (!drag || drag.pointerId !== event.pointerId) {
      if (!drag) this.#target.move(point)
      return
    }
    if (Math.hypot(point[0] - drag.start[0], point[1] - drag.start[1]) > clickPx) drag.far = true
    const dx = point[0] - drag.last[0]
    const dy = point[1] - drag.last[1]
    drag.last = point
    if (drag.tool === 'window') this.#target.window(dx, dy)
    else if (drag.tool === 'pan') this.#target.pan(dx, dy)
    else if (drag.tool === 'zoom') this.#target.zoom(2 ** (-dy / dragPxPerDouble), drag.start)
    else if (draws(drag.tool)) this.#target.move(point)
  }

  #onUp(event: PointerEvent): void {
    const drag = this.#drag
    if (drag?.pointerId !== event.pointerId) return
    this.#drag = null
    if (draws(drag.tool)) this.#target.release(drag.last, drag.far)
    else if (event.button === 0 && !drag.far) this.#target.click(drag.last)
  }
}
