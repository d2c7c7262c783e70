/** What a run over a volume takes at its peak, estimated before it begins. */
import type { VolumeModel } from '../../../contracts/model-package'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { voxelCount, type Sides } from './voxel-grid'

const floatBytes = 4
/** The runtime keeps what comes in and what goes out of an operator, and what it sets aside for the next one. */
const copies = 2

/**
 * Bytes of the widest layer with its neighbours, over the box or one window, with what is made of the scores.
 *
 * Sides of layers are taken to be those of the input: pooling lessens them, so the estimate is rather too high.
 */
export function bytesNeeded(model: VolumeModel, graph: Uint8Array, box: Sides): number {
  const [{ labels, countsAs }] = model.outputs
  const classes = countsAs?.length ?? labels.length
  const window = model.slidingWindow && model.input.sides ? model.input.sides : box
  const channels = Math.max(copies * widest(graph), classes)
  const sums = model.slidingWindow ? 2 * classes * floatBytes * Math.min(window[0], box[0]) * box[1] * box[2] : 0
  // Besides: the values, the tensor, the numbers of the classes as 64 bits.
  return voxelCount(window) * (channels * floatBytes + 8) + voxelCount(box) * (2 * floatBytes + 2) + sums
}

/** No single piece of memory may be larger: the system's allocator in Electron ends the process there. */
const largestPiece = 2 ** 31 - 2 ** 24

/** Whether some layer of the network would be one piece too large to be had. */
export function tooLargeInOnePiece(model: VolumeModel, graph: Uint8Array, box: Sides): boolean {
  if (!('electron' in process.versions)) return false
  const window = model.slidingWindow && model.input.sides ? model.input.sides : box
  return voxelCount(window) * floatBytes * widest(graph) > largestPiece
}

/** Of a network that runs in another engine. */
const widestUnknown = 64

/** Most channels that a convolution over space gives. */
function widest(graph: Uint8Array): number {
  if (graph.length === 0) return widestUnknown
  const { nodes, weights } = decodeOnnx(graph)
  let most = 1
  for (const { op, inputs } of nodes) {
    const shape = op === 'Conv' ? weights.get(inputs[1])?.shape : undefined
    if (shape && shape.length > 2) most = Math.max(most, shape[0])
  }
  return most
}
