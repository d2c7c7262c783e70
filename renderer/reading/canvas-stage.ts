/** Shows pictures on a plain 2D canvas: slower than the GPU, and there when the GPU is not. */
import type { PictureStage, StagePicture } from './picture-stage'
import { releasePictures } from './release-canvas'
import { pictureToCanvas, type Affine, type CanvasSize, type View } from './view-transform'

function bitmapOf({ size, samplesPerPixel, display }: StagePicture): OffscreenCanvas {
  const { rows, columns } = size
  const image = new ImageData(columns, rows)
  const { data } = image
  const step = samplesPerPixel === 3 ? 1 : 0
  for (let pixel = 0, to = 0; pixel < rows * columns; pixel++, to += 4) {
    const from = pixel * samplesPerPixel
    data[to] = display[from]
    data[to + 1] = display[from + step]
    data[to + 2] = display[from + 2 * step]
    data[to + 3] = 255
  }
  const bitmap = new OffscreenCanvas(columns, rows)
  bitmap.getContext('2d')?.putImageData(image, 0, 0)
  return bitmap
}

export class CanvasStage implements PictureStage {
  readonly #element: HTMLDivElement
  readonly #canvas = document.createElement('canvas')
  readonly #onRendered: (pictureId: string) => void
  #picture: StagePicture | null = null
  #bitmap: OffscreenCanvas | null = null
  #view: View | null = null
  #frame = 0

  constructor(element: HTMLDivElement, onRendered: (pictureId: string) => void) {
    this.#element = element
    this.#onRendered = onRendered
    this.#canvas.className = 'canvas-stage'
    this.#canvas.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%'
    element.replaceChildren(this.#canvas)
    this.resize()
  }

  show(picture: StagePicture, view: View): void {
    this.#picture = picture
    this.#bitmap = bitmapOf(picture)
    this.place(view)
  }

  place(view: View): void {
    this.#view = view
    this.render()
  }

  render(): void {
    if (this.#picture && this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }

  get canvasSize(): CanvasSize {
    return { width: this.#element.clientWidth, height: this.#element.clientHeight }
  }

  affine(): Affine | null {
    return this.#picture && this.#view ? pictureToCanvas(this.#view, this.#picture.size, this.canvasSize) : null
  }

  resize(): void {
    const { width, height } = this.canvasSize
    this.#canvas.width = Math.round(width * devicePixelRatio)
    this.#canvas.height = Math.round(height * devicePixelRatio)
    this.render()
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#canvas.remove()
    releasePictures([this.#canvas])
  }

  #draw(): void {
    this.#frame = 0
    const context = this.#canvas.getContext('2d')
    const affine = this.affine()
    if (!context || !affine || !this.#bitmap || !this.#picture) return
    const ratio = devicePixelRatio
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = '#000'
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
    context.setTransform(affine.a * ratio, affine.b * ratio, affine.c * ratio, affine.d * ratio, affine.e * ratio, affine.f * ratio)
    context.imageSmoothingQuality = 'high'
    context.drawImage(this.#bitmap, 0, 0)
    this.#onRendered(this.#picture.id)
  }
}
