/** Bare TensorFlow.js networks, saved by it, made into packages and run. What TensorFlow.js says of the same input is the measure. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { input, layers as keras, model as kerasModel, sequential, type Sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelPackage } from '../../../contracts/model-package'
import { wrapNetwork, type WrapRequest } from '../../../main/host/command-line/cli-wrap'
import { findNetworkFile } from '../../../main/host/models/find-network-file'
import { readGolden } from '../../../main/networks/package'
import { hasSharedData, repository, sharedData } from '../../shared-data'
import { overread, overreadJson } from '../cli/overread'
import { writeSlice } from '../inference/dicom-series'
import { startEngine } from '../inference/engine'
import { withoutLibrary } from '../inference/tensorflow-library'
import { graphModel, saveTfjs } from '../inference/tfjs-files'
import { text } from '../../samples/graph-attributes'
import { computeEntry } from './entry'
import { strangerAnswers } from './stranger-answers'

const root = mkdtempSync(join(tmpdir(), 'overread-wrap-tfjs-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
beforeAll(async () => {
  await tf.setBackend('cpu')
})
let folders = 0
const newFolder = () => join(root, `network${folders++}`)

const side = 16
/** Stored values from 0 to 1000, and as the package scales them. */
const pixels = Int16Array.from({ length: side * side }, (_, index) => (index * 373) % 1001)
const scaled = Float32Array.from(pixels, (value) => value / 1000)

/** The same numbers each time, between -0.5 and 0.5. */
function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, index) => ((index * 7919 + seed * 104_729) % 1009) / 1009 - 0.5)
}

function seeded(model: Sequential): Sequential {
  model.setWeights(
    model.weights.map(({ name, shape }, index) => {
      const sides = shape.map((length) => length ?? 1)
      const values = numbers(
        sides.reduce((a, b) => a * b, 1),
        index + 1,
      )
      return tf.tensor(/variance/.test(name) ? values.map((value) => value + 1) : values, sides)
    }),
  )
  return model
}

const classifier = () =>
  seeded(
    sequential({
      layers: [
        keras.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu', inputShape: [side, side, 1] }),
        keras.batchNormalization({}),
        keras.globalAveragePooling2d({}),
        keras.dense({ units: 2, activation: 'softmax', name: 'score' }),
      ],
    }),
  )

/** Four slices of depth, so that an axis taken for another is seen. */
const volume = () =>
  seeded(
    sequential({
      layers: [
        keras.conv3d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [4, 6, 8, 1] }),
        keras.conv3d({ filters: 2, kernelSize: 1, name: 'classes' }),
      ],
    }),
  )

const ofScore = {
  ...strangerAnswers,
  values: 'modality',
  levels: '0..1000',
  range: '0..1',
  'output.score.labels': 'Calm, Busy',
  'output.score.activation': 'none',
}

describe('wrapped, added and run by command, a score is that of TensorFlow.js:', () => {
  test.each([
    { kind: 'layers', save: () => classifier(), provider: 'cpu', sides: [] },
    { kind: 'graph', save: () => graphModel(numbers(36, 3), numbers(8, 4)), provider: 'cpu', sides: ['--sides', `${side},${side}`] },
  ])('a $kind model', async ({ kind, save, provider, sides }) => {
    const network = await save()
    const folder = newFolder()
    const path = await saveTfjs(network, folder)
    writeFileSync(join(folder, 'answers.json'), JSON.stringify({ ...ofScore, id: `${kind}-stranger` }))
    const out = join(folder, 'package')
    const wrapped = await overread('models', 'wrap', path, '--out', out, '--answers', join(folder, 'answers.json'), ...sides)
    expect(wrapped).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(out).sort()).toEqual(['LICENSE', 'card.md', 'golden', 'model.json', 'model.weights.bin', 'network.json'])
    const at = ['--archive', join(folder, 'archive')]
    expect(await overread('models', 'add', out, ...at)).toMatchObject({ code: 0 })
    writeSlice(folder, 0, { rows: side, columns: side, pixels }, 0)
    const { document } = await overreadJson<{ results: { provider: string; images: { probabilities: Record<string, number> }[] }[] }>(
      'analyze',
      join(folder, 'slice0.dcm'),
      '--model',
      `${kind}-stranger`,
      '--provider',
      provider,
      ...at,
    )
    const said = await (network.predict(tf.tensor(scaled, [1, side, side, 1])) as tf.Tensor).data()
    const [result] = document.results
    expect(result.provider).toBe(provider)
    const { calm, busy } = result.images[0].probabilities
    expect(Math.abs(calm - said[0])).toBeLessThan(1e-5)
    expect(Math.abs(busy - said[1])).toBeLessThan(1e-5)
    // What is translated is explained like any other network: exactly, as both average a map.
    const why = await overreadJson<{ score: number }>(
      'explain',
      join(folder, 'slice0.dcm'),
      ...['--model', `${kind}-stranger`, '--label', 'busy', '--out', folder, ...at],
    )
    expect(why.document).toMatchObject({ method: 'cam', how: 'exact', label: 'busy' })
    expect(why.document.score).toBeCloseTo(said[1], 5)
    // A score that any input would have proves nothing.
    expect(Math.abs(said[0] - 0.5)).toBeGreaterThan(0.01)
  })
})

async function wrap(request: Partial<WrapRequest> & Pick<WrapRequest, 'path'>): Promise<ModelPackage> {
  const wrapped = await wrapNetwork(computeEntry, {
    out: newFolder(),
    answers: {},
    sides: null,
    normaliseAfter: null,
    ask: null,
    ...request,
  })
  if ('missing' in wrapped) throw new Error(`missing: ${wrapped.missing.map(({ key }) => key).join(', ')}`)
  return wrapped.package
}

describe('a network of volumes', () => {
  const answers = { ...strangerAnswers, id: 'stranger', axes: 'RAH', scale: 'range', grid: '32, 32, 32', labels: 'Background, Spot' }

  test.each([
    { size: 'stated', sides: [4, 6, 8], window: { overlap: 0.25 }, of: [4, 6, 8] },
    { size: 'any', sides: null, window: null, of: [6, 5, 7] },
  ])('is taken with windows as its file states them, or of any size: $size', async ({ size, sides, window, of }) => {
    const network = volume()
    const out = newFolder()
    const request = { path: await saveTfjs(network, newFolder()), out, answers: { ...answers, size }, sides: [6, 5, 7] }
    const described = await wrap(request)
    expect(described).toMatchObject({
      engine: 'tfjs',
      input: { sides, layout: 'NCDHW' },
      slidingWindow: window,
      outputs: [{ name: 'classes' }],
    })
    const given = await readGolden(out, described.golden.input)
    const stored = await readGolden(out, described.golden.outputs.classes)
    expect([given.shape, stored.shape]).toEqual([of, [1, 2, ...of]])
    let said = tf.tensor(Float32Array.from(given.values), [1, ...of, 1])
    for (const layer of network.layers) said = layer.apply(said) as typeof said
    const expected = await tf.transpose(said, [0, 4, 1, 2, 3]).data()
    expect(Math.max(...expected.map((value, index) => Math.abs(value - stored.values[index])))).toBeLessThan(1e-5)
  })
})

describe('a normalisation that the file leaves unsaid', () => {
  const answers = {
    ...strangerAnswers,
    id: 'unsaid',
    axes: 'RAH',
    scale: 'range',
    grid: '32, 32, 32',
    labels: 'Background, Spot',
    size: 'any',
  }
  const network = () =>
    seeded(
      sequential({
        layers: [
          keras.conv3d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: [4, 6, 8, 1], name: 'first_gn' }),
          keras.activation({ activation: 'relu' }),
          keras.conv3d({ filters: 2, kernelSize: 1, name: 'classes' }),
        ],
      }),
    )

  /** Mean 0 and variance 1 a channel over the volume. */
  function normalised(values: tf.Tensor): tf.Tensor {
    const { mean, variance } = tf.moments(values, [1, 2, 3], true)
    return tf.div(tf.sub(values, mean), tf.sqrt(tf.add(variance, 1e-5)))
  }

  test.each([
    { normaliseAfter: '_gn', described: { normaliseAfter: '_gn' }, after: normalised },
    { normaliseAfter: 'none', described: {}, after: (values: tf.Tensor) => values },
  ])('is added, or not, as is said: $normaliseAfter', async ({ normaliseAfter, described, after }) => {
    const net = network()
    const out = newFolder()
    const made = await wrap({ path: await saveTfjs(net, newFolder()), out, answers, sides: [6, 5, 7], normaliseAfter })
    expect(made).toMatchObject(described)
    expect(Object.hasOwn(made, 'normaliseAfter')).toBe(Object.hasOwn(described, 'normaliseAfter'))
    const given = await readGolden(out, made.golden.input)
    let said: tf.Tensor = tf.tensor(Float32Array.from(given.values), [1, ...given.shape, 1])
    for (const layer of net.layers) {
      said = layer.apply(said) as tf.Tensor
      if (layer.name === 'first_gn') said = after(said)
    }
    const expected = await tf.transpose(said, [0, 4, 1, 2, 3]).data()
    const stored = await readGolden(out, made.golden.outputs.classes)
    expect(Math.max(...expected.map((value, index) => Math.abs(value - stored.values[index])))).toBeLessThan(1e-4)
    // The two differ, or a missing one would not be seen.
    expect(Math.max(...(await tf.abs(tf.sub(normalised(said), said)).data()))).toBeGreaterThan(0.01)
  })

  test('of mindgrab is asked for, and with it the package repeats itself', { timeout: 120_000 }, async ({ skip }) => {
    if (!hasSharedData) skip()
    const path = join(sharedData, 'brainchop/models/mindgrab/model.json')
    await expect(findNetworkFile(path)).rejects.toMatchObject({
      code: 'model.wrap',
      detail: expect.stringContaining('--normalise-after _gn') as string,
    })
    expect(await wrap({ path, answers: { ...answers, id: 'mindgrab' }, normaliseAfter: '_gn' })).toMatchObject({
      engine: 'tfjs',
      normaliseAfter: '_gn',
      input: { sides: null },
    })
  })

  test.each<{ why: string; path: () => Promise<string>; end: string | null; words: RegExp }>([
    {
      why: 'the names speak of one and nobody said whether',
      path: () => saveTfjs(network(), newFolder()),
      end: null,
      words: /first_gn, one of 1, .*"--normalise-after _gn".*"--normalise-after none"/,
    },
    { why: 'no layer is called so', path: () => saveTfjs(network(), newFolder()), end: '_norm', words: /ends in _norm/ },
    {
      why: 'it is a graph model',
      path: async () => saveTfjs(await graphModel(numbers(36, 3), numbers(8, 4)), newFolder()),
      end: '_gn',
      words: /graph model/,
    },
    {
      why: 'it cannot be translated',
      path: () =>
        saveTfjs(
          sequential({
            layers: [
              keras.reshape({ targetShape: [side, side], inputShape: [side, side, 1] }),
              keras.simpleRNN({ units: 2, recurrentInitializer: 'glorotUniform', name: 'rows_gn' }),
            ],
          }),
          newFolder(),
        ),
      end: '_gn',
      words: /cannot be translated: SimpleRNN rows_gn/,
    },
    {
      why: 'it is an ONNX file',
      path: () => Promise.resolve(join(repository, 'tests/samples/networks/torch-segmenter.onnx')),
      end: '_gn',
      words: /layers model/,
    },
  ])('EXPECTED FAILURE: is refused where $why', async ({ path, end, words }) => {
    await expect(findNetworkFile(await path(), end)).rejects.toMatchObject({
      code: 'model.wrap',
      detail: expect.stringMatching(words) as string,
    })
  })
})

/** Rows of the picture as a sequence: a recurrent layer is not translated. */
test('an output of several is left out, also of a network that is not translated', async () => {
  const image = input({ shape: [side, side, 1], name: 'image' })
  const rows = keras.reshape({ targetShape: [side, side] }).apply(image) as SymbolicTensor
  const recurrent = (name: string) =>
    keras.simpleRNN({ units: 2, recurrentInitializer: 'glorotUniform', activation: 'sigmoid', name }).apply(rows) as SymbolicTensor
  const path = await saveTfjs(kerasModel({ inputs: image, outputs: [recurrent('other'), recurrent('score')] }), newFolder())
  expect(await findNetworkFile(path)).toMatchObject({ provider: 'tfjs-wasm', input: { shape: [null, 1, side, side] } })
  const described = await wrap({ path, answers: { ...ofScore, id: 'recurrent', 'output.other.kind': 'ignore' } })
  expect(described).toMatchObject({ engine: 'tfjs', outputs: [{ name: 'score' }] })
})

interface Json {
  format?: string
  signature?: object
  userDefinedMetadata?: object
  modelTopology: { node?: unknown[] } & Record<string, unknown>
  weightsManifest: { paths: string[] }[]
}
const editing = (edit: (json: Json) => void) => (path: string) => {
  const json = JSON.parse(readFileSync(path, 'utf8')) as Json
  edit(json)
  writeFileSync(path, JSON.stringify(json))
}

test('an operator that WebAssembly lacks is computed by the plain backend of TensorFlow.js, in the trial and in the package', async () => {
  const path = await saveTfjs(await graphModel(numbers(36, 3), numbers(8, 4)), newFolder())
  editing((json) => {
    const logits = (json.modelTopology.node as { name: string }[]).find(({ name }) => name === 'logits')
    Object.assign(logits!, { op: 'Einsum', attr: { equation: text('bf,fc->bc'), N: { i: '2' } } })
  })(path)
  const out = newFolder()
  const { sha256 } = await wrap({ path, out, sides: [side, side], answers: { ...ofScore, id: 'einsum' } })
  const engine = startEngine()
  const prepared = await engine.compute.prepare({ folder: out, sha256 }, 'tfjs-wasm')
  await engine.stop()
  // TensorFlow's own library has it, where a developer set that up.
  expect(prepared.provider).toBe(withoutLibrary ? 'tfjs-cpu' : 'tensorflow')
  expect(prepared.failed[0]).toEqual({ provider: 'tfjs-wasm', reason: 'it lacks Einsum' })
})

test('what older converters wrote is understood: no format, the signature among the metadata, or none at all', async () => {
  const input = { name: 'image', shape: [1, 1, null, null] }
  const path = await saveTfjs(await graphModel(numbers(36, 3), numbers(8, 4)), newFolder())
  editing((json) => {
    json.userDefinedMetadata = { signature: json.signature }
    delete json.signature
    delete json.format
  })(path)
  expect(await findNetworkFile(path)).toMatchObject({ provider: 'cpu', input })
  expect(await wrap({ path, answers: { ...ofScore, id: 'older' }, sides: [side, side] })).toMatchObject({ outputs: [{ name: 'score' }] })
  editing((json) => delete json.userDefinedMetadata)(path)
  expect(await findNetworkFile(path)).toMatchObject({ provider: 'cpu', input })
})

describe('EXPECTED FAILURE:', () => {
  const shard = (path: string) => join(dirname(path), 'model.weights.bin')
  /** The shard elsewhere, and the manifest or a link that leads there. */
  const elsewhere = (path: string) => {
    const other = join(dirname(dirname(path)), `outside-${basename(dirname(path))}.bin`)
    renameSync(shard(path), other)
    return other
  }

  test.each<{ why: string; spoil: (path: string) => void; code: string; words: RegExp }>([
    { why: 'a missing shard', spoil: (path) => rmSync(shard(path)), code: 'file.unreadable', words: /model\.weights\.bin/ },
    {
      why: 'a shard outside the folder',
      spoil: (path) => {
        const other = elsewhere(path)
        editing(({ weightsManifest }) => (weightsManifest[0].paths = [`../${basename(other)}`]))(path)
      },
      code: 'model.path',
      words: /\.\.\/outside/,
    },
    {
      why: 'a shard by an absolute path',
      spoil: editing(({ weightsManifest }) => (weightsManifest[0].paths = ['/etc/hostname'])),
      code: 'model.path',
      words: /hostname/,
    },
    {
      why: 'a shard in a folder of its own',
      spoil: (path) => {
        mkdirSync(join(dirname(path), 'shards'))
        renameSync(shard(path), join(dirname(path), 'shards/a.bin'))
        editing(({ weightsManifest }) => (weightsManifest[0].paths = ['shards/a.bin']))(path)
      },
      code: 'model.path',
      words: /plain file name/,
    },
    {
      why: 'a link that leads out',
      spoil: (path) => symlinkSync(elsewhere(path), shard(path)),
      code: 'model.path',
      words: /model\.weights\.bin/,
    },
    {
      why: 'a shard that bears the name of a file of packages',
      spoil: (path) => {
        renameSync(shard(path), join(dirname(path), 'card.md'))
        editing(({ weightsManifest }) => (weightsManifest[0].paths = ['card.md']))(path)
      },
      code: 'model.path',
      words: /card\.md/,
    },
    { why: 'too few bytes', spoil: (path) => truncateSync(shard(path), 60), code: 'model.weights', words: /beyond the end/ },
    {
      why: 'too many bytes',
      spoil: (path) => writeFileSync(shard(path), Buffer.alloc(4), { flag: 'a' }),
      code: 'model.weights',
      words: /4 bytes .* nothing/,
    },
    { why: 'an unknown format', spoil: editing((json) => (json.format = 'saved-model')), code: 'model.wrap', words: /format/ },
    { why: 'no JSON', spoil: (path) => writeFileSync(path, 'weights'), code: 'model.wrap', words: /not JSON/ },
    {
      why: 'another JSON document',
      spoil: (path) => writeFileSync(path, JSON.stringify({ schemaVersion: 1, id: 'x' })),
      code: 'model.wrap',
      words: /modelTopology/,
    },
  ])('a layers model with $why', async ({ spoil, code, words }) => {
    const path = await saveTfjs(classifier(), newFolder())
    spoil(path)
    await expect(findNetworkFile(path)).rejects.toMatchObject({ code, detail: expect.stringMatching(words) as string })
  })

  test.each<{ why: string; spoil: (json: Json) => void; words: RegExp }>([
    {
      why: 'two inputs',
      spoil: (json) => json.modelTopology.node!.push({ name: 'age', op: 'Placeholder' }),
      words: /2 inputs/,
    },
    {
      why: 'an input of any number of sides',
      spoil: (json) => Object.assign(json.modelTopology.node![0]!, { attr: { shape: { shape: { unknownRank: true } } } }),
      words: /number of sides/,
    },
    {
      why: 'an input that is a row of numbers',
      spoil: (json) =>
        Object.assign(json.modelTopology.node![0]!, { attr: { shape: { shape: { dim: [{ size: '-1' }, { size: '8' }] } } } }),
      words: /2 sides/,
    },
    {
      why: 'an input of whole numbers',
      spoil: (json) => Object.assign(json.modelTopology.node![0]!, { attr: { dtype: { type: 'DT_INT32' } } }),
      words: /no floats/,
    },
  ])('a graph model without a signature and with $why', async ({ spoil, words }) => {
    const path = await saveTfjs(await graphModel(numbers(36, 3), numbers(8, 4)), newFolder())
    editing((json) => {
      delete json.signature
      spoil(json)
    })(path)
    await expect(findNetworkFile(path)).rejects.toMatchObject({ code: 'model.wrap', detail: expect.stringMatching(words) as string })
  })

  test('a graph model with an operator that TensorFlow.js lacks is refused with its name', async () => {
    const path = await saveTfjs(await graphModel(numbers(36, 3), numbers(8, 4), 'Spin'), newFolder())
    await expect(wrap({ path, sides: [side, side] })).rejects.toMatchObject({ code: 'model.operators', detail: 'Spin' })
  })
})
