/** Ways through an ONNX graph: who makes a value, and what of it never changes. */
import { tensorFloats, tensorIntegers } from '../../networks/onnx/decode-onnx'
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../networks/onnx/graph'

export class GraphWalk {
  readonly #makers = new Map<string, OnnxNode>()

  constructor(readonly graph: OnnxGraph) {
    for (const node of graph.nodes) for (const output of node.outputs) if (output !== '') this.#makers.set(output, node)
  }

  /** The node whose output a value is; null for inputs and weights. */
  makerOf(value: string): OnnxNode | null {
    return this.#makers.get(value) ?? null
  }

  /** A weight, or what a node of constants gives; null where the value depends on the input. */
  constant(value: string | undefined): OnnxTensor | null {
    if (value === undefined || value === '') return null
    const weight = this.graph.weights.get(value)
    if (weight) return weight
    const maker = this.makerOf(value)
    if (maker?.op === 'Identity') return this.constant(maker.inputs[0])
    const held = maker?.op === 'Constant' ? maker.attributes.value : undefined
    return held?.kind === 'tensor' ? held.value : null
  }

  floats(value: string | undefined): Float32Array | null {
    const tensor = this.constant(value)
    return tensor && tensorFloats(tensor)
  }

  /** Inputs of a node that depend on the network's input. */
  variableInputs(node: OnnxNode): string[] {
    return node.inputs.filter((input) => input !== '' && this.constant(input) === null && !this.#isConstantNode(input))
  }

  /** The axes of a reduction or a squeeze, as an attribute or as an input; null where they are not stated. */
  axes(node: OnnxNode): number[] | null {
    const stated = node.attributes.axes
    if (stated?.kind === 'ints') return [...stated.values]
    const tensor = this.constant(node.inputs[1])
    return tensor && tensorIntegers(tensor)
  }

  #isConstantNode(value: string): boolean {
    return this.makerOf(value)?.op === 'Constant'
  }
}
