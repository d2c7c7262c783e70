/** The number of the greatest class found within the graph, so that one byte a voxel leaves it instead of every score. */
import type { VolumeModel } from '../../../contracts/model-package'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { withAdditions, withoutValues, type GraphAddition } from '../../networks/onnx/encode-onnx'
import { dataTypes, int64Tensor, type OnnxAttribute, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../../networks/onnx/graph'

/** Output of the graph with the head: uint8, a number a voxel. */
export const classOutput = 'overread.class'
/** The sum of all scores: no number where one of them is none, which a greatest class would hide. */
export const sumOutput = 'overread.sum'

/** Scores of more classes are made in parts: those of a hundred classes over a whole head are more than a gigabyte. */
export const classesAtOnce = 32

type Described = Pick<VolumeModel, 'input' | 'outputs'>

/** The last layer of a graph, which makes each class's score of the values at its voxel alone. */
interface ScoreLayer {
  readonly node: OnnxNode
  /** The scores as the graph names them, from this layer to its output. */
  readonly names: readonly string[]
  /** [classes, channels, 1, 1, 1] */
  readonly weights: OnnxTensor
  readonly bias: OnnxTensor | null
}

export interface ClassGraph {
  readonly graph: Uint8Array<ArrayBuffer>
  /** False where the scores are not among its outputs any more: the runtime makes what is, asked for or not. */
  readonly givesScores: boolean
}

/** The same graph with two more outputs. */
export function withClassHead(graph: Uint8Array, model: Described): ClassGraph {
  const outputs = [classOutput, sumOutput]
  const layer = layerInParts(decodeOnnx(graph), model)
  if (!layer) return { graph: withAdditions(graph, { ...headOfScores(model), outputs }), givesScores: true }
  return { graph: withAdditions(withoutValues(graph, layer.names), { ...headInParts(layer), outputs }), givesScores: false }
}

/** The layer whose scores the head makes in parts; null where they are few, or made otherwise. */
export function layerInParts({ nodes, weights }: OnnxGraph, { input, outputs: [{ name }] }: Described): ScoreLayer | null {
  if (input.layout !== 'NCDHW') return null
  const makerOf = (value: string) => nodes.find(({ outputs }) => outputs.includes(value))
  const names = [name]
  let node = makerOf(name)
  while (node?.op === 'Identity') {
    names.push(node.inputs[0])
    node = makerOf(node.inputs[0])
  }
  if (node?.op !== 'Conv') return null
  const kernel = weights.get(node.inputs[1])
  const bias = node.inputs[2] ? weights.get(node.inputs[2]) : null
  if (kernel?.type !== dataTypes.float || bias === undefined || (bias && bias.type !== dataTypes.float)) return null
  const [classes, , ...sides] = kernel.shape
  const { group, strides, pads } = node.attributes
  const plain = (group === undefined || (group.kind === 'int' && group.value === 1)) && isAll(strides, 1) && isAll(pads, 0)
  return classes > classesAtOnce && sides.every((side) => side === 1) && plain ? { node, names, weights: kernel, bias } : null
}

function isAll(attribute: OnnxAttribute | undefined, value: number): boolean {
  return attribute === undefined || (attribute.kind === 'ints' && attribute.values.every((each) => each === value))
}

const standard = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({
  op,
  domain: '',
  name: '',
  inputs,
  outputs,
  attributes,
})
const int = (value: number) => ({ kind: 'int', value }) as const
const toBytes = { to: int(dataTypes.uint8) }

function headOfScores({ input, outputs: [{ name }] }: Described): GraphAddition {
  const numbers = `${classOutput}.whole`
  const nodes = [
    standard('ArgMax', [name], [numbers], { axis: int(input.layout === 'NCDHW' ? 1 : 4), keepdims: int(0) }),
    standard('Cast', [numbers], [classOutput], toBytes),
    standard('ReduceSum', [name], [sumOutput], { keepdims: int(0) }),
  ]
  return { nodes }
}

/** The scores of some classes after the other, of which only the greatest and its class are kept. Of equal ones the first counts. */
function headInParts({ node, weights: kernel, bias }: ScoreLayer): GraphAddition {
  const [classes, channels] = kernel.shape
  const parts = Math.ceil(classes / classesAtOnce)
  const nodes: OnnxNode[] = []
  let soFar = { best: '', number: '' }
  const weights = new Map<string, OnnxTensor>()
  const named = (what: string, part: number) => `${classOutput}.${what}.${part}`
  const rows = ({ type, bytes }: OnnxTensor, from: number, to: number, shape: readonly number[]): OnnxTensor => {
    const row = bytes.length / classes
    return { type, shape, bytes: bytes.slice(from * row, to * row) }
  }
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part, part + 1].map((cut) => Math.floor((cut * classes) / parts))
    const [scores, first, best, number, greatest] = ['scores', 'first', 'best', 'number', 'greatest'].map((what) => named(what, part))
    weights.set(named('weights', part), rows(kernel, from, to, [to - from, channels, 1, 1, 1]))
    if (bias) weights.set(named('bias', part), rows(bias, from, to, [to - from]))
    weights.set(named('from', part), int64Tensor([1], [from]))
    const given = [node.inputs[0], named('weights', part), ...(bias ? [named('bias', part)] : [])]
    nodes.push(
      standard('Conv', given, [scores], node.attributes),
      standard('ReduceSum', [scores], [named('sum', part)], { keepdims: int(0) }),
      standard('ArgMax', [scores], [first], { axis: int(1), keepdims: int(1) }),
      standard('GatherElements', [scores, first], [best], { axis: int(1) }),
      standard('Add', [first, named('from', part)], [`${number}.whole`]),
      standard('Cast', [`${number}.whole`], [number], toBytes),
    )
    const before = soFar
    if (part === 0) {
      soFar = { best, number }
      continue
    }
    soFar = { best: named('best-so-far', part), number: part === parts - 1 ? classOutput : named('number-so-far', part) }
    nodes.push(
      standard('Greater', [best, before.best], [greatest]),
      standard('Where', [greatest, best, before.best], [soFar.best]),
      standard('Where', [greatest, number, before.number], [soFar.number]),
    )
  }
  const sums = Array.from({ length: parts }, (_, part) => named('sum', part))
  return { nodes: [...nodes, standard('Sum', sums, [sumOutput])], weights }
}
