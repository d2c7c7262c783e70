/** TensorFlow.js packages through the built compute process: one that is translated, one that is not. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { layers as keras, sequential, type Sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { sha256 } from '../../../main/base/hashing'
import { ComputeClient } from '../../../main/host/compute/compute-client'
import { askExplanation } from '../../../main/host/compute/explain-client'
import type { OpenSession } from '../../../main/inference/onnx-session'
import { openSession } from '../../../main/inference/open-session'
import { openTfjsSession } from '../../../main/inference/tfjs/tfjs-session'
import { loadModelPackage } from '../../../main/networks/package'
import { unsigned } from '../../../main/networks/signature'
import { readTfjs } from '../../../main/networks/tfjs/read-tfjs'
import { startAnalysing } from './analysing'
import { brightestInput, brightestScores, writeBrightest } from './brightest-graph'
import { startInThread } from './compute-in-thread'
import { rejection } from './engine'
import { ofTensorFlow, withoutLibrary } from './tensorflow-library'
import { asClassifier, identityPackage, npy } from './tiny-packages'
import { volumePackage } from './volume-packages'

const { engine, writeSeries, analyse } = startAnalysing()
const side = 16
const input = Float32Array.from({ length: side * side }, (_, index) => ((index * 37) % 101) / 101)

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const translatable = () =>
  sequential({
    layers: [
      keras.conv2d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: [side, side, 1], activation: 'relu' }),
      keras.conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid', name: 'map' }),
    ],
  })

const classifier = () =>
  sequential({
    layers: [
      keras.conv2d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: [side, side, 1], activation: 'relu' }),
      keras.globalAveragePooling2d({}),
      keras.dense({ units: 1, activation: 'sigmoid', name: 'map' }),
    ],
  })

/** Rows of the picture as a sequence: a recurrent layer is not translated. */
const recurrent = () =>
  sequential({
    layers: [
      keras.reshape({ targetShape: [side, side], inputShape: [side, side, 1] }),
      keras.simpleRNN({ units: 4, recurrentInitializer: 'glorotUniform' }),
      keras.dense({ units: 1, activation: 'sigmoid', name: 'map' }),
    ],
  })

/** The files of a network: its topology, and all its weights in one. */
async function savedTfjs(network: Sequential): Promise<{ topology: Buffer; weights: Uint8Array<ArrayBuffer> }> {
  let saved: tf.io.ModelArtifacts | undefined
  await network.save({
    save: async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    },
  })
  const { modelTopology, weightSpecs, weightData } = saved!
  const topology = Buffer.from(
    JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }),
  )
  return { topology, weights: new Uint8Array(weightData as ArrayBuffer) }
}

async function writeTfjs(name: string, network: Sequential, changes: Partial<PictureModel> = {}) {
  const { topology, weights } = await savedTfjs(network)
  const answer = network.predict(tf.tensor(input, [1, side, side, 1])) as tf.Tensor
  const folder = join(engine.folder, name)
  mkdirSync(join(folder, 'golden'), { recursive: true })
  const described = identityPackage(side, {
    engine: 'tfjs',
    file: 'network.json',
    weightFiles: ['weights.bin'],
    sha256: sha256(Buffer.concat([topology, weights])),
    input: { name: `${network.layers[0].name}_input`, kind: 'image', shape: [1, 1, side, side], layout: 'NCHW', type: 'float32' },
    ...changes,
  })
  writeFileSync(join(folder, 'network.json'), topology)
  writeFileSync(join(folder, 'weights.bin'), weights)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(described))
  writeFileSync(join(folder, 'golden/picture.npy'), npy([1, 1, 1], [0]))
  writeFileSync(join(folder, 'golden/input.npy'), npy([1, 1, side, side], input))
  writeFileSync(join(folder, 'golden/map.npy'), npy(answer.shape, await answer.data()))
  return { folder, package: described, signature: unsigned }
}

test('a network that is translated runs on the CPU of ONNX Runtime and repeats what TensorFlow.js said', async () => {
  const model = await writeTfjs('translated', translatable())
  const prepared = await engine.compute.prepare({ folder: model.folder, sha256: model.package.sha256 }, 'cpu')
  expect(prepared).toMatchObject({ provider: 'cpu', failed: [] })
  const { analysis } = await analyse({ model, slices: await writeSeries(2, [1]) })
  expect(analysis).toMatchObject({ provider: 'cpu', incomplete: null, hasMasks: true })
})

/** As the compute process serves, but for the CPU's answers, which differ from what the network says. */
function withWrongTranslations(): ComputeClient {
  const wrong: OpenSession = async (loaded, provider, threads) => {
    const session = await openSession(loaded, provider, threads)
    const shifted = async (...given: Parameters<typeof session.run>) =>
      (await session.run(...given)).map((output) => ({ ...output, values: output.values.map((value) => value + 0.1) }))
    return provider === 'cpu' ? { ...session, run: shifted } : session
  }
  const client = new ComputeClient(async () => startInThread({ openSession: wrong }))
  onTestFinished(() => client.close())
  return client
}

test('a translation that does not repeat the golden case is not used: TensorFlow.js runs the network, and nothing explains it', async () => {
  const model = await writeTfjs('unfaithful', classifier(), asClassifier)
  const wanted = { folder: model.folder, sha256: model.package.sha256 }
  const compute = withWrongTranslations()
  const prepared = await compute.prepare(wanted, 'cpu')
  expect(prepared.provider).toMatch(ofTensorFlow)
  expect(prepared.failed[0]).toEqual({ provider: 'cpu', reason: expect.stringMatching(/differs by 0\.1\d* from the golden case/) })
  const { outputs } = await compute.run(prepared, input)
  const faithful = await engine.compute.prepare(wanted, 'cpu')
  expect(faithful.provider).toBe('cpu')
  const { outputs: expected } = await engine.compute.run(faithful, input)
  expect(outputs[0].values[0]).toBeCloseTo(expected[0].values[0], 5)

  const asked = { tensor: input, label: 'spot', method: null }
  await expect(askExplanation(compute, { ...asked, prepared })).rejects.toEqual(rejection('explanation.none', /TensorFlow\.js runs it/))
  expect((await askExplanation(engine.compute, { ...asked, prepared: faithful })).map.values.length).toBeGreaterThan(0)
})

test('a volume of any size is run by TensorFlow.js in its own', async () => {
  const network = sequential({
    layers: [keras.conv3d({ filters: 2, kernelSize: 1, inputShape: [4, 4, 4, 1], useBias: false, name: 'scores' })],
  })
  network.layers[0].setWeights([tf.tensor([0, 2], [1, 1, 1, 1, 2])])
  const { topology, weights } = await savedTfjs(network)
  const tfjs = { model: readTfjs({ topology, weights: [{ name: 'weights.bin', bytes: weights }] }), untranslatable: [] }
  const session = await openTfjsSession(
    { package: volumePackage({ engine: 'tfjs' }), folder: '', weights: new Uint8Array(0), tfjs },
    'tfjs-cpu',
  )
  for (const sides of [[2, 3, 5], [6, 4, 2], [4, 4, 4]]) {
    const values = Float32Array.from({ length: sides[0] * sides[1] * sides[2] }, (_, index) => index)
    const [scores] = await session.run(values, [1, 1, ...sides])
    expect(scores.shape).toEqual([1, 2, ...sides])
    expect([...scores.values]).toEqual([...values.map(() => 0), ...values.map((value) => 2 * value)])
  } // prettier-ignore
  await session.release()
})

test('a network that is not translated runs in TensorFlow.js, and the result says where', async () => {
  const model = await writeTfjs('recurrent', recurrent(), asClassifier)
  expect((await loadModelPackage(model.folder)).tfjs?.untranslatable).toEqual([expect.stringMatching(/^SimpleRNN /)])
  const { analysis } = await analyse({ model, slices: await writeSeries(1, [0]), provider: null })
  expect(analysis.incomplete).toBeNull()
  expect(analysis.provider).toMatch(ofTensorFlow)
  if (withoutLibrary)
    expect(analysis.providersFailed.slice(-2)).toEqual([
      { provider: 'tensorflow-gpu', reason: 'not installed' },
      { provider: 'tensorflow', reason: 'not installed' },
    ])
  expect(analysis.images[0].probabilities.spot).toBeGreaterThan(0)
})

test('changed weights are refused by the hash over all files', async () => {
  const { folder } = await writeTfjs('changed', translatable())
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(124))
  await expect(loadModelPackage(folder)).rejects.toMatchObject({ code: 'model.hash' })
})

test.each([
  { op: 'Identity' as const, provider: 'cpu', untranslatable: [] },
  // TensorFlow.js knows it, the translation does not.
  { op: 'Expm1' as const, provider: expect.stringMatching(ofTensorFlow), untranslatable: ['Expm1 map'] },
])('a graph model is translated, or else runs in TensorFlow.js: $op', async ({ op, provider, untranslatable }) => {
  const model = writeBrightest(join(engine.folder, `graph-${op}`), op)
  const prepared = await engine.compute.prepare(model, null)
  expect(prepared.provider).toEqual(provider)
  expect((await loadModelPackage(model.folder)).tfjs?.untranslatable).toEqual(untranslatable)
  const { outputs } = await engine.compute.run(prepared, brightestInput)
  expect(outputs[0].values[0]).toBeCloseTo(brightestScores[op], 6)
})
