/**
 * The one rendering engine of the window, kept from study to study: each new one takes a graphics context and compiles its
 * shaders anew, and of both the graphics process keeps some.
 */
import { Enums, RenderingEngine, eventTarget } from '@cornerstonejs/core'

let kept: RenderingEngine | null = null
/** After a lost context the old engine's name may still be taken. */
let engines = 0

/** Of an event of Cornerstone. */
export const isOf = (event: Event, { id }: RenderingEngine) =>
  event instanceof CustomEvent && (event.detail as { renderingEngineId?: unknown } | null)?.renderingEngineId === id

export const hasEngine = (): boolean => kept !== null

/** Made where there is none, or the last one lost its context. */
export function keptEngine(): RenderingEngine {
  if (kept) return kept
  const engine = new RenderingEngine(`overread-${++engines}`)
  kept = engine
  const lost = (event: Event) => {
    if (!isOf(event, engine)) return
    eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, lost)
    kept = null
    // Not within the event that tells of the loss: the engine that sent it is taken down.
    setTimeout(() => takeDown(engine))
  }
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, lost)
  return engine
}

/** Takes a viewport off an engine, with all that it holds there. */
export function disable(engine: RenderingEngine, viewportId: string): void {
  // It went with the context it was lost with.
  if (engine.hasBeenDestroyed || !engine.getViewport(viewportId)) return
  const window = engine.getOffscreenMultiRenderWindow(viewportId)
  engine.disableElement(viewportId)
  if (engine.getViewports().length > 0) return
  // Until the next study it draws on a single pixel; this render gives the textures of the last one back.
  Object.assign(window.getContainer() ?? {}, { width: 1, height: 1 })
  window.resize()
}

/** Of a lost context there is nothing to give back. */
function takeDown(engine: RenderingEngine): void {
  try {
    engine.destroy()
  } catch (error) {
    // vtk.js may stumble over it.
    console.warn('the graphics context could not be closed', error)
  }
}
