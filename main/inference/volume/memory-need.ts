/** What a run over a volume takes at its peak, estimated before it begins. */
import type { VolumeModel } from '../../../contracts/model-package'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { classesAtOnce, layerInParts } from './class-head'
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
  const most = widest(model, graph)
  const channels = Math.max(copies * most.channels, most.inParts ? 0 : classes)
  const sums = model.slidingWindow ? 2 * classes * floatBytes * Math.min(window[0], box[0]) * box[1] * box[2] : 0
  // Besides: the values, the tensor, the numbers of the classes as 64 bits.
  return voxelCount(window) * (channels * floatBytes + 8) + voxelCount(box) * (2 * floatBytes + 2) + sums
}

/** Electron's allocator takes a piece of a power of two bytes for one that lies on a boundary, and ends the process at 2 GiB. */
const largestPiece = 2 ** 30

/** Whether some layer of the network would be one piece too large to be had. */
export function tooLargeInOnePiece(model: VolumeModel, graph: Uint8Array, box: Sides): boolean {
  if (!('electron' in process.versions)) return false
  const window = model.slidingWindow && model.input.sides ? model.input.sides : box
  return voxelCount(window) * floatBytes * widest(model, graph).channels > largestPiece
}

/** Of a network that runs in another engine. */
const widestUnknown = 64

/** Most channels that a convolution over space gives, and whether the scores are made in parts. */
function widest(model: VolumeModel, graph: Uint8Array): { channels: number; inParts: boolean } {
  if (graph.length === 0) return { channels: widestUnknown, inParts: false }
  const decoded = decodeOnnx(graph)
  const layer = model.slidingWindow ? null : layerInParts(decoded, model)
  let channels = layer ? classesAtOnce : 1
  for (const node of decoded.nodes) {
    const shape = node.op === 'Conv' && node !== layer?.node ? decoded.weights.get(node.inputs[1])?.shape : undefined
    if (shape && shape.length > 2) channels = Math.max(channels, shape[0])
  }
  return { channels, inParts: layer !== null }
}
