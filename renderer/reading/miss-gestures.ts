/** From the pointer over the canvas to a mark on the picture that is painted on it. */
import type { FrameReference } from '../../contracts/analysis'
import type { EntryOutline } from '../../contracts/reader-entries'
import { withinPicture } from './measurement'
import type { MissState } from './miss-state.svelte'
import type { ReadingState } from './reading-state.svelte'
import type { GestureTarget } from './viewport-gestures'
import { applyInverse, type Affine, type CanvasPoint } from './view-transform'

/** @param affine the map from picture to canvas as it was rendered; null while nothing is shown */
export function missGestures(
  misses: MissState,
  reading: ReadingState,
  affine: () => Affine | null,
  enter: (picture: FrameReference, outline: EntryOutline) => void,
): Pick<GestureTarget, 'press' | 'move' | 'release'> {
  function placeOf(at: CanvasPoint) {
    const map = affine()
    const { painted } = reading
    // While another slice is on its way, a mark would land on the one that goes.
    if (!map || !painted || !reading.current) return null
    return { painted, map, point: withinPicture(applyInverse(map, at), painted.slice.rows, painted.slice.columns) }
  }
  return {
    press: (at) => {
      const place = placeOf(at)
      if (place && reading.tool === 'missed') misses.press(place.painted.id, place.point)
    },
    move: (at) => {
      const place = misses.draft ? placeOf(at) : null
      if (place) misses.move(place.painted.id, place.map, at, place.point)
    },
    release: (at, dragged) => {
      const place = misses.draft ? placeOf(at) : null
      const outline = place && misses.release(place.painted.id, place.map, dragged)
      misses.leave()
      if (!place || !outline) return
      // One mark a press of the key: what is clicked next is no mark by accident.
      reading.tool = 'window'
      const { sopInstanceUid, frameIndex } = place.painted.slice
      enter({ sopInstanceUid, frameIndex }, outline)
    },
  }
}
