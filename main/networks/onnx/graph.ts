/** An ONNX model as data: what of onnx.proto Overread reads and writes. */

/** TensorProto.DataType, those that networks here hold. */
export const dataTypes = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, double: 11 } as const
export type DataType = keyof typeof dataTypes

export interface OnnxTensor {
  readonly shape: readonly number[]
  /** A number of TensorProto.DataType; `dataTypes` names the usual ones. */
  readonly type: number
  /** Little endian, without gaps. */
  readonly bytes: Uint8Array
}

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'ints'; readonly values: readonly number[] }
  | { readonly kind: 'floats'; readonly values: readonly number[] }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  /** Graphs, sparse tensors and what is newer: not read. */
  | { readonly kind: 'other' }

export interface OnnxNode {
  readonly op: string
  /** Empty: the standard operators. */
  readonly domain: string
  readonly name: string
  /** An empty name stands for an input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxValue {
  readonly name: string
  /** TensorProto.DataType; 0 where it is not stated or no tensor. */
  readonly type: number
  /** A side is null where it is open or named; the whole null where it is not stated. */
  readonly shape: readonly (number | null)[] | null
}

export interface OnnxGraph {
  readonly opsets: readonly { readonly domain: string; readonly version: number }[]
  /** In an order in which they can be run. */
  readonly nodes: readonly OnnxNode[]
  readonly weights: ReadonlyMap<string, OnnxTensor>
  /** Without those that are weights. */
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

export function floatTensor(shape: readonly number[], values: Float32Array): OnnxTensor {
  return { shape, type: dataTypes.float, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
}

export function int64Tensor(shape: readonly number[], values: readonly number[]): OnnxTensor {
  return { shape, type: dataTypes.int64, bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) }
}
