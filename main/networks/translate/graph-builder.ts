/** An ONNX graph as it is built from a TensorFlow one. */
import { OverreadError } from '../../../contracts/errors'
import { encodeOnnx } from '../onnx/encode-onnx'
import { dataTypes, floatTensor, int64Tensor, type OnnxAttribute, type OnnxNode, type OnnxTensor, type OnnxValue } from '../onnx/graph'
import type { TfjsWeight } from '../tfjs/read-tfjs'

/**
 * A tensor of the graph. `shape`: TensorFlow's, without the batch, channels last; null: any length. Where it has three sides or
 * more the graph holds it with the channels first, as the engine wants it.
 */
export interface Value {
  readonly name: string
  readonly shape: readonly (number | null)[]
}

/** The shape and values of a weight. */
export type Kernel = Pick<TfjsWeight, 'shape' | 'values'>

/** What cannot be translated: the kind of the layer or operator, and its name. */
export class Untranslatable extends Error {}

const opset = 17
/** Of one tensor; as much as a grid of 512 with 64 classes. */
const mostValues = 2 ** 33

/** @throws OverreadError 'model.schema' where a tensor is larger than any computer holds: joined to itself again and again, say. */
export function requireHoldable({ shape }: Value, name: string): void {
  const values = shape.reduce<number>((product, side) => product * (side ?? 1), 1)
  if (!(values <= mostValues)) throw new OverreadError('model.schema', `${name} gives more than ${mostValues} values`.slice(0, 300))
}

export class GraphBuilder {
  readonly #nodes: OnnxNode[] = []
  readonly #weights = new Map<string, OnnxTensor>()
  /** Names of what is there already: a layer may stand at many places. */
  readonly #known = new WeakMap<Float32Array, Map<string, string>>()
  #count = 0

  /** One node with one output. Gives the output's name. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const output = `${op}_${this.#count++}`
    this.#nodes.push({ op, domain: '', name: '', inputs: [...inputs], outputs: [output], attributes })
    return output
  }

  floats(shape: readonly number[], values: ArrayLike<number>): string {
    return this.#weight(floatTensor(shape, Float32Array.from(values)))
  }

  /** A weight of the model, once, its axes in another order where one is given. */
  weight({ shape, values }: Kernel, order: readonly number[] = range(0, shape.length)): string {
    const known = this.#known.get(values) ?? new Map<string, string>()
    this.#known.set(values, known)
    const key = `${shape.join(' ')} by ${order.join(' ')}`
    const name =
      known.get(key) ??
      this.#weight(
        floatTensor(
          order.map((axis) => shape[axis]),
          transposed(shape, values, order),
        ),
      )
    known.set(key, name)
    return name
  }

  integers(values: readonly number[]): string {
    return this.#weight(int64Tensor([values.length], values))
  }

  #weight(tensor: OnnxTensor): string {
    const name = `weight_${this.#count++}`
    this.#weights.set(name, tensor)
    return name
  }

  /** With the channels last, as TensorFlow counts axes. */
  channelsLast({ name, shape }: Value): string {
    const rank = shape.length + 1
    return shape.length < 3 ? name : this.node('Transpose', [name], { perm: ints([0, ...range(2, rank), 1]) })
  }

  /** Of what stands in the graph with the channels last. */
  channelsFirst(name: string, shape: Value['shape']): Value {
    const rank = shape.length + 1
    return { name: shape.length < 3 ? name : this.node('Transpose', [name], { perm: ints([0, rank - 1, ...range(1, rank - 1)]) }), shape }
  }

  /** The whole model; its outputs bear the names given. */
  finish(input: Value, outputs: readonly { readonly name: string; readonly value: Value }[]): Uint8Array<ArrayBuffer> {
    for (const { name, value } of outputs)
      this.#nodes.push({ op: 'Identity', domain: '', name: '', inputs: [value.name], outputs: [name], attributes: {} })
    return encodeOnnx({
      opsets: [{ domain: '', version: opset }],
      nodes: this.#nodes,
      weights: this.#weights,
      inputs: [described(input.name, input)],
      outputs: outputs.map(({ name, value }) => described(name, value)),
    })
  }
}

function described(name: string, { shape }: Value): OnnxValue {
  const sides = shape.length < 3 ? shape : [shape.at(-1)!, ...shape.slice(0, -1)]
  return { name, type: dataTypes.float, shape: [1, ...sides] }
}

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value })
export const ints = (values: readonly number[]): OnnxAttribute => ({ kind: 'ints', values })
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value })
export const text = (value: string): OnnxAttribute => ({ kind: 'string', value })

/** `from` to before `to`. */
export const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)

/** An axis counted from the start, of one that may be counted from the end. */
export const fromStart = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis)

/** The axis of a value as the graph counts it, of TensorFlow's, which counts the batch and may count from the end. */
export function graphAxis({ shape }: Value, axis: number): number {
  const rank = shape.length + 1
  const counted = fromStart(axis, rank)
  if (shape.length < 3 || counted === 0) return counted
  return counted === rank - 1 ? 1 : counted + 1
}

/** Values with their axes in another order. */
function transposed(shape: readonly number[], values: Float32Array<ArrayBuffer>, order: readonly number[]): Float32Array<ArrayBuffer> {
  if (order.every((axis, index) => axis === index)) return values
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1))
  const target = order.map((axis) => shape[axis])
  const result = new Float32Array(values.length)
  const place = new Array<number>(order.length).fill(0)
  for (let i = 0; i < result.length; i++) {
    let from = 0
    for (let axis = 0; axis < order.length; axis++) from += place[axis] * strides[order[axis]]
    result[i] = values[from]
    for (let axis = order.length - 1; axis >= 0 && ++place[axis] === target[axis]; axis--) place[axis] = 0
  }
  return result
}
