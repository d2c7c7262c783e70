/** Convolutions and pools: TensorFlow's channels-last kernels and paddings in ONNX's terms. */
import type { OnnxAttribute } from '../onnx/graph'
import { int, ints, range, text, Untranslatable, type GraphBuilder, type Kernel, type Value } from './graph-builder'

export type Padding = 'same' | 'valid'

export interface Window {
  readonly sides: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: Padding
}

/** Pads of a window, all begins before all ends, and the sides of what comes out. */
export function windowAttributes({ sides, strides, dilations, padding }: Window, input: Value['shape']) {
  const begins: number[] = []
  const ends: number[] = []
  const output: (number | null)[] = []
  let open = false
  for (const [axis, side] of sides.entries()) {
    const length = input[axis]
    const extent = (side - 1) * dilations[axis] + 1
    if (padding === 'valid') {
      begins.push(0)
      ends.push(0)
      output.push(length === null ? null : Math.floor((length - extent) / strides[axis]) + 1)
      continue
    }
    // With a stride what is added depends on the length; the odd pixel goes to the end.
    if (length === null && strides[axis] > 1) open = true
    const result = length === null ? null : Math.ceil(length / strides[axis])
    const total = length === null || result === null ? extent - 1 : Math.max((result - 1) * strides[axis] + extent - length, 0)
    begins.push(Math.floor(total / 2))
    ends.push(total - Math.floor(total / 2))
    output.push(result)
  }
  if (output.some((side) => side !== null && side < 1)) throw new Untranslatable('a window larger than what it slides over')
  const pads: Record<string, OnnxAttribute> = open ? { auto_pad: text('SAME_UPPER') } : { pads: ints([...begins, ...ends]) }
  return { attributes: { kernel_shape: ints(sides), strides: ints(strides), ...pads }, output }
}

export interface Convolution extends Omit<Window, 'sides'> {
  /** [...sides, channels in a group, channels out] */
  readonly kernel: Kernel
  readonly bias: Kernel | null
  readonly groups: number
}

export function convolve(graph: GraphBuilder, value: Value, { kernel, bias, groups, ...window }: Convolution): Value {
  const spatial = kernel.shape.length - 2
  const channels = value.shape.at(-1)
  const [perGroup, filters] = kernel.shape.slice(spatial)
  if (value.shape.length !== spatial + 1 || channels !== perGroup * groups || filters % groups !== 0)
    throw new Untranslatable(`a kernel of ${kernel.shape.join(' × ')} on ${value.shape.join(' × ')}`)
  const { attributes, output } = windowAttributes({ ...window, sides: kernel.shape.slice(0, spatial) }, value.shape)
  const turned = graph.weight(kernel, [spatial + 1, spatial, ...range(0, spatial)])
  const inputs = [value.name, turned, ...(bias ? [graph.weight(bias)] : [])]
  const name = graph.node('Conv', inputs, { ...attributes, dilations: ints(window.dilations), group: int(groups) })
  return { name, shape: [...output, filters] }
}

/** `kernel`: [...sides, channels, filters a channel]; every channel is convolved by itself. */
export function convolveEach(graph: GraphBuilder, value: Value, { kernel, ...rest }: Omit<Convolution, 'groups'>): Value {
  const [channels, each] = kernel.shape.slice(-2)
  // The kernel of a channel's own group: [...sides, 1, channels × filters].
  const grouped = { shape: [...kernel.shape.slice(0, -2), 1, channels * each], values: kernel.values }
  return convolve(graph, value, { ...rest, kernel: grouped, groups: channels })
}

/** `kernel`: [...sides, channels out, channels in]. */
export function convolveTransposed(
  graph: GraphBuilder,
  value: Value,
  { kernel, bias, strides, padding }: Pick<Convolution, 'kernel' | 'bias' | 'strides' | 'padding'>,
): Value {
  const spatial = kernel.shape.length - 2
  const sides = kernel.shape.slice(0, spatial)
  const [filters, channels] = kernel.shape.slice(spatial)
  if (value.shape.length !== spatial + 1 || value.shape.at(-1) !== channels) throw new Untranslatable('a kernel for other channels')
  const excess = sides.map((side, axis) => side - strides[axis])
  const cut = excess.map((by) => (padding === 'same' ? Math.max(by, 0) : 0))
  const short = excess.map((by) => Math.max(-by, 0))
  const turned = graph.weight(kernel, [spatial + 1, spatial, ...range(0, spatial)])
  const name = graph.node('ConvTranspose', [value.name, turned, ...(bias ? [graph.weight(bias)] : [])], {
    kernel_shape: ints(sides),
    strides: ints(strides),
    pads: ints([...cut.map((by) => Math.floor(by / 2)), ...cut.map((by) => by - Math.floor(by / 2))]),
    output_padding: ints(short),
  })
  const output = value.shape.slice(0, spatial).map((length, axis) => {
    if (length === null) return null
    return padding === 'same' ? length * strides[axis] : length * strides[axis] + Math.max(excess[axis], 0)
  })
  return { name, shape: [...output, filters] }
}

export function pool(graph: GraphBuilder, value: Value, kind: 'max' | 'average', window: Omit<Window, 'dilations'>): Value {
  if (value.shape.length !== window.sides.length + 1) throw new Untranslatable(`a pool over ${value.shape.join(' × ')}`)
  const { attributes, output } = windowAttributes({ ...window, dilations: window.sides.map(() => 1) }, value.shape)
  // What was added at the edges does not count: TensorFlow's average leaves it out.
  const name =
    kind === 'max'
      ? graph.node('MaxPool', [value.name], attributes)
      : graph.node('AveragePool', [value.name], { ...attributes, count_include_pad: int(0) })
  return { name, shape: [...output, value.shape.at(-1)!] }
}

/** Every side but the channels becomes one value. */
export function globalPool(graph: GraphBuilder, value: Value, kind: 'max' | 'average', keepDimensions: boolean): Value {
  if (value.shape.length < 3) throw new Untranslatable(`a global pool over ${value.shape.join(' × ')}`)
  const pooled = graph.node(kind === 'max' ? 'GlobalMaxPool' : 'GlobalAveragePool', [value.name])
  const channels = value.shape.at(-1)!
  if (keepDimensions) return { name: pooled, shape: [...value.shape.slice(0, -1).map(() => 1), channels] }
  return { name: graph.node('Flatten', [pooled], { axis: int(1) }), shape: [channels] }
}
