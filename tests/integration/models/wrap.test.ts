/** Bare networks as strangers export them, made into packages and run. What PyTorch said of the same input is the measure. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isPictureModel, type ModelPackage, type PictureModel } from '../../../contracts/model-package'
import { wrapNetwork, type WrapRequest } from '../../../main/host/command-line/cli-wrap'
import { findNetworkFile } from '../../../main/host/models/find-network-file'
import { readNpy } from '../../../main/networks/npy'
import { loadModelPackage } from '../../../main/networks/package'
import { unsigned } from '../../../main/networks/signature'
import type { Question } from '../../../main/networks/wrap/question'
import { repository } from '../../shared-data'
import { startAnalysing } from '../inference/analysing'
import { computeEntry } from './entry'
import { strangerAnswers } from './stranger-answers'
import { modelOf } from '../inference/onnx-writer'

const { engine, writeSeries, analyse, folderFor } = startAnalysing()
const samples = join(repository, 'tests/samples/networks')
const sample = (name: string) => join(samples, `${name}.onnx`)
const array = (name: string) => readNpy(readFileSync(join(samples, `${name}.npy`)))
const floats = (name: string) => Float32Array.from(array(name).values)

const common = {
  ...strangerAnswers,
  notFor: 'Patients; anything else',
}
const classifier = { ...common, 'output.pred/0.labels': 'Cat, Große Katze', 'output.pred/0.activation': 'softmax' }

async function wrap(request: Partial<WrapRequest> & Pick<WrapRequest, 'path'>): Promise<ModelPackage> {
  const wrapped = await wrapNetwork(computeEntry, {
    out: join(folderFor(), 'package'),
    answers: {},
    sides: null,
    normaliseAfter: null,
    ask: null,
    ...request,
  })
  if ('missing' in wrapped) throw new Error(`missing: ${wrapped.missing.map(({ key }) => key).join(', ')}`)
  return wrapped.package
}

test.each(['torch-classifier', 'torch-segmenter', 'torch-volume'])('%s says what PyTorch says', async (name) => {
  const { engine: kind, files, sha256 } = await findNetworkFile(sample(name))
  const [{ values, shape, name: output }] = await engine.compute.tryNetwork(
    { engine: kind, files: files.map(({ path }) => path), sha256, channelsLast: false, normaliseAfter: null },
    floats(`${name}-input`),
    array(`${name}-input`).shape,
  )
  const expected = array(`${name}-output`)
  expect({ shape, output }).toEqual({ shape: expected.shape, output: 'pred/0' })
  expect(Math.max(...values.map((value, index) => Math.abs(value - expected.values[index])))).toBeLessThan(1e-5)
})

test('a classifier made for colour is wrapped, proven, and run on a series', async () => {
  const out = join(folderFor(), 'classifier')
  const described = (await wrap({ path: sample('torch-classifier'), out, answers: classifier, sides: [48, 40] })) as PictureModel
  expect(described).toMatchObject({
    task: 'classification',
    input: { name: 'x.1', kind: 'image', shape: [1, 3, 48, 40] },
    outputs: [{ name: 'pred/0', labels: [{ name: 'cat' }, { name: 'gro-e-katze', title: 'Große Katze' }] }],
    notFor: ['Patients', 'anything else'],
  })
  expect(described.input.channels).toHaveLength(3)
  expect(readdirSync(out).sort()).toEqual(['LICENSE', 'card.md', 'golden', 'model.json', 'model.onnx'])

  const model = { folder: out, package: described, signature: unsigned }
  const prepared = await engine.compute.prepare({ folder: out, sha256: described.sha256 }, 'cpu')
  const { outputs } = await engine.compute.run(prepared, floats('torch-classifier-input'))
  const [first, second] = array('torch-classifier-output').values
  expect(outputs[0].values[0]).toBeCloseTo(1 / (1 + Math.exp(second - first)), 5)

  const { analysis } = await analyse({ model, slices: await writeSeries(2, [1]) })
  expect(analysis).toMatchObject({ incomplete: null, imagesTotal: 2 })
  for (const { probabilities } of analysis.images) expect(probabilities.cat + probabilities['gro-e-katze']).toBeCloseTo(1, 5)
})

test('a network of outlines is wrapped with an outline of its own range', async () => {
  const answers = { ...common, values: 'modality', range: '-1..1', 'output.pred/0.labels': 'Spot', 'output.pred/0.threshold': '0.25' }
  const described = await wrap({ path: sample('torch-segmenter'), answers })
  expect(described).toMatchObject({ task: 'segmentation', operatingPoints: [{ label: 'spot', threshold: 0.25, sensitivity: null }] })
  expect(isPictureModel(described) && described.preprocess.steps).toEqual([
    { op: 'resize', rows: 32, columns: 32, interpolation: 'area' },
    { op: 'scale', low: { percentile: 0.5, of: 'valid' }, high: { percentile: 99.5, of: 'valid' }, statistics: 'slice', clip: true },
    // 0 becomes -1, 1 becomes 1.
    { op: 'standardise', mean: 0.5, deviation: 0.5 },
  ])
})

describe('a MONAI bundle', () => {
  function bundle(network: string, file = 'model.onnx'): string {
    const folder = folderFor()
    mkdirSync(join(folder, 'models'))
    mkdirSync(join(folder, 'configs'))
    copyFileSync(sample(network), join(folder, 'models', file))
    const image = { type: 'image', format: 'hounsfield', modality: 'CT', num_channels: 1, channel_def: { 0: 'image' } }
    const pred = { type: 'image', format: 'segmentation', num_channels: 2, channel_def: { 0: 'background', 1: 'Spleen' } }
    const metadata = {
      name: 'Spleen CT segmentation',
      version: '0.5.3',
      intended_use: 'Shows the spleen.',
      data_source: 'Task09_Spleen',
      network_data_format: { inputs: { image }, outputs: { pred } },
    }
    const transforms = [
      { _target_: 'LoadImaged' },
      { _target_: 'Orientationd', axcodes: 'RAS' },
      { _target_: 'Spacingd', pixdim: [1.5, 1.5, 2] },
      { _target_: 'ScaleIntensityRanged', a_min: -57, a_max: 164, b_min: 0, b_max: 1, clip: true },
    ]
    const inference = { preprocessing: { _target_: 'Compose', transforms }, inferer: { _target_: 'SlidingWindowInferer', overlap: 0.5 } }
    writeFileSync(join(folder, 'configs/metadata.json'), JSON.stringify(metadata))
    writeFileSync(join(folder, 'configs/inference.json'), JSON.stringify(inference))
    return folder
  }

  test('answers most questions itself', async () => {
    const { missing } = (await wrapNetwork(computeEntry, {
      path: bundle('torch-volume'),
      out: join(folderFor(), 'package'),
      normaliseAfter: null,
      answers: {},
      sides: null,
      ask: null,
    })) as { missing: readonly Question[] }
    expect(missing.map(({ key }) => key)).toEqual(['notFor', 'licence'])
    const out = join(folderFor(), 'package')
    const described = await wrap({ path: bundle('torch-volume'), out, answers: { notFor: 'Anything else.', licence: 'Apache-2.0' } })
    expect((await loadModelPackage(out)).package).toEqual(described)
    expect(described).toMatchObject({
      id: 'spleen-ct-segmentation',
      version: '0.5.3',
      accepts: { modality: ['CT'] },
      dimension: 3,
      // To the right, to the front, to the head: RAS in the letters of DICOM.
      input: { axes: ['R', 'A', 'H'], sides: [8, 12, 16], layout: 'NCDHW' },
      preprocess: { conform: { spacingMm: [1.5, 1.5, 2] }, scale: { by: 'values', low: -57, high: 164, clip: true } },
      slidingWindow: { overlap: 0.5 },
      outputs: [{ labels: [{ name: 'background' }, { name: 'spleen', title: 'Spleen' }] }],
    })
  })

  test('without an ONNX file says how MONAI writes one', async () => {
    const folder = bundle('torch-volume', 'model.pt')
    await expect(wrap({ path: folder })).rejects.toMatchObject({
      code: 'model.wrap',
      message: expect.stringContaining('onnx_export') as string,
    })
  })
})

describe('EXPECTED FAILURE:', () => {
  test('what was not answered is listed, and nothing is written', async () => {
    const out = join(folderFor(), 'package')
    const request = { path: sample('torch-classifier'), out, sides: [48, 40], normaliseAfter: null, ask: null }
    const wrapped = await wrapNetwork(computeEntry, { ...request, answers: { ...common, 'output.pred/0.labels': 'One alone' } })
    expect(wrapped).toMatchObject({ missing: [{ key: 'output.pred/0.labels' }, { key: 'output.pred/0.activation' }] })
    expect(existsSync(out)).toBe(false)
  })

  test('a key that no question has is no answer', async () =>
    expect(wrap({ path: sample('torch-classifier'), answers: { ...classifier, licnce: 'CC0' }, sides: [48, 40] })).rejects.toMatchObject({
      code: 'model.wrap',
      message: expect.stringContaining('licnce') as string,
    }))

  test('a folder that exists is left as it is', async () =>
    expect(wrap({ path: sample('torch-classifier'), out: folderFor(), answers: classifier, sides: [48, 40] })).rejects.toMatchObject({
      code: 'model.wrap',
    }))

  test.each<{ why: string; inputs: Record<string, number[]>; code: string }>([
    { why: 'two inputs', inputs: { a: [1, 1, 8, 8], b: [1, 1, 8, 8] }, code: 'model.wrap' },
    { why: 'an input that is a row of numbers', inputs: { a: [1, 8] }, code: 'model.wrap' },
  ])('a network with $why', async ({ inputs, code }) => {
    const path = join(folderFor(), 'odd.onnx')
    writeFileSync(path, modelOf({ nodes: [{ op: 'Identity', inputs: ['a'], outputs: ['c'] }], inputs, outputs: { c: inputs.a } }))
    await expect(wrap({ path })).rejects.toMatchObject({ code })
  })
})

test('a person is asked once for each answer, and again where it does not do', async () => {
  const asked: string[] = []
  const replies: Record<string, string[]> = {
    id: ['Not Good', 'good-id'],
    'output.pred/0.labels': ['A, B'],
    'output.pred/0.activation': ['softmax'],
  }
  const wrapped = await wrapNetwork(computeEntry, {
    path: sample('torch-classifier'),
    out: join(folderFor(), 'package'),
    answers: {},
    normaliseAfter: null,
    sides: [48, 40],
    ask: async ({ key, suggestion }) => {
      asked.push(key)
      return replies[key]?.shift() ?? (suggestion === null ? 'MR' : '')
    },
  })
  expect(wrapped).toMatchObject({ package: { id: 'good-id', accepts: { modality: ['MR'] } } })
  expect(asked.filter((key) => key === 'id')).toHaveLength(2)
  expect(new Set(asked).size).toBe(asked.length - 1)
})
