/** ONNX graphs of pictures that have the channels last: by hand, and against a twin that has them first. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ModelPackage, PictureModel } from '../../../contracts/model-package'
import { wrapNetwork } from '../../../main/host/command-line/cli-wrap'
import { explain } from '../../../main/inference/explanation/explain'
import { ExplainedNetwork } from '../../../main/inference/explanation/explained-network'
import { labelOf } from '../../../main/inference/explanation/label'
import { openOnnxSession } from '../../../main/inference/onnx-session'
import { withChannelsFirst } from '../../../main/networks/onnx/channels-first'
import { loadModelPackage, readGolden } from '../../../main/networks/package'
import { unsigned } from '../../../main/networks/signature'
import { startAnalysing } from '../inference/analysing'
import { graph as graphBytes, integer, integers, modelOf, type Graph } from '../inference/onnx-writer'
import { message, number, text } from '../inference/protobuf'
import { computeEntry } from './entry'
import { strangerAnswers } from './stranger-answers'

const { writeSeries, analyse, folderFor } = startAnalysing()
const rows = 4
const columns = 6

const common = {
  ...strangerAnswers,
  values: 'modality',
  levels: '0..1000',
  range: '0..1',
}

async function wrap(graph: Graph, answers: Record<string, string>, sides: readonly number[] | null = null) {
  const folder = folderFor()
  const path = join(folder, 'bare.onnx')
  writeFileSync(path, modelOf(graph))
  const out = join(folder, 'package')
  const wrapped = await wrapNetwork(computeEntry, { path, out, answers: { ...common, ...answers }, sides, normaliseAfter: null, ask: null })
  if ('missing' in wrapped) throw new Error(`missing: ${wrapped.missing.map(({ key }) => key).join(', ')}`)
  return { folder: out, package: wrapped.package as PictureModel }
}

const shift = [0.5, -1, 2]
/** By channel: what it adds to each of the two labels. */
const mix = [
  [1, -2],
  [3, 0.5],
  [-0.25, 4],
]

/** What the branch of a condition reads stands in the graph around it, and so does the picture. */
const branch = [
  ...text(1, 'then_branch'),
  ...message(
    6,
    graphBytes({
      nodes: [{ op: 'Add', inputs: ['image', 'shift'], outputs: ['shifted'] }],
      inputs: {},
      outputs: { shifted: [1, rows, columns, 3] },
    }),
  ),
  ...number(20, 5),
]
const otherwise = [
  ...text(1, 'else_branch'),
  ...message(
    6,
    graphBytes({
      nodes: [{ op: 'Identity', inputs: ['image'], outputs: ['plain'] }],
      inputs: {},
      outputs: { plain: [1, rows, columns, 3] },
    }),
  ),
  ...number(20, 5),
]

/** Each pixel's channels are shifted, then mixed into two labels; of each label the greatest comes out as well. */
const mixing: Graph = {
  nodes: [
    { op: 'Cast', inputs: ['one'], outputs: ['condition'], attributes: [integer('to', 9)] },
    { op: 'If', inputs: ['condition'], outputs: ['moved'], attributes: [branch, otherwise] },
    { op: 'MatMul', inputs: ['moved', 'mix'], outputs: ['map'] },
    { op: 'ReduceMax', inputs: ['map'], outputs: ['greatest'], attributes: [integers('axes', [1, 2]), integer('keepdims', 0)] },
  ],
  weights: [
    { name: 'one', shape: [1], values: [1] },
    { name: 'shift', shape: [3], values: shift },
    { name: 'mix', shape: [3, 2], values: mix.flat() },
  ],
  inputs: { image: [-1, -1, -1, 3] },
  outputs: { map: [-1, rows, columns, 2], greatest: [-1, 2] },
}
const labelled = {
  channels: 'neighbours',
  'output.map.labels': 'Dark, Bright',
  'output.map.activation': 'none',
  'output.greatest.labels': 'Most dark, Most bright',
  'output.greatest.activation': 'none',
}

/** [labels, rows, columns] of a tensor [channels, rows, columns]. */
function mixed(tensor: ArrayLike<number>): number[] {
  const size = rows * columns
  return [0, 1].flatMap((label) =>
    Array.from({ length: size }, (_, pixel) =>
      mix.reduce((sum, weights, channel) => sum + weights[label] * (tensor[channel * size + pixel] + shift[channel]), 0),
    ),
  )
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length)
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index])))
}

test('a graph that mixes the channels of each pixel says what it says by hand, in its golden case and as it is run', async () => {
  const { folder, package: described } = await wrap(mixing, labelled, [rows, columns])
  expect(described.input).toMatchObject({ kind: 'stack', shape: [1, 3, rows, columns], layout: 'NHWC' })
  const input = await readGolden(folder, described.golden.input)
  const golden = await readGolden(folder, described.golden.outputs.map)
  expect([input.shape, golden.shape]).toEqual([
    [1, 3, rows, columns],
    [1, 2, rows, columns],
  ])
  expect(distance(golden.values, mixed(input.values))).toBeLessThan(1e-5)

  const session = await openOnnxSession(await loadModelPackage(folder), 'cpu', 1)
  const tensor = Float32Array.from({ length: 3 * rows * columns }, (_, index) => ((index * 37) % 101) / 50 - 1)
  const [map, greatest] = await session.run(tensor)
  await session.release()
  const expected = mixed(tensor)
  expect(map.shape).toEqual([1, 2, rows, columns])
  expect(distance(map.values, expected)).toBeLessThan(1e-5)
  const half = expected.length / 2
  expect(distance(greatest.values, [Math.max(...expected.slice(0, half)), Math.max(...expected.slice(half))])).toBeLessThan(1e-5)
})

const tall = 32
const wide = 24

/** Two maps of three slices, and of their means two classes; the channels last at the ends of the graph, or first. */
function twin(last: boolean): Graph {
  const [before, after] = last ? ['turned', 'local'] : ['image', 'map']
  return {
    nodes: [
      ...(last ? [{ op: 'Transpose', inputs: ['image'], outputs: ['turned'], attributes: [integers('perm', [0, 3, 1, 2])] }] : []),
      { op: 'Conv', inputs: [before, 'kernels'], outputs: ['convolved'], attributes: [integers('pads', [1, 1, 1, 1])] },
      { op: 'Sigmoid', inputs: ['convolved'], outputs: [after] },
      ...(last ? [{ op: 'Transpose', inputs: ['local'], outputs: ['map'], attributes: [integers('perm', [0, 2, 3, 1])] }] : []),
      { op: 'GlobalAveragePool', inputs: [after], outputs: ['pooled'] },
      { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
      { op: 'MatMul', inputs: ['flat', 'head'], outputs: ['logits'] },
    ],
    weights: [
      { name: 'kernels', shape: [2, 3, 3, 3], values: Array.from({ length: 54 }, (_, index) => ((index * 29) % 53) / 26 - 1) },
      { name: 'head', shape: [2, 2], values: [3, -1, -2, 2] },
    ],
    inputs: { image: last ? [1, tall, wide, 3] : [1, 3, tall, wide] },
    outputs: { map: last ? [1, tall, wide, 2] : [1, 2, tall, wide], logits: [1, 2] },
  }
}
const ofTwins = {
  channels: 'neighbours',
  'output.map.labels': 'Left, Right',
  'output.map.activation': 'none',
  'output.logits.labels': 'Calm, Busy',
  'output.logits.activation': 'softmax',
}

test('a series is analysed and a score explained as by a twin that has the channels first', async () => {
  const slices = await writeSeries(3, [1])
  const said = await Promise.all(
    [true, false].map(async (last) => {
      const { folder, package: described } = await wrap(twin(last), ofTwins)
      const { analysis, images } = await analyse({ model: { folder, package: described, signature: unsigned }, slices })
      const maps = images.map(({ masks, heatmaps }) => ({ masks, heatmaps }))
      const probabilities = analysis.images.map((image) => image.probabilities)
      return { layout: described.input.layout, maps, probabilities, map: await explained(folder) }
    }),
  )
  expect(said.map(({ layout }) => layout)).toEqual(['NHWC', 'NCHW'])
  const [{ maps, probabilities, map }, first] = said
  expect({ maps, probabilities, map }).toEqual({ maps: first.maps, probabilities: first.probabilities, map: first.map })
  expect(probabilities[0]).not.toEqual(probabilities[1])
})

async function explained(folder: string): Promise<readonly number[]> {
  const { package: model, weights } = (await loadModelPackage(folder)) as { package: PictureModel; weights: Uint8Array }
  const tensor = Float32Array.from({ length: 3 * tall * wide }, (_, index) => ((index * 71) % 113) / 113)
  const network = await ExplainedNetwork.open(
    { package: model, weights },
    labelOf(model, 'busy'),
    { provider: 'cpu', threads: 1 },
    tensor,
    async () => {},
  )
  try {
    const { facts, map } = await explain(network, tensor, 'occlusion')
    expect(facts.method).toBe('occlusion')
    return Array.from(map.values)
  } finally {
    await network.release()
  }
}

test('EXPECTED FAILURE: a package that claims the channels last of a graph that has no such input', async () => {
  const { folder } = await wrap(twin(false), ofTwins)
  const described = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as ModelPackage
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...described, input: { ...described.input, layout: 'NHWC' } }))
  const loaded = await loadModelPackage(folder)
  await expect(openOnnxSession(loaded, 'cpu', 1)).rejects.toMatchObject({ code: 'model.weights' })
  expect(() => withChannelsFirst(modelOf(twin(false)), { input: 'pooled', maps: [] })).toThrow(
    expect.objectContaining({ code: 'model.weights', detail: 'it has no input pooled of four sides' }),
  )
})
