/**
 * Makes the packages of the brainchop networks from the data folder: node models/packaging/brainchop.mjs [FOLDER]
 *
 * Topology and weights are copied unchanged. The golden cases are TensorFlow.js's own answers.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cardOf } from './brainchop-card.mjs'
import { piece, readSample, scaleOf, scoresByTensorFlow } from './brainchop-golden.mjs'
import { keyOf, titleOf } from './brainchop-labels.mjs'
import { networks, versionOf } from './brainchop-networks.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const data = process.argv[2] ?? join(here, '../../../shared/data/brainchop')
const sample = readSample(join(data, 'sample/t1_crop.nii.gz'))

const heads = ['HEAD', 'BRAIN', 'SKULL', 'HEADNECK', 'NEURO', 'CRANIUM', 'KOPF', 'SCHAEDEL']
const adults = [18, 110]
const t1 = {
  name: 'T1',
  words: ['t1', 'mprage', 'mp-rage', 'spgr', 'fspgr', 'bravo', 'tfl3d'],
  contradictedBy: [
    'flair',
    'dark fluid',
    'dark-fluid',
    'dark_fluid',
    'tirm',
    't2',
    'dwi',
    'adc',
    'dti',
    'swi',
    'swan',
    'tof',
    'angio',
    'perfusion',
    'bold',
    'stir',
    'proton',
  ],
}

for (const network of networks) await makePackage(network)

async function makePackage(network) {
  const source = join(data, 'models', network.folder)
  const folder = join(here, '..', network.id)
  mkdirSync(join(folder, 'golden'), { recursive: true })
  const topology = join(source, 'model.json')
  const [weightFile] = JSON.parse(readFileSync(topology, 'utf8')).weightsManifest.flatMap(({ paths }) => paths)
  copyFileSync(topology, join(folder, 'network.json'))
  copyFileSync(join(source, weightFile), join(folder, weightFile))
  copyFileSync(join(data, 'LICENSE.txt'), join(folder, 'LICENSE'))
  const sha256 = createHash('sha256')
    .update(readFileSync(topology))
    .update(readFileSync(join(source, weightFile)))
    .digest('hex')
  const labels = labelsOf(network, source)
  const description = describe(network, weightFile, sha256, labels)
  writeFileSync(join(folder, 'model.json'), `${JSON.stringify(description, null, 2)}\n`)
  writeFileSync(join(folder, 'card.md'), cardOf(network, labels))

  // Of many classes a smaller piece: the scores of each are kept.
  const edge = labels.length > 60 ? 12 : 16
  const input = piece(sample, scaleOf(sample, network.scale), edge)
  const scores = await scoresByTensorFlow(topology, join(source, weightFile), input, edge, network.normaliseAfter)
  writeFileSync(join(folder, 'golden/input.npy'), npy([edge, edge, edge], input))
  writeFileSync(join(folder, 'golden/output.npy'), npy(scores.shape, scores.values))
  process.stdout.write(`${network.id}: ${labels.length} labels\n`)
}

function labelsOf({ labels, colours }, source) {
  if (labels) return labels.map(({ source: name, colour }) => labelOf(name, colour))
  const table = JSON.parse(readFileSync(join(source, colours), 'utf8'))
  return table.labels.map((name, index) => labelOf(name, [table.R[index], table.G[index], table.B[index]]))
}

function labelOf(source, colour) {
  return { name: keyOf(source), title: titleOf(source), colour: `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}` }
}

function describe(network, weightFile, sha256, labels) {
  const { id, title, outlines, scale, crop, landmarks, countsAs, normaliseAfter, anyContrast } = network
  return {
    schemaVersion: 1,
    id,
    version: versionOf(network),
    title,
    intendedUse: `Outlines ${outlines}${anyContrast ? '' : ', on a T1 series of the head'}. Research use only. Not a medical device; not for diagnosis or patient management.`,
    notFor: [
      'Diagnosis, triage or any decision about a patient.',
      'Volumes as a measurement of disease: nothing was measured of their accuracy here.',
      'Heads of children (refused where the header states the age), after surgery, and with large lesions: nothing is known of these.',
      ...(anyContrast ? [] : ['Other contrasts than T1, and series with gaps or thick slices.']),
    ],
    dimension: 3,
    task: 'segmentation',
    engine: 'tfjs',
    file: 'network.json',
    weightFiles: [weightFile],
    ...(normaliseAfter ? { normaliseAfter } : {}),
    sha256,
    licence: 'MIT, Copyright (c) 2021 neuroneural/brainchop',
    accepts: {
      modality: anyContrast ? ['MR', 'CT'] : ['MR'],
      bodyPart: heads,
      photometricInterpretation: ['MONOCHROME1', 'MONOCHROME2'],
      ageYears: adults,
      ...(anyContrast ? {} : { sequence: t1 }),
    },
    input: { name: 'input', kind: 'volume', axes: ['L', 'F', 'A'], sides: null, layout: 'NCDHW', type: 'float32' },
    preprocess: {
      from: 'modality',
      conform: { sides: [256, 256, 256], spacingMm: [1, 1, 1], levels: 'eight-bit' },
      ...(landmarks ? { landmarks } : {}),
      scale,
      crop,
    },
    slidingWindow: null,
    outputs: [{ name: 'output', kind: 'label-map', labels, ...(countsAs ? { countsAs } : {}) }],
    keepLargest: true,
    calibration: null,
    operatingPoints: [],
    metrics: [],
    training: { data: 'Stated by its makers; not repeated here.', code: 'https://github.com/neuroneural/brainchop', seed: 0 },
    golden: { input: 'input.npy', outputs: { output: 'output.npy' }, tolerance: 0.01 },
  }
}

function npy(shape, values) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117) + '\n'
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0])
  return Buffer.concat([start, Buffer.from(header), Buffer.from(Float32Array.from(values).buffer)])
}
