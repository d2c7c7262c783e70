/**
 * The one place that knows Cornerstone, besides the engine it keeps: shows 8-bit pictures on a canonical plane.
 *
 * Cornerstone's world is only a drawing plane here (origin 0, rows along x,
 * columns along y). Grey is computed by our own LUTs before it gets here, so the
 * canvas shows what the command line's display stage writes; everything
 * anatomical comes from our own geometry.
 */
import { Enums, eventTarget, init, metaData, utilities, type RenderingEngine, type StackViewport, type Types } from '@cornerstonejs/core'
import { disable, isOf, keptEngine } from './kept-engine'
import type { PictureStage, StagePicture } from './picture-stage'
import { releasePictures } from './release-canvas'
import { affineFromPoints, scaleOf, screenAxes, type Affine, type CanvasSize, type PictureSize, type View } from './view-transform'

const planes = new Map<string, PictureSize & { readonly samplesPerPixel: 1 | 3 }>()
let ready = false
/** Two stages may share the engine for a moment, as one study is left for another. */
let stages = 0

export { hasEngine } from './kept-engine'

/** Cornerstone asks by image id for what it would otherwise take from the header. */
function provide(type: string, imageId: string): unknown {
  const plane = planes.get(imageId)
  if (!plane) return undefined
  if (type === Enums.MetadataModules.IMAGE_PLANE) {
    return {
      rows: plane.rows,
      columns: plane.columns,
      rowPixelSpacing: plane.pixelHeight,
      columnPixelSpacing: plane.pixelWidth,
      imagePositionPatient: [0, 0, 0],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      frameOfReferenceUID: 'overread',
    }
  }
  if (type === Enums.MetadataModules.IMAGE_PIXEL) {
    return {
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      pixelRepresentation: 0,
      samplesPerPixel: plane.samplesPerPixel,
      photometricInterpretation: plane.samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
    }
  }
  if (type === Enums.MetadataModules.GENERAL_SERIES) return { modality: 'OT' }
  return undefined
}

function prepare(): void {
  if (ready) return
  ready = true
  // One viewport needs one context; seven would be kept otherwise.
  init({ rendering: { webGlContextCount: 1 } } as Parameters<typeof init>[0])
  metaData.addProvider(provide, 10_000)
}

function cornerstoneImage(picture: StagePicture): Types.IImage {
  const { size, display, samplesPerPixel } = picture
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width: size.columns,
    height: size.rows,
    scalarData: display,
    numberOfComponents: samplesPerPixel,
  })
  return {
    imageId: picture.id,
    minPixelValue: 0,
    maxPixelValue: 255,
    slope: 1,
    intercept: 0,
    // LINEAR over the whole of 8 bits: what goes in comes out.
    windowCenter: 128,
    windowWidth: 256,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => display,
    getCanvas: () => document.createElement('canvas'),
    rows: size.rows,
    columns: size.columns,
    height: size.rows,
    width: size.columns,
    color: samplesPerPixel === 3,
    rgba: false,
    numberOfComponents: samplesPerPixel,
    columnPixelSpacing: size.pixelWidth,
    rowPixelSpacing: size.pixelHeight,
    sizeInBytes: display.byteLength,
    invert: false,
    photometricInterpretation: samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
    dataType: 'Uint8Array',
    voxelManager,
  } as unknown as Types.IImage
}

export class CornerstoneStage implements PictureStage {
  readonly #element: HTMLDivElement
  readonly #engine: RenderingEngine
  readonly #viewportId: string
  readonly #viewport: StackViewport
  readonly #listening = new AbortController()
  #picture: StagePicture | null = null

  /**
   * `onRendered` is called in the very task that put a picture on the canvas, with that picture's id;
   * `onLost` when the graphics context is gone, after which this stage shows nothing any more.
   */
  constructor(element: HTMLDivElement, onRendered: (pictureId: string) => void, onLost: () => void) {
    prepare()
    this.#element = element
    this.#engine = keptEngine()
    this.#viewportId = `picture-${++stages}`
    this.#engine.enableElement({
      viewportId: this.#viewportId,
      type: Enums.ViewportType.STACK,
      element,
      defaultOptions: { background: [0, 0, 0] },
    })
    this.#viewport = this.#engine.getViewport(this.#viewportId) as StackViewport
    const { signal } = this.#listening
    const rendered = () => {
      const shown = this.#viewport.getCornerstoneImage()
      if (shown) onRendered(shown.imageId)
    }
    element.addEventListener(Enums.Events.IMAGE_RENDERED, rendered, { signal })
    const lost = (event: Event) => {
      if (isOf(event, this.#engine)) onLost()
    }
    eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, lost)
    signal.addEventListener('abort', () => eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, lost))
  }

  /** Puts a picture on the stage; it appears with the next render. */
  show(picture: StagePicture, view: View): void {
    const before = this.#picture
    this.#picture = picture
    if (before) planes.delete(before.id)
    planes.set(picture.id, { ...picture.size, samplesPerPixel: picture.samplesPerPixel })
    if (before && before.samplesPerPixel !== picture.samplesPerPixel) this.#invalidate()
    this.#viewport.renderImageObject(cornerstoneImage(picture))
    this.place(view)
  }

  /** Places the picture on the canvas as the view says, and renders. */
  place(view: View): void {
    const picture = this.#picture
    if (!picture) return
    const { size } = picture
    const [along, down] = screenAxes(view)
    // World of the canonical plane: pixel centres at whole multiples of the pixel size.
    const focal: Types.Point3 = [
      (view.centre[0] * size.columns - 0.5) * size.pixelWidth,
      (view.centre[1] * size.rows - 0.5) * size.pixelHeight,
      0,
    ]
    // Seen from behind, a plane is mirrored: that is all a flip is.
    const towards = view.flipped ? 1 : -1
    // The picture direction that points up on the screen: the transpose of the axes applied to (0, -1).
    const viewUp: Types.Point3 = [-along[1], -down[1], 0]
    this.#viewport.setCamera({
      focalPoint: focal,
      position: [focal[0], focal[1], towards * 100],
      viewPlaneNormal: [0, 0, towards],
      viewUp,
      parallelScale: this.canvasSize.height / scaleOf(view, size, this.canvasSize) / 2,
    })
    this.#viewport.render()
  }

  /** Renders once more what is on the stage: overlays are drawn only then. */
  render(): void {
    if (this.#picture) this.#viewport.render()
  }

  get canvasSize(): CanvasSize {
    return { width: this.#element.clientWidth, height: this.#element.clientHeight }
  }

  /** The map from picture to canvas as Cornerstone's own camera has it now; null while nothing is shown. */
  affine(): Affine | null {
    const size = this.#picture?.size
    if (!size) return null
    const { pixelWidth, pixelHeight, columns, rows } = size
    const point = (column: number, row: number) =>
      this.#viewport.worldToCanvas([(column - 0.5) * pixelWidth, (row - 0.5) * pixelHeight, 0]) as [number, number]
    return affineFromPoints(point(0, 0), point(columns, 0), point(0, rows), columns, rows)
  }

  resize(): void {
    this.#engine.resize(true, true)
  }

  destroy(): void {
    this.#listening.abort()
    if (this.#picture) planes.delete(this.#picture.id)
    const shown = [...this.#element.querySelectorAll('canvas')]
    try {
      disable(this.#engine, this.#viewportId)
    } catch (error) {
      // vtk.js may stumble over a context that is gone; there is nothing left to free then.
      console.warn('the viewport could not be closed', error)
    }
    releasePictures(shown)
    this.#element.replaceChildren()
  }

  /** Grey after colour needs a new texture; Cornerstone looks at size and type alone. */
  #invalidate(): void {
    ;(this.#viewport as unknown as { stackInvalidated: boolean }).stackInvalidated = true
  }
}
