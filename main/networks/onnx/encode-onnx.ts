/** Writing ONNX files, and editing their graphs without touching the rest. onnx.proto of ONNX 1.17. */
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './graph'
import { bytesField, fieldsOf, floatField, joined, messageField, numberField, textField, type Field, type Parts } from './wire'

const irVersion = 8

/** A whole model. */
export function encodeOnnx({ opsets, nodes, weights, inputs, outputs }: OnnxGraph): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((node) => messageField(1, nodeParts(node))),
    ...textField(2, 'overread'),
    ...[...weights].flatMap(([name, tensor]) => messageField(5, tensorParts(name, tensor))),
    ...inputs.flatMap((value) => messageField(11, valueParts(value))),
    ...outputs.flatMap((value) => messageField(12, valueParts(value))),
  ]
  return joined([
    ...numberField(1, irVersion),
    ...textField(2, 'overread'),
    ...messageField(7, graph),
    ...opsets.flatMap(({ domain, version }) => messageField(8, [...textField(1, domain), ...numberField(2, version)])),
  ])
}

export interface GraphAddition {
  readonly nodes?: readonly OnnxNode[]
  readonly weights?: ReadonlyMap<string, OnnxTensor>
  /** Values of the graph, or of the added nodes, that become outputs; the engine finds their type and shape. */
  readonly outputs?: readonly string[]
}

/** The same file with more in its main graph; every other byte of it stays. */
export function withAdditions(
  model: Uint8Array,
  { nodes = [], weights = new Map(), outputs = [] }: GraphAddition,
): Uint8Array<ArrayBuffer> {
  const more: Parts = [
    ...nodes.flatMap((node) => messageField(1, nodeParts(node))),
    ...[...weights].flatMap(([name, tensor]) => messageField(5, tensorParts(name, tensor))),
    ...outputs.flatMap((name) => messageField(12, textField(1, name))),
  ]
  const parts: Uint8Array[] = []
  for (const field of fieldsOf(model)) parts.push(...(field.number === 7 ? messageField(7, [field.bytes, ...more]) : [field.whole]))
  return joined(parts)
}

/** The same file without these values of its main graph: the nodes that make them and the outputs they are; every other byte of it stays. */
export function withoutValues(model: Uint8Array, values: readonly string[]): Uint8Array<ArrayBuffer> {
  const named = (message: Uint8Array, field: number) =>
    [...fieldsOf(message)].some(({ number, bytes }) => number === field && values.includes(new TextDecoder().decode(bytes)))
  // NodeProto.output, ValueInfoProto.name
  const goes = ({ number, bytes }: Field) => (number === 1 && named(bytes, 2)) || (number === 12 && named(bytes, 1))
  const parts: Uint8Array[] = []
  for (const field of fieldsOf(model)) {
    if (field.number !== 7) parts.push(field.whole)
    else
      parts.push(
        ...messageField(
          7,
          [...fieldsOf(field.bytes)].filter((part) => !goes(part)).map(({ whole }) => whole),
        ),
      )
  }
  return joined(parts)
}

/** NodeProto. */
export function nodeParts({ op, domain, name, inputs, outputs, attributes }: OnnxNode): Parts {
  return [
    ...inputs.flatMap((input) => textField(1, input)),
    ...outputs.flatMap((output) => textField(2, output)),
    ...(name === '' ? [] : textField(3, name)),
    ...textField(4, op),
    ...Object.entries(attributes).flatMap(([key, attribute]) => messageField(5, [...textField(1, key), ...attributeParts(attribute)])),
    ...(domain === '' ? [] : textField(7, domain)),
  ]
}

/** The value, then AttributeProto.AttributeType. */
function attributeParts(attribute: OnnxAttribute): Parts {
  switch (attribute.kind) {
    case 'float':
      return [...floatField(2, attribute.value), ...numberField(20, 1)]
    case 'int':
      return [...numberField(3, attribute.value), ...numberField(20, 2)]
    case 'string':
      return [...textField(4, attribute.value), ...numberField(20, 3)]
    case 'tensor':
      return [...messageField(5, tensorParts('', attribute.value)), ...numberField(20, 4)]
    case 'floats':
      return [...attribute.values.flatMap((value) => floatField(7, value)), ...numberField(20, 6)]
    case 'ints':
      return [...attribute.values.flatMap((value) => numberField(8, value)), ...numberField(20, 7)]
    case 'strings':
      return [...attribute.values.flatMap((value) => textField(9, value)), ...numberField(20, 8)]
    case 'other':
      throw new TypeError('an attribute that was not read cannot be written')
  }
}

function tensorParts(name: string, { shape, type, bytes }: OnnxTensor): Parts {
  return [...shape.flatMap((side) => numberField(1, side)), ...numberField(2, type), ...textField(8, name), ...bytesField(9, bytes)]
}

/** ValueInfoProto. */
export function valueParts({ name, type, shape }: OnnxValue): Parts {
  const sides = (shape ?? []).flatMap((side, axis) => messageField(1, side === null ? textField(2, `side${axis}`) : numberField(1, side)))
  const tensor = [...numberField(1, type), ...(shape === null ? [] : messageField(2, sides))]
  return [...textField(1, name), ...(type === 0 ? [] : messageField(2, messageField(1, tensor)))]
}
