/**
 * The head of a classifier as a sum over its last maps. Where it is global average pooling and then nothing but linear steps, the score of a
 * picture is the mean of a score at each place (class activation mapping; Zhou et al., CVPR 2016).
 */
import type { OnnxNode } from '../../networks/onnx/graph'
import { floatAttribute, integerAttribute, integersAttribute } from '../layers/attributes'
import type { GraphWalk } from './graph-walk'

export interface MapSize {
  readonly channels: number
  readonly rows: number
  readonly columns: number
}

/** value[i] = bias[i] + Σ over maps and their channels of weight[i, channel] · mean of the channel. */
export interface PooledForm {
  readonly length: number
  /** By name of the map: length × channels. */
  readonly weights: ReadonlyMap<string, Float64Array>
  readonly bias: Float64Array
}

/** Weights of a head that is worth following. */
const mostWeights = 8_000_000
const mostSteps = 256

/** Steps that keep the order of their values. */
const rearranging = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout'])

/** Null where the value is anything but a linear form of means of `maps`, which are those that come out of the graph. */
export function pooledFormOf(walk: GraphWalk, value: string, maps: ReadonlyMap<string, MapSize>): PooledForm | null {
  const known = new Map<string, PooledForm | null>()
  let steps = 0
  const formOf = (name: string): PooledForm | null => {
    if (known.has(name)) return known.get(name)!
    const node = ++steps > mostSteps ? null : walk.makerOf(name)
    const form = node && stepForm(node, { walk, maps, formOf })
    known.set(name, form)
    return form
  }
  return formOf(value)
}

interface Context {
  readonly walk: GraphWalk
  readonly maps: ReadonlyMap<string, MapSize>
  readonly formOf: (value: string) => PooledForm | null
}

function stepForm(node: OnnxNode, context: Context): PooledForm | null {
  if (node.domain !== '') return null
  if (rearranging.has(node.op)) return context.formOf(node.inputs[0])
  switch (node.op) {
    case 'GlobalAveragePool':
    case 'ReduceMean':
    case 'AveragePool':
      return pooledMap(node, context)
    case 'Gemm':
      return gemm(node, context)
    case 'MatMul':
      return matMul(node, context)
    case 'Conv':
      return pointConvolution(node, context)
    case 'BatchNormalization':
      return normalised(node, context)
    case 'Add':
    case 'Sum':
    case 'Mean':
    case 'Sub':
      return summed(node, context)
    case 'Mul':
    case 'Div':
      return scaled(node, context)
    case 'Concat':
      return joinedForms(node, context)
    default:
      return null
  }
}

function pooledMap(node: OnnxNode, { walk, maps }: Context): PooledForm | null {
  const [source] = node.inputs
  const size = maps.get(source)
  if (!size || !poolsAll(node, size, walk)) return null
  const { channels } = size
  if (channels * channels > mostWeights) return null
  const weights = new Float64Array(channels * channels)
  for (let channel = 0; channel < channels; channel++) weights[channel * channels + channel] = 1
  return { length: channels, weights: new Map([[source, weights]]), bias: new Float64Array(channels) }
}

/** Whether a node takes the mean over all rows and columns. */
function poolsAll(node: OnnxNode, { rows, columns }: MapSize, walk: GraphWalk): boolean {
  if (node.op === 'GlobalAveragePool') return true
  if (node.op === 'ReduceMean') {
    const axes = walk.axes(node)?.map((axis) => (axis < 0 ? axis + 4 : axis))
    return axes?.length === 2 && axes.includes(2) && axes.includes(3)
  }
  const kernel = integersAttribute(node, 'kernel_shape')
  const unpadded = integersAttribute(node, 'pads').every((pad) => pad === 0) && !('auto_pad' in node.attributes)
  return kernel.length === 2 && kernel[0] === rows && kernel[1] === columns && unpadded
}

function gemm(node: OnnxNode, { walk, formOf }: Context): PooledForm | null {
  const matrix = walk.constant(node.inputs[1])
  const values = walk.floats(node.inputs[1])
  if (!matrix || !values || matrix.shape.length !== 2 || integerAttribute(node, 'transA', 0) !== 0) return null
  const form = formOf(node.inputs[0])
  const transposed = integerAttribute(node, 'transB', 0) !== 0
  const [inputs, outputs] = transposed ? [matrix.shape[1], matrix.shape[0]] : matrix.shape
  if (!form || inputs !== form.length) return null
  const alpha = floatAttribute(node, 'alpha', 1)
  const linear = mixed(form, outputs, (to, from) => alpha * (transposed ? values[to * inputs + from] : values[from * outputs + to]))
  if (node.inputs[2] === undefined || node.inputs[2] === '') return linear
  const offset = walk.floats(node.inputs[2])
  return linear && offset && shifted(linear, offset, floatAttribute(node, 'beta', 1))
}

function matMul(node: OnnxNode, { walk, formOf }: Context): PooledForm | null {
  const matrix = walk.constant(node.inputs[1])
  const values = walk.floats(node.inputs[1])
  if (!matrix || !values || matrix.shape.length !== 2) return null
  const form = formOf(node.inputs[0])
  const [inputs, outputs] = matrix.shape
  return form && inputs === form.length ? mixed(form, outputs, (to, from) => values[from * outputs + to]) : null
}

function pointConvolution(node: OnnxNode, { walk, formOf }: Context): PooledForm | null {
  const kernel = walk.constant(node.inputs[1])
  const values = walk.floats(node.inputs[1])
  if (!kernel || !values || kernel.shape.length !== 4 || kernel.shape[2] !== 1 || kernel.shape[3] !== 1) return null
  if (integerAttribute(node, 'group', 1) !== 1 || integersAttribute(node, 'pads').some((pad) => pad !== 0)) return null
  const form = formOf(node.inputs[0])
  const [outputs, inputs] = kernel.shape
  if (!form || inputs !== form.length) return null
  const linear = mixed(form, outputs, (to, from) => values[to * inputs + from])
  const offset = node.inputs[2] === undefined || node.inputs[2] === '' ? new Float32Array(1) : walk.floats(node.inputs[2])
  return linear && offset && shifted(linear, offset, 1)
}

function normalised(node: OnnxNode, { walk, formOf }: Context): PooledForm | null {
  const [scale, offset, mean, variance] = node.inputs.slice(1).map((input) => walk.floats(input))
  const form = formOf(node.inputs[0])
  if (!form || !scale || !offset || !mean || !variance) return null
  const epsilon = floatAttribute(node, 'epsilon', 1e-5)
  const factor = Float32Array.from(scale, (value, i) => value / Math.sqrt(variance[i] + epsilon))
  const stretched = stretchedForm(form, factor)
  return (
    stretched &&
    shifted(
      stretched,
      Float32Array.from(offset, (value, i) => value - mean[i] * factor[i]),
      1,
    )
  )
}

function summed(node: OnnxNode, { walk, formOf }: Context): PooledForm | null {
  let total: PooledForm | null = null
  const constants: Float32Array[] = []
  const share = node.op === 'Mean' ? 1 / node.inputs.length : 1
  for (const [index, input] of node.inputs.entries()) {
    const sign = node.op === 'Sub' && index === 1 ? -1 : 1
    const constant = walk.floats(input)
    if (constant) {
      constants.push(constant.map((value) => value * sign * share))
      continue
    }
    const form = formOf(input)
    const part: PooledForm | null = form && stretchedForm(form, Float32Array.of(sign * share))
    total = part && total ? added(total, part) : total === null && index === constants.length ? part : null
    if (!total) return null
  }
  return constants.reduce<PooledForm | null>((form, constant) => form && shifted(form, constant, 1), total)
}

function scaled(node: OnnxNode, { walk, formOf }: Context): PooledForm | null {
  const [first, second] = node.inputs
  const right = walk.floats(second)
  if (right) {
    const form = formOf(first)
    return form && stretchedForm(form, node.op === 'Div' ? right.map((value) => 1 / value) : right)
  }
  const left = node.op === 'Mul' ? walk.floats(first) : null
  const form = left && formOf(second)
  return form && stretchedForm(form, left)
}

/** Values one after the other, as along the channels of pooled maps. */
function joinedForms(node: OnnxNode, { formOf }: Context): PooledForm | null {
  if (integerAttribute(node, 'axis', 0) !== 1) return null
  const forms = node.inputs.map(formOf)
  if (!forms.every((form) => form !== null)) return null
  const length = forms.reduce((sum, form) => sum + form.length, 0)
  const bias = new Float64Array(length)
  const weights = new Map<string, Float64Array>()
  let at = 0
  for (const form of forms) {
    bias.set(form.bias, at)
    for (const [map, own] of form.weights) {
      const channels = own.length / form.length
      if (channels * length > mostWeights) return null
      const all = weights.get(map) ?? new Float64Array(channels * length)
      all.set(own, at * channels)
      weights.set(map, all)
    }
    at += form.length
  }
  return { length, weights, bias }
}

function mixed(form: PooledForm, length: number, weight: (to: number, from: number) => number): PooledForm | null {
  const bias = new Float64Array(length)
  for (let to = 0; to < length; to++) for (let from = 0; from < form.length; from++) bias[to] += weight(to, from) * form.bias[from]
  const weights = new Map<string, Float64Array>()
  for (const [map, own] of form.weights) {
    const channels = own.length / form.length
    if (channels * length > mostWeights) return null
    const result = new Float64Array(channels * length)
    for (let to = 0; to < length; to++) {
      for (let from = 0; from < form.length; from++) {
        const factor = weight(to, from)
        for (let channel = 0; channel < channels; channel++) result[to * channels + channel] += factor * own[from * channels + channel]
      }
    }
    weights.set(map, result)
  }
  return { length, weights, bias }
}

/** `offset`: one for all values, or one each. */
function shifted(form: PooledForm, offset: Float32Array, factor: number): PooledForm | null {
  if (offset.length !== 1 && offset.length !== form.length) return null
  return { ...form, bias: form.bias.map((value, i) => value + factor * offset[offset.length === 1 ? 0 : i]) }
}

function stretchedForm(form: PooledForm, factor: Float32Array): PooledForm | null {
  if (factor.length !== 1 && factor.length !== form.length) return null
  const of = (i: number) => factor[factor.length === 1 ? 0 : i]
  const weights = new Map(
    [...form.weights].map(([map, own]) => {
      const channels = own.length / form.length
      return [map, own.map((value, i) => value * of(Math.floor(i / channels)))]
    }),
  )
  return { length: form.length, weights, bias: form.bias.map((value, i) => value * of(i)) }
}

function added(a: PooledForm, b: PooledForm): PooledForm | null {
  if (a.length !== b.length) return null
  const weights = new Map(a.weights)
  for (const [map, own] of b.weights) {
    const other = weights.get(map)
    weights.set(map, other ? other.map((value, i) => value + own[i]) : own)
  }
  return { length: a.length, weights, bias: a.bias.map((value, i) => value + b.bias[i]) }
}
