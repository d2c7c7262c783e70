/** A network of a fixed size over a larger box: windows that overlap, blended by a Gaussian weight, in the memory of one row of windows. */
import type { VolumeModel } from '../../../contracts/model-package'
import { greatestClass } from './greatest-class'
import { voxelCount, type Sides } from './voxel-grid'

/** The scores of one window, in the layout of the network, without the batch. */
export type RunWindow = (window: Float32Array<ArrayBuffer>) => Promise<Float32Array>

export interface Windows {
  readonly sides: Sides
  readonly classes: number
  readonly layout: VolumeModel['input']['layout']
  /** Share of a window that the next one covers again. */
  readonly overlap: number
  /** The weight's standard deviation by the window's side. */
  readonly sigmaShare: number
  /** What stands where a window reaches beyond the box. */
  readonly padding: number
}

/** Where the windows along one axis begin: evenly by the step, the last one at the end. */
export function windowStarts(side: number, window: number, overlap: number): number[] {
  const step = Math.max(1, Math.round(window * (1 - overlap)))
  const starts: number[] = []
  for (let start = 0; start + window < side; start += step) starts.push(start)
  return [...starts, Math.max(0, side - window)]
}

/** Class numbers of the box. */
export async function slideWindow(box: Float32Array, boxSides: Sides, windows: Windows, run: RunWindow): Promise<Uint8Array<ArrayBuffer>> {
  const { sides, classes, overlap } = windows
  const [planes, rows, columns] = sides.map((side, axis) => windowStarts(boxSides[axis], side, overlap))
  const weights = gaussianWeights(sides, windows.sigmaShare)
  const labels = new Uint8Array(voxelCount(boxSides))
  const perPlane = boxSides[1] * boxSides[2]
  // Planes of the box that the windows under way reach; scores of a voxel lie together.
  let sums = new Float32Array(Math.min(sides[0], boxSides[0]) * perPlane * classes)
  for (const [index, plane] of planes.entries()) {
    for (const row of rows) {
      for (const column of columns) {
        const corner: Sides = [plane, row, column]
        const scores = await run(windowAt(box, boxSides, corner, windows))
        addScores(sums, scores, weights, corner, boxSides, windows)
      }
    }
    const next = planes[index + 1] ?? boxSides[0]
    const done = (next - plane) * perPlane * classes
    labels.set(greatestClass(sums.subarray(0, Math.min(done, sums.length)), classes, 'NDHWC'), plane * perPlane)
    const kept = sums.subarray(done)
    sums = new Float32Array(sums.length)
    sums.set(kept)
  }
  return labels
}

function windowAt(box: Float32Array, boxSides: Sides, corner: Sides, { sides, padding }: Windows): Float32Array<ArrayBuffer> {
  const window = new Float32Array(voxelCount(sides)).fill(padding)
  eachLine(sides, boxSides, corner, (inWindow, inBox, length) => window.set(box.subarray(inBox, inBox + length), inWindow))
  return window
}

function addScores(
  sums: Float32Array,
  scores: Float32Array,
  weights: Float32Array,
  corner: Sides,
  boxSides: Sides,
  { sides, classes, layout }: Windows,
): void {
  const [perClass, perVoxel] = layout === 'NCDHW' ? [voxelCount(sides), 1] : [1, classes]
  // `sums` begins with the plane of the window.
  eachLine(sides, boxSides, [0, corner[1], corner[2]], (inWindow, inSums, length) => {
    for (let place = 0; place < length; place++) {
      const weight = weights[inWindow + place]
      const from = (inWindow + place) * perVoxel
      const to = (inSums + place) * classes
      for (let number = 0; number < classes; number++) sums[to + number] += weight * scores[from + number * perClass]
    }
  })
}

/** Lines of a window along its last axis, as far as they lie within the box. */
function eachLine(sides: Sides, boxSides: Sides, corner: Sides, visit: (inWindow: number, inBox: number, length: number) => void): void {
  const [planes, rows, length] = sides.map((side, axis) => Math.min(side, boxSides[axis] - corner[axis]))
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const inBox = ((corner[0] + plane) * boxSides[1] + corner[1] + row) * boxSides[2] + corner[2]
      visit((plane * sides[1] + row) * sides[2], inBox, length)
    }
  }
}

/** 1 in the middle; nowhere 0, so that each voxel of the box is decided. */
function gaussianWeights(sides: Sides, sigmaShare: number): Float32Array {
  const along = sides.map((side) =>
    Float64Array.from({ length: side }, (_, place) => Math.exp(-0.5 * ((place - (side - 1) / 2) / (side * sigmaShare)) ** 2)),
  )
  const weights = new Float32Array(voxelCount(sides))
  let at = 0
  for (const first of along[0])
    for (const second of along[1]) for (const third of along[2]) weights[at++] = Math.max(first * second * third, 1e-6)
  return weights
}
