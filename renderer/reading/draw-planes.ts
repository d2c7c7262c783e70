/** Draws a file's overlay planes over its picture, each set pixel on its place, with a dark edge of one device pixel. */
import { clearLayer, layerContext } from './layer-canvas'
import type { PicturePlanes } from './plane-state.svelte'
import { looksPerPixel, planeMatrix } from './plane-pixels'
import type { Affine } from './view-transform'

const edge = 'rgb(0 0 0 / 80%)'
/** Regions of interest are areas: the picture stays readable beneath. */
const strength = { graphics: 0.9, region: 0.4 } as const
const around = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const))

export class PlaneLayer {
  #scratch: OffscreenCanvas | null = null
  #edges: OffscreenCanvas | null = null
  /** What the canvas holds: scrolling through a network's overlay renders the same planes again and again. */
  #drawn: { readonly of: PicturePlanes; readonly place: string } | null = null

  clear(canvas: HTMLCanvasElement): void {
    if (this.#drawn) clearLayer(canvas)
    this.#drawn = null
  }

  /** `affine`: from picture (pixel corners) to CSS pixels of the canvas; `ratio`: device pixels a CSS pixel. */
  draw(canvas: HTMLCanvasElement, planes: PicturePlanes, affine: Affine, ratio: number): void {
    const place = [...Object.values(affine), ratio, canvas.width, canvas.height].join()
    if (this.#drawn?.of === planes && this.#drawn.place === place) return
    clearLayer(canvas)
    this.#drawn = { of: planes, place }
    const target = layerContext(canvas, planes.pictureId)
    if (!target || canvas.width === 0 || canvas.height === 0) return
    const kinds = [
      ['region', planes.planes.filter(({ facts }) => facts.type === 'R')],
      ['graphics', planes.planes.filter(({ facts }) => facts.type !== 'R')],
    ] as const
    for (const [kind, drawn] of kinds) {
      if (drawn.length === 0) continue
      const marks = this.#sized('scratch', canvas)
      const context = marks.getContext('2d')!
      context.imageSmoothingEnabled = false
      for (const { facts, bitmap } of drawn) {
        const { a, b, c, d, e, f } = planeMatrix(affine, ratio, facts)
        const looks = looksPerPixel({ a, b, c, d, e, f })
        for (let x = 0; x < looks; x++) {
          for (let y = 0; y < looks; y++) {
            context.setTransform(a, b, c, d, e + (x + 0.5) / looks - 0.5, f + (y + 0.5) / looks - 0.5)
            context.drawImage(bitmap, 0, 0)
          }
        }
      }
      target.drawImage(this.#edgeOf(marks, canvas), 0, 0)
      target.globalAlpha = strength[kind]
      target.drawImage(marks, 0, 0)
      target.globalAlpha = 1
    }
  }

  /** What lies one device pixel around the marks, and not under them. */
  #edgeOf(marks: OffscreenCanvas, canvas: HTMLCanvasElement): OffscreenCanvas {
    const edges = this.#sized('edges', canvas)
    const context = edges.getContext('2d')!
    for (const [x, y] of around) context.drawImage(marks, x, y)
    context.globalCompositeOperation = 'source-in'
    context.fillStyle = edge
    context.fillRect(0, 0, edges.width, edges.height)
    context.globalCompositeOperation = 'destination-out'
    context.drawImage(marks, 0, 0)
    context.globalCompositeOperation = 'source-over'
    return edges
  }

  #sized(which: 'scratch' | 'edges', { width, height }: HTMLCanvasElement): OffscreenCanvas {
    let canvas = which === 'scratch' ? this.#scratch : this.#edges
    if (!canvas || canvas.width !== width || canvas.height !== height) {
      canvas = new OffscreenCanvas(width, height)
      if (which === 'scratch') this.#scratch = canvas
      else this.#edges = canvas
      return canvas
    }
    const context = canvas.getContext('2d')!
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
    return canvas
  }
}
