/** A sound graph model of TensorFlow.js, and lies for each of its values. */
import { readTfjs, type TfjsModel } from '../../main/networks/tfjs/read-tfjs'
import { dims, integers, text, texts } from './graph-attributes'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const constant = (name: string) => ({
  dtype: { type: ['kernel', 'bias', 'weights'].includes(name) ? 'DT_FLOAT' : 'DT_INT32' },
  value: { tensor: {} },
})

/** Of each kind of reading one: sides, margins, axes, shapes, parts, joined steps. */
export const topology = (): Json => ({
  node: [
    { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: dims([-1, 8, 8, 1]) } } },
    ...numbers.map(({ name }) => ({ name, op: 'Const', attr: constant(name) })),
    {
      name: 'c',
      op: '_FusedConv2D',
      input: ['x', 'kernel', 'bias'],
      attr: {
        strides: integers(1, 1, 1, 1),
        dilations: integers(1, 1, 1, 1),
        padding: text('SAME'),
        data_format: text('NHWC'),
        num_args: { i: '1' },
        fused_ops: texts('BiasAdd', 'Relu'),
      },
    },
    {
      name: 'p',
      op: 'MaxPool',
      input: ['c'],
      attr: { ksize: integers(1, 2, 2, 1), strides: integers(1, 2, 2, 1), padding: text('VALID') },
    },
    { name: 'q', op: 'MirrorPad', input: ['p', 'margins'], attr: { mode: text('REFLECT') } },
    { name: 't', op: 'StridedSlice', input: ['q', 'from', 'to', 'steps'], attr: { begin_mask: { i: '9' }, end_mask: { i: '9' } } },
    { name: 'n', op: 'Mean', input: ['t', 'axis'], attr: { keep_dims: { b: true } } },
    { name: 'o', op: 'SquaredDifference', input: ['t', 'n'] },
    { name: 'm', op: 'Pad', input: ['o', 'margins'] },
    { name: 'j', op: 'ConcatV2', input: ['m', 'm', 'axis'], attr: { N: { i: '2' } } },
    { name: 's', op: 'Shape', input: ['j'] },
    { name: 'b', op: 'StridedSlice', input: ['s', 'zero', 'one', 'one'], attr: { shrink_axis_mask: { i: '1' } } },
    { name: 'k', op: 'Pack', input: ['b', 'rest'], attr: { axis: { i: '0' } } },
    { name: 'r', op: 'Reshape', input: ['j', 'k'] },
    { name: 'd', op: 'MatMul', input: ['r', 'weights'], attr: { transpose_a: { b: false } } },
    { name: 'l', op: 'LeakyRelu', input: ['d', '^b'], attr: { alpha: { f: 0.1 } } },
  ],
})

export const numbers: { name: string; shape: number[]; dtype: 'float32' | 'int32'; values: number[] }[] = [
  { name: 'kernel', shape: [3, 3, 1, 2], dtype: 'float32', values: Array<number>(18).fill(0.1) },
  { name: 'bias', shape: [2], dtype: 'float32', values: [0, 1] },
  { name: 'margins', shape: [4, 2], dtype: 'int32', values: [0, 0, 1, 1, 1, 1, 0, 0] },
  { name: 'axis', shape: [], dtype: 'int32', values: [3] },
  { name: 'zero', shape: [1], dtype: 'int32', values: [0] },
  { name: 'one', shape: [1], dtype: 'int32', values: [1] },
  { name: 'rest', shape: [], dtype: 'int32', values: [-1] },
  { name: 'from', shape: [4], dtype: 'int32', values: [0, 1, 1, 0] },
  { name: 'to', shape: [4], dtype: 'int32', values: [0, -1, -1, 0] },
  { name: 'steps', shape: [4], dtype: 'int32', values: [1, 1, 1, 1] },
  { name: 'weights', shape: [144, 2], dtype: 'float32', values: Array<number>(288).fill(0.1) },
]

export function modelOf(modelTopology: Json, known = numbers): TfjsModel {
  const weights = known.map(({ name, shape, dtype }) => ({ name, shape, dtype }))
  const content = {
    format: 'graph-model',
    modelTopology: { library: {}, versions: { producer: 27 }, ...(modelTopology as object) },
    weightsManifest: [{ paths: ['w.bin'], weights }],
  }
  const bytes = known.map(({ dtype, values }) =>
    Buffer.from((dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer),
  )
  const files = [{ name: 'w.bin', bytes: new Uint8Array(Buffer.concat(bytes)) }]
  return readTfjs({ topology: new TextEncoder().encode(JSON.stringify(content)), weights: files })
}

/** Every place within, as the way to it. */
export function* places(value: Json, way: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (way.length > 0) yield way
  if (value === null || typeof value !== 'object') return
  for (const [key, inner] of Object.entries(value)) yield* places(inner, [...way, Array.isArray(value) ? Number(key) : key])
}

export function replaced(value: Json, [key, ...rest]: readonly (string | number)[], by: Json): Json {
  const copy = structuredClone(value) as Record<string | number, Json>
  copy[key] = rest.length === 0 ? by : replaced(copy[key], rest, by)
  return copy as Json
}

export const lies: Json[] = [
  null,
  -1,
  0,
  1e9,
  1e300,
  '',
  '-7',
  '999999999999999',
  'x',
  '__proto__',
  'x'.repeat(5000),
  true,
  [],
  [[]],
  {},
  { list: {} },
  text('VALID').s,
  text('NCHW').s,
  '2',
  0.5,
]
