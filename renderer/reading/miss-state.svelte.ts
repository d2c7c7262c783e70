/** The mark of a miss that is being drawn. It becomes an entry when the button goes up, and is gone with its picture. */
import type { EntryOutline } from '../../contracts/reader-entries'
import type { PicturePoint } from '../../main/geometry/measure'
import { outlineOf, stepPx } from './miss-outline'
import { apply, type Affine, type CanvasPoint } from './view-transform'

interface Draft {
  readonly picture: string
  readonly points: readonly PicturePoint[]
}

export class MissState {
  draft = $state.raw<Draft | null>(null)

  press(picture: string, point: PicturePoint): void {
    this.draft = { picture, points: [point] }
  }

  move(picture: string, affine: Affine, at: CanvasPoint, point: PicturePoint): void {
    const { draft } = this
    if (draft?.picture !== picture) return
    const [x, y] = apply(affine, draft.points[draft.points.length - 1])
    if (Math.hypot(at[0] - x, at[1] - y) >= stepPx) this.draft = { picture, points: [...draft.points, point] }
  }

  /** The button went up; null where it went down on another picture. */
  release(picture: string, affine: Affine, dragged: boolean): EntryOutline | null {
    const { draft } = this
    this.draft = null
    if (draft?.picture !== picture) return null
    const perPixel = Math.sqrt(Math.abs(affine.a * affine.d - affine.b * affine.c))
    return outlineOf(dragged ? draft.points : draft.points.slice(0, 1), perPixel)
  }

  /** Another picture stands on the canvas, or the reader went back; true where something was begun. */
  leave(): boolean {
    const begun = this.draft !== null
    this.draft = null
    return begun
  }
}
