/** A package of a graph model by hand: the brightest value of a convolution by a kernel of one pixel, and an operator behind it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../../main/base/hashing'
import type { ComputeModel } from '../../../main/host/compute/compute-client'
import { dims, text } from '../../samples/graph-attributes'
import { asClassifier, identityPackage, npy } from './tiny-packages'

const side = 16
export const brightestInput = Float32Array.from({ length: side * side }, (_, index) => ((index * 37) % 101) / 101)
const factor = 0.5
const brightest = Math.max(...brightestInput) * factor

/** What each operator makes of the brightest value. */
export const brightestScores = { Identity: brightest, Expm1: Math.expm1(brightest) } as const
type Operator = keyof typeof brightestScores

const float = { type: 'DT_FLOAT' }
const whole = { type: 'DT_INT32' }
const list = (...sides: number[]) => ({ list: { i: sides.map(String) } })
const constant = (name: string, { type }: typeof float, shape: readonly number[]) => ({
  name,
  op: 'Const',
  attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: dims(shape) } } },
})

const nodes = (op: Operator) => [
  { name: 'x', op: 'Placeholder', attr: { dtype: float, shape: { shape: dims([1, side, side, 1]) } } },
  constant('kernel', float, [1, 1, 1, 1]),
  constant('axes', whole, [2]),
  {
    name: 'c',
    op: 'Conv2D',
    input: ['x', 'kernel'],
    attr: { T: float, strides: list(1, 1, 1, 1), padding: text('SAME'), dilations: list(1, 1, 1, 1), data_format: text('NHWC') },
  },
  { name: 'most', op: 'Max', input: ['c', 'axes'], attr: { T: float, Tidx: whole, keep_dims: { b: false } } },
  { name: 'map', op, input: ['most'], attr: { T: float } },
]

export function writeBrightest(folder: string, op: Operator): ComputeModel {
  const weights = [
    { name: 'kernel', shape: [1, 1, 1, 1], dtype: 'float32' },
    { name: 'axes', shape: [2], dtype: 'int32' },
  ]
  const topology = Buffer.from(
    JSON.stringify({
      format: 'graph-model',
      modelTopology: { node: nodes(op), library: {}, versions: {} },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    }),
  )
  const bytes = Buffer.concat([Buffer.from(Float32Array.of(factor).buffer), Buffer.from(Int32Array.of(1, 2).buffer)])
  const described = identityPackage(side, {
    engine: 'tfjs',
    file: 'network.json',
    weightFiles: ['weights.bin'],
    sha256: sha256(Buffer.concat([topology, bytes])),
    ...asClassifier,
  })
  mkdirSync(join(folder, 'golden'), { recursive: true })
  writeFileSync(join(folder, 'network.json'), topology)
  writeFileSync(join(folder, 'weights.bin'), bytes)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(described))
  writeFileSync(join(folder, 'golden/input.npy'), npy([1, 1, side, side], brightestInput))
  writeFileSync(join(folder, 'golden/map.npy'), npy([1, 1], [brightestScores[op]]))
  return { folder, sha256: described.sha256 }
}
