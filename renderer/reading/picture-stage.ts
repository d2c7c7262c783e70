/** What shows a picture on the screen: Cornerstone on the GPU, or a plain canvas where there is none. */
import type { Affine, CanvasSize, PictureSize, View } from './view-transform'

/** What is painted: grey or RGB, interleaved, 8 bit. */
export interface StagePicture {
  readonly id: string
  readonly size: PictureSize
  readonly samplesPerPixel: 1 | 3
  readonly display: Uint8Array<ArrayBuffer>
}

export interface PictureStage {
  /** Puts a picture on the stage; it appears with the next render. */
  show(picture: StagePicture, view: View): void
  /** Places the picture on the canvas as the view says, and renders. */
  place(view: View): void
  /** Renders once more what is on the stage: overlays are drawn only then. */
  render(): void
  readonly canvasSize: CanvasSize
  /** The map from picture to canvas as it was rendered; null while nothing is shown. */
  affine(): Affine | null
  resize(): void
  destroy(): void
}
