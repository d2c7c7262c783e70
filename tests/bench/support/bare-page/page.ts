/** Cornerstone with pictures in memory, and nothing else: what scrolling costs where no viewer stands around it. */
import { Enums, RenderingEngine, init, metaData, utilities, type StackViewport, type Types } from '@cornerstonejs/core'

declare global {
  interface Window {
    /** Set once the first picture stands: shows picture `index`, and says which was drawn last. */
    barePage?: { readonly count: number; show(index: number): void; drawn(): string }
  }
}

const side = 512
const count = 40

function pixelsOf(index: number): Int16Array {
  const pixels = new Int16Array(side * side)
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      const body = ((column - side / 2) / 200) ** 2 + ((row - side / 2) / 150) ** 2 < 1
      pixels[at] = body ? 1000 + ((row * 7 + column * 13 + index * 31) % 200) : 0
    }
  }
  return pixels
}

function imageOf(index: number): Types.IImage {
  const pixels = pixelsOf(index)
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width: side,
    height: side,
    scalarData: pixels,
    numberOfComponents: 1,
  })
  return {
    imageId: `bare:${index}`,
    minPixelValue: 0,
    maxPixelValue: 1200,
    slope: 1,
    intercept: 0,
    windowCenter: 1000,
    windowWidth: 800,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => pixels,
    getCanvas: () => document.createElement('canvas'),
    rows: side,
    columns: side,
    height: side,
    width: side,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing: 1,
    rowPixelSpacing: 1,
    sizeInBytes: pixels.byteLength,
    invert: false,
    photometricInterpretation: 'MONOCHROME2',
    dataType: 'Int16Array',
    voxelManager,
  } as unknown as Types.IImage
}

function provide(type: string): unknown {
  if (type === Enums.MetadataModules.IMAGE_PLANE)
    return {
      rows: side,
      columns: side,
      rowPixelSpacing: 1,
      columnPixelSpacing: 1,
      imagePositionPatient: [0, 0, 0],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      frameOfReferenceUID: 'bare',
    }
  if (type === Enums.MetadataModules.IMAGE_PIXEL)
    return {
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 1,
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME2',
    }
  return type === Enums.MetadataModules.GENERAL_SERIES ? { modality: 'OT' } : undefined
}

init({ rendering: { webGlContextCount: 1 } } as Parameters<typeof init>[0])
metaData.addProvider(provide, 10_000)
const element = document.querySelector<HTMLDivElement>('#picture')!
const engine = new RenderingEngine('bare')
engine.enableElement({ viewportId: 'picture', type: Enums.ViewportType.STACK, element })
const viewport = engine.getViewport('picture') as StackViewport
const images = Array.from({ length: count }, (_, index) => imageOf(index))
let drawn = ''
element.addEventListener(Enums.Events.IMAGE_RENDERED, () => {
  drawn = viewport.getCornerstoneImage()?.imageId ?? ''
})
const show = (index: number) => {
  viewport.renderImageObject(images[index])
  viewport.render()
}
show(0)
window.barePage = { count, show, drawn: () => drawn }
