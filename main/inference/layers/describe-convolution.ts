/** What a convolution does, in words. */
import type { OnnxNode } from '../../networks/onnx/graph'
import { integerAttribute, integersAttribute, times } from './attributes'
import type { LayerWords } from './describe-layer'
import type { GraphValues } from './graph-values'

export function describeConvolution(node: OnnxNode, values: GraphValues): LayerWords {
  const title = node.op === 'Conv' ? 'Convolution' : 'Transposed convolution'
  const shape = values.weight(node.inputs[1] ?? '')?.shape ?? null
  if (shape === null || shape.length < 3) return { kind: 'convolution', title, words: 'Looks for patterns in the maps before' }
  const groups = integerAttribute(node, 'group', 1)
  const words = `${filtersWords(node, shape, groups)}${stepWords(node)}${spreadWords(node, shape.slice(2))}`
  return { kind: 'convolution', title, words }
}

function filtersWords(node: OnnxNode, shape: readonly number[], groups: number): string {
  // A convolution's weights are filters × maps of a group; a transposed one's maps × filters of a group.
  const [filters, maps] = node.op === 'Conv' ? [shape[0], shape[1] * groups] : [shape[1] * groups, shape[0]]
  const size = times(shape.slice(2))
  const before = maps === 1 ? 'the one map before' : `the ${maps} maps before`
  if (node.op !== 'Conv') return `${count(filters, 'filter')} of ${size} paint${filters === 1 ? 's' : ''} larger maps from ${before}`
  if (groups > 1 && groups === maps) return `Each of ${before} gets ${count(filters / groups, 'filter')} of its own, ${size}`
  if (shape.slice(2).every((side) => side === 1))
    return `${count(filters, 'mixture')} of ${before}, pixel by pixel${groups > 1 ? `, in ${groups} groups` : ''}`
  const look = filters === 1 ? 'looks' : 'look'
  return `${count(filters, 'filter')} of ${size} ${look} for patterns in ${before}${groups > 1 ? `, in ${groups} groups` : ''}`
}

function stepWords(node: OnnxNode): string {
  const strides = integersAttribute(node, 'strides')
  if (strides.every((stride) => stride === 1)) return ''
  return node.op === 'Conv' ? `, in steps of ${times(strides)} pixels, which makes the maps smaller` : ''
}

function spreadWords(node: OnnxNode, kernel: readonly number[]): string {
  const dilations = integersAttribute(node, 'dilations')
  if (dilations.every((dilation) => dilation === 1)) return ''
  const reach = kernel.map((side, axis) => (side - 1) * (dilations[axis] ?? 1) + 1)
  return `, spread over ${times(reach)} pixels`
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
