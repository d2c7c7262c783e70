import { describe, expect, test } from 'vitest'
import type { ModelOutput } from '../../../contracts/model-package'
import { activate } from '../../../main/inference/outputs'
import { averageRuns } from '../../../main/inference/test-time-flips'

const label = (name: string) => ({ name, title: name })
const output = (changes: Partial<ModelOutput>): ModelOutput => ({
  name: 'map',
  kind: 'probability-map',
  activation: 'sigmoid',
  labels: [label('a')],
  ...changes,
})
const shape = [1, 1, 1, 2]

test('sigmoid, with the temperature dividing the logits', () => {
  const { values } = activate({ values: Float32Array.of(0, Math.log(9)), shape }, output({}), null)
  expect(values[0]).toBeCloseTo(0.5, 6)
  expect(values[1]).toBeCloseTo(0.9, 6)
  const calibrated = activate({ values: Float32Array.of(0, 2 * Math.log(9)), shape }, output({}), { temperature: 2, measuredOn: '' })
  expect(calibrated.values[1]).toBeCloseTo(0.9, 6)
})

test('softmax over the labels at each place, also for great logits', () => {
  const two = output({ activation: 'softmax', labels: [label('a'), label('b')] })
  const { values } = activate({ values: Float32Array.of(1000, 0, 1000 + Math.log(3), 0), shape: [1, 2, 1, 2] }, two, null)
  expect([...values].map((value) => Number(value.toFixed(3)))).toEqual([0.25, 0.5, 0.75, 0.5])
})

describe('discards', () => {
  test.each([
    { what: 'NaN', values: [NaN, 0], raw: shape, spec: output({}) },
    { what: 'a probability above 1', values: [1.5, 0], raw: shape, spec: output({ activation: 'none' }) },
    { what: 'infinity as a probability', values: [Infinity, 0], raw: shape, spec: output({ activation: 'none' }) },
    {
      what: 'softmax of infinity',
      values: [Infinity, 0],
      raw: [1, 2, 1, 1],
      spec: output({ activation: 'softmax', labels: [label('a'), label('b')] }),
    },
    { what: 'two labels for one', values: [0, 0], raw: [1, 2, 1, 1], spec: output({}) },
    { what: 'a map for a probability', values: [0, 0], raw: shape, spec: output({ kind: 'probabilities' }) },
    { what: 'fewer values than the shape says', values: [0], raw: shape, spec: output({}) },
    { what: 'an empty map', values: [], raw: [1, 1, 0, 2], spec: output({}) },
  ])('$what', ({ values, raw, spec }) =>
    expect(() => activate({ values: Float32Array.from(values), shape: raw }, spec, null)).toThrow(
      expect.objectContaining({ code: 'inference.output' }),
    ),
  )
})

test('runs are averaged as probabilities', () => {
  const run = (values: number[]) => [{ name: 'map', rows: 1, columns: 2, values: Float32Array.from(values) }]
  const [mean] = averageRuns(run([0, 1]), [run([0.5, 0.5])])
  expect([...mean.values]).toEqual([0.25, 0.75])
})
