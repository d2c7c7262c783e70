/** The greatest class of many, found in parts, is that of all scores at once. */
import { createRequire } from 'node:module'
import type * as OnnxRuntime from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { classesAtOnce, classOutput, sumOutput, withClassHead } from '../../../../main/inference/volume/class-head'
import { decodeOnnx } from '../../../../main/networks/onnx/decode-onnx'
import { modelOf } from '../../../integration/inference/onnx-writer'
import { volumePackage } from '../../../integration/inference/volume-packages'

const runtime = createRequire(import.meta.url)('onnxruntime-node') as typeof OnnxRuntime
const sides = [3, 4, 5]
const voxels = 60
const values = Float32Array.from({ length: voxels }, (_, at) => ((at * 37) % 61) / 30 - 1)

/** Scores weight × v + bias of each class at each voxel, under the output's own name or behind another node. */
function graphOf(weights: readonly number[], bias: readonly number[], behind: boolean) {
  const conv = { op: 'Conv', inputs: ['volume', 'weights', 'bias'], outputs: [behind ? 'made' : 'scores'] }
  return modelOf({
    nodes: behind ? [conv, { op: 'Identity', inputs: ['made'], outputs: ['scores'] }] : [conv],
    weights: [
      { name: 'weights', shape: [weights.length, 1, 1, 1, 1], values: weights },
      { name: 'bias', shape: [bias.length], values: bias },
    ],
    inputs: { volume: [1, 1, -1, -1, -1] },
    outputs: { scores: [1, weights.length, -1, -1, -1] },
  })
}

async function headOf(graph: Uint8Array, tensor = values) {
  const session = await runtime.InferenceSession.create(graph, { executionProviders: ['cpu'], logSeverityLevel: 4 })
  const result = await session.run({ volume: new runtime.Tensor('float32', tensor, [1, 1, ...sides]) }, [classOutput, sumOutput])
  await session.release()
  return { classes: [...(result[classOutput].data as Uint8Array)], sum: Number(result[sumOutput].data[0]) }
}

const greatest = (weights: readonly number[], bias: readonly number[]) =>
  [...values].map((v) => {
    const scores = Float32Array.from(weights, (weight, at) => Math.fround(Math.fround(weight * v) + bias[at]))
    return scores.indexOf(Math.max(...scores))
  })

describe.each([classesAtOnce + 1, 2 * classesAtOnce + 7, 200])('%i classes', (count) => {
  // Whole halves: no sum is rounded, whichever way it is made.
  const weights = Array.from({ length: count }, (_, at) => ((at * 29) % 23) / 2 - 5)
  const bias = Array.from({ length: count }, (_, at) => ((at * 13) % 17) / 2)

  test.each([false, true])('give the first of the greatest at each voxel, behind another node: %s', async (behind) => {
    const { graph, givesScores } = withClassHead(graphOf(weights, bias, behind), volumePackage())
    expect(givesScores).toBe(false)
    const { classes, sum } = await headOf(graph)
    expect(classes).toEqual(greatest(weights, bias))
    expect(new Set(classes).size).toBeGreaterThan(1)
    const whole = values.reduce((total, v) => total + weights.reduce((all, weight, at) => all + weight * v + bias[at], 0), 0)
    expect(Math.abs(sum - whole)).toBeLessThan(1e-3 * Math.abs(whole) + 1e-2)
  })

  test('are made nowhere at once, and the sum tells of one that is no number', async () => {
    const { graph } = withClassHead(graphOf(weights, bias, true), volumePackage())
    const { nodes, outputs } = decodeOnnx(graph)
    expect(outputs.map(({ name }) => name)).toEqual([classOutput, sumOutput])
    expect(nodes.flatMap(({ inputs }) => inputs)).not.toContain('weights')
    const holed = values.map((v, at) => (at === 7 ? NaN : v))
    expect((await headOf(graph, holed)).sum).toBeNaN()
  })
})

test('of few classes the scores stay', async () => {
  const weights = Array.from({ length: classesAtOnce }, (_, at) => ((at * 29) % 23) / 2 - 5)
  const bias = weights.map((_, at) => ((at * 13) % 17) / 2)
  const { graph, givesScores } = withClassHead(graphOf(weights, bias, false), volumePackage())
  expect(givesScores).toBe(true)
  expect((await headOf(graph)).classes).toEqual(greatest(weights, bias))
})
