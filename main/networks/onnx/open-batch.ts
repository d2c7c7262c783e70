/** Makes a graph of one picture take several at a time, where its inside allows it. */
import { valueParts } from './encode-onnx'
import { dataTypes } from './graph'
import { fieldsOf, joined, messageField, textField, type Parts } from './wire'

/** Fields of ModelProto, GraphProto and ValueInfoProto. */
const graphOfModel = 7
const inputOfGraph = 11
const outputOfGraph = 12
const innerShapeOfGraph = 13
const nameOfValue = 1

/**
 * The same graph with the first side of `input` left open, and without the shapes that it states of inner values and outputs: the
 * engine finds them. Whether the inside holds fixed shapes shows only when it is run.
 */
export function withOpenBatch(
  model: Uint8Array,
  input: { readonly name: string; readonly shape: readonly number[] },
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  for (const field of fieldsOf(model)) {
    parts.push(...(field.number === graphOfModel ? messageField(graphOfModel, openedGraph(field.bytes, input)) : [field.whole]))
  }
  return joined(parts)
}

function openedGraph(graph: Uint8Array, input: { readonly name: string; readonly shape: readonly number[] }): Parts {
  const parts: Uint8Array[] = []
  for (const { number, bytes, whole } of fieldsOf(graph)) {
    if (number === innerShapeOfGraph) continue
    const name = number === inputOfGraph || number === outputOfGraph ? nameOf(bytes) : ''
    if (number === outputOfGraph) parts.push(...messageField(outputOfGraph, textField(nameOfValue, name)))
    else if (number === inputOfGraph && name === input.name) {
      const [, ...sides] = input.shape
      parts.push(...messageField(inputOfGraph, valueParts({ name, type: dataTypes.float, shape: [null, ...sides] })))
    } else parts.push(whole)
  }
  return parts
}

function nameOf(value: Uint8Array): string {
  for (const { number, bytes } of fieldsOf(value)) if (number === nameOfValue) return new TextDecoder().decode(bytes)
  return ''
}
