/** Makes a graph of pictures that has the channels last take and give them first, as everything else here does. */
import { OverreadError } from '../../../contracts/errors'
import { decodeOnnx } from './decode-onnx'
import { nodeParts, valueParts } from './encode-onnx'
import { dataTypes, type OnnxNode, type OnnxValue } from './graph'
import { fieldsOf, joined, messageField, textField, type Field, type Parts } from './wire'

/** Fields of ModelProto, GraphProto, NodeProto, AttributeProto and ValueInfoProto. */
const graphOfModel = 7
const nodeOfGraph = 1
const inputOfGraph = 11
const outputOfGraph = 12
const innerShapeOfGraph = 13
const inputOfNode = 1
const outputOfNode = 2
const attributeOfNode = 5
const graphsOfAttribute = [6, 11]
const nameOfValue = 1

const toLast = [0, 2, 3, 1]
const toFirst = [0, 3, 1, 2]

/** The names by which the graph's own nodes know what is turned at its ends. */
type Renamed = ReadonlyMap<string, string>

/**
 * The same graph with its input, and those of its outputs that are maps, turned at its ends; within it nothing changes but their
 * names.
 *
 * @throws OverreadError 'model.weights' where it has no such input of four sides.
 */
export function withChannelsFirst(
  model: Uint8Array,
  { input, maps }: { readonly input: string; readonly maps: readonly string[] },
): Uint8Array<ArrayBuffer> {
  const { inputs, outputs } = decodeOnnx(model)
  const described = inputs.find(({ name }) => name === input)
  if (described?.shape?.length !== 4) throw new OverreadError('model.weights', `it has no input ${input} of four sides`)
  const turned = outputs.filter(({ name }) => maps.includes(name) && name !== input)
  const renamed = new Map([input, ...turned.map(({ name }) => name)].map((name) => [name, `${name}__channels_last`]))
  const parts: Uint8Array[] = []
  for (const field of fieldsOf(model))
    parts.push(
      ...(field.number === graphOfModel ? messageField(graphOfModel, turnedGraph(field.bytes, described, turned, renamed)) : [field.whole]),
    )
  return joined(parts)
}

function turnedGraph(graph: Uint8Array, input: OnnxValue, outputs: readonly OnnxValue[], renamed: Renamed): Parts {
  const transpose = (from: string, to: string, perm: readonly number[]): OnnxNode => ({
    op: 'Transpose',
    domain: '',
    name: '',
    inputs: [from],
    outputs: [to],
    attributes: { perm: { kind: 'ints', values: perm } },
  })
  const values = new Map([input, ...outputs].map((value) => [value.name, value]))
  // Nodes stand in an order in which they can be run.
  return [
    ...messageField(nodeOfGraph, nodeParts(transpose(input.name, renamed.get(input.name)!, toLast))),
    ...[...fieldsOf(graph)].flatMap((field) => turnedField(field, values, renamed)),
    ...outputs.flatMap(({ name }) => messageField(nodeOfGraph, nodeParts(transpose(renamed.get(name)!, name, toFirst)))),
  ]
}

function turnedField({ number, bytes, whole }: Field, values: ReadonlyMap<string, OnnxValue>, renamed: Renamed): Parts {
  if (number === nodeOfGraph) return messageField(nodeOfGraph, renamedNode(bytes, renamed))
  if (number !== inputOfGraph && number !== outputOfGraph && number !== innerShapeOfGraph) return [whole]
  const value = values.get(nameOf(bytes))
  if (!value) return [whole]
  return number === innerShapeOfGraph ? [] : messageField(number, valueParts(firstOf(value)))
}

/** How a value at an end of the graph is described: the same sides, the channels first. */
function firstOf({ name, type, shape }: OnnxValue): OnnxValue {
  return { name, type: type === 0 ? dataTypes.float : type, shape: shape?.length === 4 ? toFirst.map((axis) => shape[axis]) : null }
}

/** Also within the graphs that it holds: those know the values around them by name. */
function renamedNode(node: Uint8Array, renamed: Renamed): Parts {
  return [...fieldsOf(node)].flatMap(({ number, bytes, whole }) => {
    if (number === attributeOfNode) return messageField(number, renamedAttribute(bytes, renamed))
    const name = number === inputOfNode || number === outputOfNode ? renamed.get(textOf(bytes)) : undefined
    return name === undefined ? [whole] : textField(number, name)
  })
}

function renamedAttribute(attribute: Uint8Array, renamed: Renamed): Parts {
  return [...fieldsOf(attribute)].flatMap(({ number, bytes, whole }) => {
    if (!graphsOfAttribute.includes(number)) return [whole]
    const graph = [...fieldsOf(bytes)].flatMap((field) =>
      field.number === nodeOfGraph ? messageField(nodeOfGraph, renamedNode(field.bytes, renamed)) : [field.whole],
    )
    return messageField(number, graph)
  })
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

function nameOf(value: Uint8Array): string {
  for (const { number, bytes } of fieldsOf(value)) if (number === nameOfValue) return textOf(bytes)
  return ''
}
