/** Small ONNX files for tests, field by field after onnx.proto. */
import { bytes, message, number, text, type Bytes } from './protobuf'

export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Ready AttributeProto messages. */
  readonly attributes?: readonly Bytes[]
}

export interface Weights {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}

const float = 1
const int64 = 7

/** TensorProto */
export function tensor({ name, shape, values }: Weights, type: 'float' | 'int64' = 'float'): Bytes {
  const raw =
    type === 'float'
      ? new Uint8Array(Float32Array.from(values).buffer)
      : new Uint8Array(BigInt64Array.from(Array.from(values, BigInt)).buffer)
  return [...shape.flatMap((side) => number(1, side)), ...number(2, type === 'float' ? float : int64), ...text(8, name), ...bytes(9, raw)]
}

/** AttributeProto of the type INTS. */
export function integers(name: string, values: readonly number[]): Bytes {
  return [...text(1, name), ...values.flatMap((value) => number(8, value)), ...number(20, 7)]
}

/** AttributeProto of the type INT. */
export function integer(name: string, value: number): Bytes {
  return [...text(1, name), ...number(3, value), ...number(20, 2)]
}

/** A side below 0 is open. */
function valueInfo(name: string, shape: readonly number[]): Bytes {
  const dimensions = shape.map((side, axis) => message(1, side < 0 ? text(2, `side${axis}`) : number(1, side)))
  return [...text(1, name), ...message(2, message(1, number(1, float), message(2, ...dimensions)))]
}

export function node({ op, inputs, outputs, attributes = [] }: Node): Bytes {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, op),
    ...attributes.flatMap((attribute) => message(5, attribute)),
  ]
}

export interface Graph {
  readonly nodes: readonly Node[]
  readonly weights?: readonly Weights[]
  readonly shapes?: readonly Weights[]
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly outputs: Readonly<Record<string, readonly number[]>>
  /** Further fields of GraphProto. */
  readonly more?: readonly Bytes[]
}

export function graph({ nodes, weights = [], shapes = [], inputs, outputs, more = [] }: Graph): Bytes {
  return [
    ...nodes.flatMap((each) => message(1, node(each))),
    ...text(2, 'test'),
    ...weights.flatMap((each) => message(5, tensor(each))),
    ...shapes.flatMap((each) => message(5, tensor(each, 'int64'))),
    ...Object.entries(inputs).flatMap(([name, shape]) => message(11, valueInfo(name, shape))),
    ...Object.entries(outputs).flatMap(([name, shape]) => message(12, valueInfo(name, shape))),
    ...more.flat(),
  ]
}

/** ModelProto of the operator set 13. */
export function model(...parts: Bytes[]): Uint8Array {
  return Uint8Array.from([...number(1, 8), ...message(8, text(1, ''), number(2, 13)), ...parts.flat()])
}

export const modelOf = (content: Graph): Uint8Array => model(message(7, graph(content)))
