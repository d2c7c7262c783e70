/** From a graph to the layers that a person can follow, in their order. */
import { mostLayers, type Layer, type LayerKind } from '../../../contracts/layers'
import { OverreadError } from '../../../contracts/errors'
import type { OnnxGraph, OnnxNode } from '../../networks/onnx/graph'
import { describeLayer } from './describe-layer'
import { GraphValues, isPlumbing } from './graph-values'

/** A layer with what only the engine needs to know of it. */
export interface GraphLayer extends Omit<Layer, 'shape'> {
  /** The value in the graph, whole. */
  readonly value: string
  readonly channelsLast: boolean
}

const longestName = 200
const mostInputs = 64
/** They make one step with the layer they follow, where nothing else reads what lies between. */
const followers: ReadonlySet<LayerKind> = new Set(['normalisation', 'activation'])

/**
 * Shape plumbing and what does not depend on the picture are left out; arrows lead through the plumbing.
 *
 * @throws OverreadError 'layers.not-offered' where there are more than `mostLayers`.
 */
export function layersOf(graph: OnnxGraph): GraphLayer[] {
  const values = new GraphValues(graph)
  const readers = readersOf(graph)
  /** By value: the layers that it comes from. */
  const sources = new Map<string, readonly number[]>(graph.inputs.map(({ name }) => [name, [-1]]))
  const layers: GraphLayer[] = []
  for (const node of graph.nodes) {
    if (!node.outputs.some((output) => values.isLive(output))) continue
    const live = values.liveInputs(node)
    const read = isPlumbing(node) ? live.slice(0, 1) : live
    const inputs = [...new Set(read.flatMap((input) => sources.get(input) ?? []))].sort((a, b) => a - b)
    if (!isPlumbing(node)) {
      if (layers.length === mostLayers) throw new OverreadError('layers.not-offered', `it has more than ${mostLayers} layers`)
      layers.push(layerOf(node, inputs, layers, values, readers))
    }
    const from = isPlumbing(node) ? inputs : [layers.length - 1]
    for (const output of node.outputs) sources.set(output, from)
  }
  return layers
}

function layerOf(
  node: OnnxNode,
  inputs: readonly number[],
  before: readonly GraphLayer[],
  values: GraphValues,
  readers: ReadonlyMap<string, number>,
): GraphLayer {
  const { kind, title, words } = describeLayer(node, values)
  const [value] = node.outputs
  const last = before.at(-1)
  const follows = followers.has(kind) && last !== undefined && node.inputs[0] === last.value && readers.get(last.value) === 1
  return {
    kind,
    title,
    words,
    name: value.slice(0, longestName),
    value,
    channelsLast: values.channelsLast(value),
    weights: values.weightsOf(node),
    inputs: inputs.slice(0, mostInputs),
    block: last === undefined ? 0 : follows ? last.block : last.block + 1,
  }
}

/** How many times each value is read, an output of the graph being read once more. */
function readersOf({ nodes, outputs }: OnnxGraph): Map<string, number> {
  const readers = new Map<string, number>()
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]) {
    readers.set(name, (readers.get(name) ?? 0) + 1)
  }
  return readers
}
