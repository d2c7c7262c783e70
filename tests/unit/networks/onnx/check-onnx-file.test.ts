import { expect, test } from 'vitest'
import { checkOnnxFile } from '../../../../main/networks/onnx/check-onnx-file'
import { graph, model, modelOf, node, tensor } from '../../../integration/inference/onnx-writer'
import { bytes, message, number, text, type Bytes } from '../../../integration/inference/protobuf'
import { identityGraph } from '../../../integration/inference/tiny-packages'

const plain = identityGraph(4)
const external = [
  ...tensor({ name: 'w', shape: [1], values: [] }),
  ...message(13, text(1, 'location'), text(2, '../../etc/passwd')),
  ...number(14, 1),
]
const marked = [...tensor({ name: 'w', shape: [1], values: [] }), ...number(14, 1)]
const withField = (field: number, content: Bytes) => model(message(7, graph(plain), message(field, content)))
const nodeWith = (field: number, content: Bytes) => [...node(plain.nodes[0]), ...message(5, text(1, 'value'), message(field, content))]

test('takes a plain network', () => expect(() => checkOnnxFile(modelOf(plain))).not.toThrow())

test.each([
  { where: 'an initializer', file: withField(5, external) },
  { where: 'an initializer that only says so', file: withField(5, marked) },
  { where: 'the values of a sparse initializer', file: withField(15, message(1, external)) },
  { where: 'the indices of a sparse initializer', file: withField(15, message(2, external)) },
  { where: "a node's tensor", file: withField(1, nodeWith(5, external)) },
  { where: "a node's list of tensors", file: withField(1, nodeWith(10, external)) },
  { where: "a node's sparse tensor", file: withField(1, nodeWith(22, message(1, external))) },
  { where: "a node's list of sparse tensors", file: withField(1, nodeWith(23, message(1, external))) },
  { where: 'a subgraph', file: withField(1, nodeWith(6, message(5, external))) },
  { where: 'a list of subgraphs', file: withField(1, nodeWith(11, message(5, external))) },
  {
    where: 'a second graph, which protobuf merges into the first',
    file: model(message(7, graph(plain)), message(7, message(5, external))),
  },
  { where: "a function's node", file: model(message(7, graph(plain)), message(25, message(7, nodeWith(5, external)))) },
  { where: "a function's attribute", file: model(message(7, graph(plain)), message(25, message(11, message(5, external)))) },
  { where: 'a training graph', file: model(message(7, graph(plain)), message(20, message(2, message(5, external)))) },
])('refuses external data in $where', ({ file }) =>
  expect(() => checkOnnxFile(file)).toThrow(expect.objectContaining({ code: 'model.path' })),
)

test('refuses a node that loads a compiled context', () =>
  expect(() => checkOnnxFile(withField(1, node({ op: 'EPContext', inputs: [], outputs: [] })))).toThrow(
    expect.objectContaining({ code: 'model.path' }),
  ))

const nested = (depth: number): Bytes => (depth === 0 ? [] : message(1, message(5, message(6, nested(depth - 1)))))

test.each([
  { what: 'nothing', file: new Uint8Array() },
  { what: 'text', file: new TextEncoder().encode('this is not a network') },
  { what: "the runtime's own format", file: Uint8Array.of(0, 0, 0, 0, ...new TextEncoder().encode('ORTM'), 0, 0) },
  { what: 'a file without a graph', file: model() },
  { what: 'a cut file', file: modelOf(plain).subarray(0, -3) },
  { what: 'a length beyond the end', file: Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0) },
  { what: 'a number without an end', file: new Uint8Array(40).fill(0xff) },
  { what: 'graphs within graphs', file: model(message(7, nested(40))) },
  { what: 'a group', file: model(message(7, graph(plain)), [0x0b, 0x0c]) },
  { what: 'a field of the number 0', file: model(message(7, graph(plain)), bytes(0, [1])) },
])('refuses $what', ({ file }) => expect(() => checkOnnxFile(file)).toThrow(expect.objectContaining({ code: 'model.weights' })))
