/** From the pointer over the canvas to the measurements of the picture that is painted on it. */
import type { MeasureState } from './measure-state.svelte'
import { isMeasureKind, withinPicture } from './measurement'
import type { ReadingState } from './reading-state.svelte'
import type { GestureTarget } from './viewport-gestures'
import { applyInverse, type Affine, type CanvasPoint } from './view-transform'

/** @param affine the map from picture to canvas as it was rendered; null while nothing is shown */
export function measureGestures(
  measures: MeasureState,
  reading: ReadingState,
  affine: () => Affine | null,
): Pick<GestureTarget, 'press' | 'move' | 'release' | 'click'> {
  function placeOf(at: CanvasPoint) {
    const map = affine()
    const { painted } = reading
    if (!map || !painted) return null
    return { picture: painted.id, map, point: withinPicture(applyInverse(map, at), painted.slice.rows, painted.slice.columns) }
  }
  return {
    press: (at) => {
      const place = placeOf(at)
      if (place && isMeasureKind(reading.tool)) measures.press(place.picture, reading.tool, place.map, at, place.point)
    },
    move: (at) => {
      const place = measures.busy ? placeOf(at) : null
      if (place) measures.move(place.picture, place.point)
    },
    release: (at, dragged) => {
      const place = placeOf(at)
      if (place) measures.release(place.picture, place.point, dragged)
    },
    click: (at) => {
      const place = placeOf(at)
      measures.select((place && measures.touched(place.picture, place.map, at)?.measurement.id) ?? null)
    },
  }
}
