/** Reading an ONNX file into data. onnx.proto of ONNX 1.17; what it holds besides is passed over. */
import { OverreadError } from '../../../contracts/errors'
import { halfToFloat } from '../../base/half-float'
import { dataTypes, type OnnxAttribute, type OnnxGraph, type OnnxNode, type OnnxTensor, type OnnxValue } from './graph'
import { fieldsOf } from './wire'

const decoder = new TextDecoder()
const text = (bytes: Uint8Array) => decoder.decode(bytes)

/**
 * The main graph of a model. Tensors are views of `bytes`.
 *
 * @throws OverreadError 'model.weights' where the bytes are no ONNX model.
 */
export function decodeOnnx(bytes: Uint8Array): OnnxGraph {
  const opsets: { domain: string; version: number }[] = []
  let graph: Uint8Array | null = null
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7) graph = field.bytes
    if (field.number === 8) opsets.push(opsetOf(field.bytes))
  }
  if (graph === null) throw new OverreadError('model.weights', 'the file holds no graph')
  return { opsets, ...graphOf(graph) }
}

/** Little endian values of a tensor as floats, from float, float16, double and whole numbers. @throws OverreadError 'model.weights' */
export function tensorFloats({ type, bytes, shape }: OnnxTensor): Float32Array<ArrayBuffer> {
  const values = numbersOf(type, bytes)
  const count = shape.reduce((product, side) => product * side, 1)
  if (values?.length !== count) throw new OverreadError('model.weights', `a tensor of the type ${type} and the shape ${shape.join(' × ')}`)
  return Float32Array.from(values as ArrayLike<number>)
}

/** Whole numbers of a tensor: shapes, axes. @throws OverreadError 'model.weights' */
export function tensorIntegers(tensor: OnnxTensor): number[] {
  if (tensor.type === dataTypes.int64) return Array.from(numbersOf(tensor.type, tensor.bytes) ?? [])
  return [...tensorFloats(tensor)]
}

/** Bytes at the start of a buffer of their own, where every kind of number may begin. */
function copied(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

/** By TensorProto.DataType: bytes a value, and the values. */
const kinds: Readonly<Record<number, readonly [width: number, read: (buffer: ArrayBuffer) => ArrayLike<number>]>> = {
  [dataTypes.float]: [4, (buffer) => new Float32Array(buffer)],
  [dataTypes.double]: [8, (buffer) => new Float64Array(buffer)],
  [dataTypes.int32]: [4, (buffer) => new Int32Array(buffer)],
  [dataTypes.int64]: [8, (buffer) => Array.from(new BigInt64Array(buffer), Number)],
  [dataTypes.uint8]: [1, (buffer) => new Uint8Array(buffer)],
  [dataTypes.bool]: [1, (buffer) => new Uint8Array(buffer)],
  [dataTypes.int8]: [1, (buffer) => new Int8Array(buffer)],
  [dataTypes.float16]: [2, (buffer) => Array.from(new Uint16Array(buffer), halfToFloat)],
}

/** Null for a kind that is not read, and where the bytes hold no whole number of values. */
function numbersOf(type: number, bytes: Uint8Array): ArrayLike<number> | null {
  const kind = kinds[type]
  return kind === undefined || bytes.length % kind[0] !== 0 ? null : kind[1](copied(bytes))
}

function opsetOf(message: Uint8Array): { domain: string; version: number } {
  let domain = ''
  let version = 1
  for (const { number, bytes, value } of fieldsOf(message)) {
    if (number === 1) domain = text(bytes)
    if (number === 2) version = value
  }
  return { domain: domain === 'ai.onnx' ? '' : domain, version }
}

function graphOf(message: Uint8Array): Omit<OnnxGraph, 'opsets'> {
  const nodes: OnnxNode[] = []
  const weights = new Map<string, OnnxTensor>()
  const inputs: OnnxValue[] = []
  const outputs: OnnxValue[] = []
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) nodes.push(nodeOf(bytes))
    else if (number === 5) {
      const { name, tensor } = tensorOf(bytes)
      weights.set(name, tensor)
    } else if (number === 11) inputs.push(valueOf(bytes))
    else if (number === 12) outputs.push(valueOf(bytes))
  }
  return { nodes, weights, inputs: inputs.filter(({ name }) => !weights.has(name)), outputs }
}

function nodeOf(message: Uint8Array): OnnxNode {
  const node = {
    op: '',
    domain: '',
    name: '',
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: {} as Record<string, OnnxAttribute>,
  }
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) node.inputs.push(text(bytes))
    else if (number === 2) node.outputs.push(text(bytes))
    else if (number === 3) node.name = text(bytes)
    else if (number === 4) node.op = text(bytes)
    else if (number === 7) node.domain = text(bytes)
    else if (number === 5) {
      const [name, attribute] = attributeOf(bytes)
      // A name from the file must not reach the object's prototype.
      Object.defineProperty(node.attributes, name, { value: attribute, enumerable: true, configurable: true, writable: true })
    }
  }
  return { ...node, domain: node.domain === 'ai.onnx' ? '' : node.domain }
}

function attributeOf(message: Uint8Array): [string, OnnxAttribute] {
  let name = ''
  let type = 0
  let single: OnnxAttribute | null = null
  const floats: number[] = []
  const ints: number[] = []
  const strings: string[] = []
  for (const { number, bytes, value } of fieldsOf(message)) {
    if (number === 1) name = text(bytes)
    else if (number === 20) type = value
    else if (number === 2) single = { kind: 'float', value: floatsIn(bytes)[0] }
    else if (number === 3) single = { kind: 'int', value }
    else if (number === 4) single = { kind: 'string', value: text(bytes) }
    else if (number === 5) single = { kind: 'tensor', value: tensorOf(bytes).tensor }
    else if (number === 7) floats.push(...floatsIn(bytes))
    else if (number === 8) ints.push(...(bytes.length > 0 ? packed(bytes) : [value]))
    else if (number === 9) strings.push(text(bytes))
  }
  return [name, single ?? manyOf(type, floats, ints, strings)]
}

/** By AttributeProto.AttributeType. */
function manyOf(type: number, floats: number[], ints: number[], strings: string[]): OnnxAttribute {
  if (type === 6 || (type === 0 && floats.length > 0)) return { kind: 'floats', values: floats }
  if (type === 7 || (type === 0 && ints.length > 0)) return { kind: 'ints', values: ints }
  if (type === 8 || (type === 0 && strings.length > 0)) return { kind: 'strings', values: strings }
  // Proto 3 leaves out what is zero.
  if (type === 1) return { kind: 'float', value: 0 }
  if (type === 2) return { kind: 'int', value: 0 }
  if (type === 3) return { kind: 'string', value: '' }
  return { kind: 'other' }
}

function floatsIn(bytes: Uint8Array): Float32Array {
  return new Float32Array(copied(bytes.subarray(0, bytes.length - (bytes.length % 4))))
}

/** Varints without keys between them. */
function packed(bytes: Uint8Array): number[] {
  const values: number[] = []
  for (let start = 0, at = 0; at < bytes.length; at++) {
    if (bytes[at] >= 0x80) continue
    const number = [8, ...bytes.subarray(start, at + 1)]
    for (const { value } of fieldsOf(Uint8Array.from(number))) values.push(value)
    start = at + 1
  }
  return values
}

function tensorOf(message: Uint8Array): { name: string; tensor: OnnxTensor } {
  let name = ''
  let type = 0
  let raw: Uint8Array | null = null
  const shape: number[] = []
  const floats: Float32Array[] = []
  const integers: number[] = []
  for (const { number, bytes, value } of fieldsOf(message)) {
    if (number === 1) shape.push(...(bytes.length > 0 ? packed(bytes) : [value]))
    else if (number === 2) type = value
    else if (number === 8) name = text(bytes)
    else if (number === 9) raw = bytes
    else if (number === 4) floats.push(floatsIn(bytes))
    else if (number === 5 || number === 7) integers.push(...(bytes.length > 0 ? packed(bytes) : [value]))
  }
  return { name, tensor: { shape, type, bytes: raw ?? unpacked(type, floats, integers) } }
}

/** Values that stand in fields of their own kind instead of as raw bytes. */
function unpacked(type: number, floats: readonly Float32Array[], integers: readonly number[]): Uint8Array {
  if (type === dataTypes.float) return new Uint8Array(Float32Array.from(floats.flatMap((part) => [...part])).buffer)
  if (type === dataTypes.int64) return new Uint8Array(BigInt64Array.from(integers, BigInt).buffer)
  if (type === dataTypes.int32) return new Uint8Array(Int32Array.from(integers).buffer)
  if (type === dataTypes.float16) return new Uint8Array(Uint16Array.from(integers).buffer)
  return Uint8Array.from(integers)
}

function valueOf(message: Uint8Array): OnnxValue {
  let name = ''
  let type = 0
  let shape: (number | null)[] | null = null
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = text(field.bytes)
    if (field.number !== 2) continue
    for (const kind of fieldsOf(field.bytes)) {
      if (kind.number !== 1) continue
      for (const part of fieldsOf(kind.bytes)) {
        if (part.number === 1) type = part.value
        if (part.number === 2) shape = shapeOf(part.bytes)
      }
    }
  }
  return { name, type, shape }
}

function shapeOf(message: Uint8Array): (number | null)[] {
  const sides: (number | null)[] = []
  for (const { number, bytes } of fieldsOf(message)) {
    if (number !== 1) continue
    let side: number | null = null
    for (const part of fieldsOf(bytes)) if (part.number === 1 && part.value >= 0) side = part.value
    sides.push(side)
  }
  return sides
}
