/** What an ONNX file refers to. Overread runs none that reaches for another file or for memory. */
import { OverreadError } from '../../../contracts/errors'
import { fieldsOf } from './wire'

/** Subgraphs within subgraphs; exported networks reach three. */
const deepest = 32
/** Fields of all messages walked. A network of 100,000 nodes has some millions. */
const mostFields = 8_000_000

type MessageKind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse-tensor' | 'function' | 'training'

/** By message of onnx.proto: the fields that hold messages a tensor can hide in. */
const inside: Record<MessageKind, Readonly<Record<number, MessageKind>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse-tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse-tensor', 23: 'sparse-tensor' },
  tensor: {},
  'sparse-tensor': { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
}

/** TensorProto */
const externalData = 13
const dataLocation = 14
/** NodeProto */
const operatorType = 4
/** ModelProto */
const graphOfModel = 7

/**
 * Walks through every graph, function, attribute and tensor of an ONNX file.
 *
 * @throws OverreadError 'model.path' where a tensor lies outside the file (ONNX external data, which may
 * also name an address in memory) or a node loads a compiled context from one; 'model.weights' where
 * the bytes are no ONNX model or nest beyond the bounds.
 */
export function checkOnnxFile(bytes: Uint8Array): void {
  // ONNX Runtime's own format is told by these letters and would be loaded without the checks below.
  if (bytes.length < 8 || ascii(bytes.subarray(4, 8)) === 'ORTM') throw new OverreadError('model.weights', 'not an ONNX file')
  let fields = 0
  let graphs = 0
  const walk = (message: Uint8Array, kind: MessageKind, depth: number): void => {
    if (depth > deepest) throw new OverreadError('model.weights', `graphs nest more than ${deepest} deep`)
    const messages = inside[kind]
    for (const field of fieldsOf(message)) {
      if (++fields > mostFields) throw new OverreadError('model.weights', 'more parts than Overread takes')
      if (kind === 'model' && field.number === graphOfModel) graphs++
      if (kind === 'tensor' && (field.number === externalData || (field.number === dataLocation && field.value !== 0))) {
        throw new OverreadError('model.path', 'its weights lie outside the file (ONNX external data)')
      }
      if (kind === 'node' && field.number === operatorType && ascii(field.bytes) === 'EPContext') {
        throw new OverreadError('model.path', 'a node loads a compiled context (EPContext)')
      }
      const next = messages[field.number]
      if (next) walk(field.bytes, next, depth + 1)
    }
  }
  walk(bytes, 'model', 0)
  if (graphs === 0) throw new OverreadError('model.weights', 'the file holds no graph')
}

function ascii(bytes: Uint8Array): string {
  return bytes.length > 64 ? '' : String.fromCharCode(...bytes)
}
