/** Chooses the stage: Cornerstone on the GPU, or a plain canvas where there is none or it keeps failing. */
import { CanvasStage } from './canvas-stage'
import type { PictureStage } from './picture-stage'
import { releaseContext } from './release-canvas'

/** So many lost contexts are taken for bad luck; after that the GPU is left alone. */
const lossesBorne = 2

/** Most of what the window loads: not waited for by a window that shows the list first. */
const cornerstone = () => import('./cornerstone-stage')

/** Fetches what a stage needs, before one is asked for. */
export function prepareStage(): void {
  // Where it fails, the stage that is asked for does without.
  cornerstone().catch(() => {})
}

function hasGpu(): boolean {
  const probe = document.createElement('canvas')
  const found = probe.getContext('webgl2') !== null
  releaseContext(probe)
  return found
}

/**
 * A stage in `element`, empty until a picture is shown.
 *
 * @param losses how often the graphics context was lost in this viewport
 * @param onRendered called in the very task that put a picture on the canvas, with that picture's id
 * @param onLost called when the stage can show nothing any more and another must be made
 */
export async function createStage(
  element: HTMLDivElement,
  losses: number,
  onRendered: (pictureId: string) => void,
  onLost: () => void,
): Promise<PictureStage> {
  const loaded = losses < lossesBorne ? await cornerstone().catch(() => null) : null
  return loaded && (loaded.hasEngine() || hasGpu())
    ? new loaded.CornerstoneStage(element, onRendered, onLost)
    : new CanvasStage(element, onRendered)
}
