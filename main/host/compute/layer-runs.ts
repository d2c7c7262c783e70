/** What the compute process does for the layers of a network. It keeps nothing of a picture: the host does. */
import type { Layer } from '../../../contracts/layers'
import { OverreadError } from '../../../contracts/errors'
import { isPictureModel } from '../../../contracts/model-package'
import { layersOf, type GraphLayer } from '../../inference/layers/layer-list'
import { quantisedMaps, type QuantisedMaps } from '../../inference/layers/layer-maps'
import { openGraph } from '../../inference/onnx-session'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { withAdditions, type GraphAddition } from '../../networks/onnx/encode-onnx'
import { dataTypes, type OnnxGraph } from '../../networks/onnx/graph'
import type { ComputeModel } from './compute-client'
import { loadModel } from './load-model'

interface LayeredNetwork {
  readonly weights: Uint8Array
  readonly graph: OnnxGraph
  readonly layers: readonly GraphLayer[]
  readonly inputShape: readonly number[]
}

/** Every layer with its shape, as far as the engine can tell it without a run. */
export async function listLayers(model: ComputeModel): Promise<Layer[]> {
  const { weights, graph, layers } = await read(model)
  const known = new Set(graph.outputs.map(({ name }) => name))
  const added = layers.map(({ value }) => value).filter((value) => !known.has(value))
  const session = await openGraph(withAdditions(weights, { outputs: added }), 'cpu')
  try {
    return layers.map(({ value, channelsLast: _, ...layer }) => ({ ...layer, shape: session.shapes.get(value) ?? null }))
  } finally {
    await session.release()
  }
}

/**
 * One layer's maps for a tensor. The session has that layer alone besides its outputs, so that no other stays in memory.
 *
 * @throws OverreadError 'request.invalid' for a layer or a tensor that is not there; 'inference.output', 'model.weights'.
 */
export async function runLayer(model: ComputeModel, layer: number, first: number, tensor: Float32Array): Promise<QuantisedMaps> {
  const { weights, graph, layers, inputShape } = await read(model)
  const wanted = layers[layer]
  if (!wanted) throw new OverreadError('request.invalid', 'layer')
  if (tensor.length !== inputShape.reduce((product, side) => product * side, 1)) throw new OverreadError('request.invalid', 'tensor')
  const { addition, output } = asFloat(graph, wanted.value)
  const session = await openGraph(withAdditions(weights, addition), 'cpu')
  try {
    const [raw] = await session.run(tensor, inputShape, [output])
    return quantisedMaps(raw, wanted.channelsLast, first)
  } finally {
    await session.release()
  }
}

/** An output of its own that holds the value in single precision, whatever the network computes in. */
function asFloat(graph: OnnxGraph, value: string): { addition: GraphAddition; output: string } {
  const taken = new Set(graph.nodes.flatMap(({ outputs }) => outputs))
  let output = 'overread.layer'
  while (taken.has(output)) output += '.'
  const cast = { op: 'Cast', domain: '', name: output, inputs: [value], outputs: [output] }
  return { addition: { nodes: [{ ...cast, attributes: { to: { kind: 'int', value: dataTypes.float } } }], outputs: [output] }, output }
}

async function read(wanted: ComputeModel): Promise<LayeredNetwork> {
  const { package: model, weights } = await loadModel(wanted)
  if (!isPictureModel(model)) throw new OverreadError('layers.not-offered', 'it reads volumes')
  const graph = decodeOnnx(weights)
  return { weights, graph, layers: layersOf(graph), inputShape: model.input.shape }
}
