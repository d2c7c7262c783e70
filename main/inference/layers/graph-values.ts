/** Where the values of a graph come from: from the picture, or from weights alone; and through which plumbing. */
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../networks/onnx/graph'

/** Only the shape or the type of what goes through changes, or nothing at all when a network is used. */
const plumbing: ReadonlySet<string> = new Set([
  'Cast',
  'CastLike',
  'DequantizeLinear',
  'Dropout',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'QuantizeLinear',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
])
/** They tell of the shape alone. */
const withoutContent: ReadonlySet<string> = new Set(['Shape', 'Size', 'Constant', 'ConstantOfShape', 'Range', 'RandomNormal', 'EyeLike'])
/** Values looked through on the way to a weight; exporters put one or two between. */
const longestChain = 16

export const isPlumbing = ({ op, domain }: OnnxNode): boolean => domain === '' && (plumbing.has(op) || withoutContent.has(op))

export class GraphValues {
  readonly #makers = new Map<string, OnnxNode>()
  /** Values that depend on the picture. */
  readonly #live = new Set<string>()
  /** Values whose channels stand last. */
  readonly #channelsLast = new Set<string>()

  constructor(readonly graph: OnnxGraph) {
    for (const { name } of graph.inputs) this.#live.add(name)
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.#makers.set(output, node)
      this.#follow(node)
    }
  }

  isLive(name: string): boolean {
    return this.#live.has(name)
  }

  channelsLast(name: string): boolean {
    return this.#channelsLast.has(name)
  }

  /** The tensor that a value holds whatever the picture is; null where it is not a weight as such. */
  weight(name: string): OnnxTensor | null {
    let current = name
    for (let step = 0; step < longestChain; step++) {
      const weight = this.graph.weights.get(current)
      if (weight) return weight
      const maker = this.#makers.get(current)
      const constant = maker?.op === 'Constant' ? maker.attributes.value : undefined
      if (constant?.kind === 'tensor') return constant.value
      if (!maker || !isPlumbing(maker) || this.#live.has(current)) return null
      current = maker.inputs[0] ?? ''
    }
    return null
  }

  /** Numbers that a node takes which are no picture: its weights. */
  weightsOf(node: OnnxNode): number {
    const counted = node.inputs.filter((input) => input !== '' && !this.#live.has(input))
    return counted.reduce((sum, input) => sum + countOf(this.weight(input)), 0)
  }

  /** A node's inputs that depend on the picture. */
  liveInputs(node: OnnxNode): string[] {
    return node.inputs.filter((input) => this.#live.has(input))
  }

  #follow(node: OnnxNode): void {
    if (withoutContent.has(node.op)) return
    const read = plumbing.has(node.op) ? node.inputs.slice(0, 1) : node.inputs
    const live = read.filter((input) => this.#live.has(input))
    if (live.length === 0) return
    const last = this.#lastAfter(node, live[0])
    for (const output of node.outputs) {
      this.#live.add(output)
      if (last) this.#channelsLast.add(output)
    }
  }

  #lastAfter(node: OnnxNode, input: string): boolean {
    const order = node.op === 'Transpose' && node.attributes.perm?.kind === 'ints' ? node.attributes.perm.values.join() : ''
    if (order === '0,2,3,1') return true
    // Convolutions and pooling know one order of the sides alone.
    if (order === '0,3,1,2' || /Conv|Pool/.test(node.op)) return false
    return this.#channelsLast.has(input)
  }
}

function countOf(tensor: OnnxTensor | null): number {
  return tensor === null ? 0 : tensor.shape.reduce((product, side) => product * side, 1)
}
