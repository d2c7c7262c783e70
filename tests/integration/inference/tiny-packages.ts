/** Model packages small enough to know their answer by heart. The runtime that runs them is the real one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PictureModel } from '../../../contracts/model-package'
import { sha256 } from '../../../main/base/hashing'
import { integer, integers, modelOf, type Graph } from './onnx-writer'

type Changes = { readonly [K in keyof PictureModel]?: PictureModel[K] }

/** A package whose network gives back its input, which the steps scale to 0..1 by the values 0 and 1000. */
export function identityPackage(side: number, changes: Changes = {}): PictureModel {
  return {
    schemaVersion: 1,
    id: 'tiny',
    version: '1.0.0',
    title: 'Tiny',
    intendedUse: 'Tests.',
    notFor: ['Anything else.'],
    task: 'segmentation',
    engine: 'onnx',
    weightFiles: [],
    file: 'model.onnx',
    sha256: '0'.repeat(64),
    licence: 'CC0',
    accepts: { modality: ['MR'] },
    input: { name: 'image', kind: 'image', shape: [1, 1, side, side], layout: 'NCHW', type: 'float32' },
    preprocess: {
      from: 'modality',
      steps: [
        { op: 'resize', rows: side, columns: side, interpolation: 'area' },
        { op: 'scale', low: { value: 0 }, high: { value: 1000 }, statistics: 'slice', clip: true },
      ],
    },
    testTimeFlips: [],
    testTimeVariants: [],
    outputs: [{ name: 'map', kind: 'probability-map', activation: 'none', labels: [{ name: 'spot', title: 'Spot' }] }],
    calibration: null,
    operatingPoints: [{ label: 'spot', name: 'outline', threshold: 0.5, sensitivity: null, specificity: null, measuredOn: 'nothing' }],
    findings: { minimumPixels: 1, minimumAreaMm2: null, acrossSlices: true, structures: false },
    metrics: [],
    training: { data: 'none', code: 'none', seed: 0 },
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: { map: 'map.npy' }, tolerance: 1e-4 },
    ...changes,
  }
}

/** One probability of the whole picture in the place of the map. */
export const asClassifier = {
  task: 'classification',
  outputs: [{ name: 'map', kind: 'probabilities', activation: 'none', labels: [{ name: 'spot', title: 'Spot' }] }],
} as const satisfies Changes

export function identityGraph(side: number): Graph {
  const shape = [1, 1, side, side]
  return { nodes: [{ op: 'Identity', inputs: ['image'], outputs: ['map'] }], inputs: { image: shape }, outputs: { map: shape } }
}

/** Three slices in, weighted 1/4, 1/2, 1/4, one map out. */
export function stackGraph(side: number): Graph {
  return {
    nodes: [{ op: 'Conv', inputs: ['image', 'weights'], outputs: ['map'] }],
    weights: [{ name: 'weights', shape: [1, 3, 1, 1], values: [0.25, 0.5, 0.25] }],
    inputs: { image: [1, 3, side, side] },
    outputs: { map: [1, 1, side, side] },
  }
}

/** A map of local logits 8 x - 4, and its mean as the logit of the picture. */
export function classifierGraph(side: number): Graph {
  return {
    nodes: [
      { op: 'Conv', inputs: ['image', 'weights', 'bias'], outputs: ['local'] },
      { op: 'GlobalAveragePool', inputs: ['local'], outputs: ['pooled'] },
      { op: 'Reshape', inputs: ['pooled', 'flat'], outputs: ['logit'] },
    ],
    weights: [
      { name: 'weights', shape: [1, 1, 1, 1], values: [8] },
      { name: 'bias', shape: [1], values: [-4] },
    ],
    shapes: [{ name: 'flat', shape: [2], values: [1, 1] }],
    inputs: { image: [1, 1, side, side] },
    outputs: { local: [1, 1, side, side], logit: [1, 1] },
  }
}

/** 0 / x: no number where the input is 0. */
export function divisionGraph(side: number): Graph {
  const shape = [1, 1, side, side]
  return {
    nodes: [{ op: 'Div', inputs: ['zero', 'image'], outputs: ['map'] }],
    weights: [{ name: 'zero', shape: [1, 1, 1, 1], values: [0] }],
    inputs: { image: shape },
    outputs: { map: shape },
  }
}

/** One box around all that is brighter than 0.7, its score the brightest value: [1, 1, 5], left, top, right, bottom, score in pixels. */
export function boxGraph(side: number): Graph {
  const reduce = (op: string, input: string, output: string, axes?: readonly number[]) => ({
    op,
    inputs: [input],
    outputs: [output],
    attributes: [...(axes ? [integers('axes', axes)] : []), integer('keepdims', 0)],
  })
  const edges = (name: string, axes: readonly number[]) => [
    reduce('ReduceMax', 'bright', `${name}Any`, axes),
    { op: 'Mul', inputs: [`${name}Any`, 'ends'], outputs: [`${name}Ends`] },
    reduce('ReduceMax', `${name}Ends`, `${name}Last`),
    { op: 'Sub', inputs: ['one', `${name}Any`], outputs: [`${name}None`] },
    { op: 'Mul', inputs: [`${name}None`, 'thousand'], outputs: [`${name}Far`] },
    { op: 'Add', inputs: [`${name}Far`, 'starts'], outputs: [`${name}Starts`] },
    reduce('ReduceMin', `${name}Starts`, `${name}First`),
  ]
  const parts = ['xFirst', 'yFirst', 'xLast', 'yLast', 'score']
  return {
    nodes: [
      { op: 'Sub', inputs: ['image', 'level'], outputs: ['above'] },
      { op: 'Mul', inputs: ['above', 'thousand'], outputs: ['steep'] },
      { op: 'Relu', inputs: ['steep'], outputs: ['positive'] },
      { op: 'Min', inputs: ['positive', 'one'], outputs: ['bright'] },
      ...edges('x', [0, 1, 2]),
      ...edges('y', [0, 1, 3]),
      reduce('ReduceMax', 'image', 'score'),
      ...parts.map((name) => ({ op: 'Reshape', inputs: [name, 'single'], outputs: [`${name}Value`] })),
      { op: 'Concat', inputs: parts.map((name) => `${name}Value`), outputs: ['found'], attributes: [integer('axis', 2)] },
    ],
    weights: [
      { name: 'level', shape: [1], values: [0.7] },
      { name: 'thousand', shape: [1], values: [1000] },
      { name: 'one', shape: [1], values: [1] },
      { name: 'starts', shape: [side], values: Array.from({ length: side }, (_, index) => index) },
      { name: 'ends', shape: [side], values: Array.from({ length: side }, (_, index) => index + 1) },
    ],
    shapes: [{ name: 'single', shape: [3], values: [1, 1, 1] }],
    inputs: { image: [1, 1, side, side] },
    outputs: { found: [1, 1, 5] },
  }
}

/** Convolutions that give 0 and take their time: about 10 thousand million products each for a side of 512. */
export function slowGraph(side: number, layers: number): Graph {
  const width = 64
  const padding = [integers('pads', [1, 1, 1, 1])]
  const names = Array.from({ length: layers }, (_, layer) => `layer${layer}`)
  return {
    nodes: [
      { op: 'Conv', inputs: ['image', 'first'], outputs: ['start'], attributes: padding },
      ...names.map((name, layer) => ({
        op: 'Conv',
        inputs: [layer === 0 ? 'start' : names[layer - 1], 'middle'],
        outputs: [name],
        attributes: padding,
      })),
      { op: 'Conv', inputs: [names.at(-1)!, 'last'], outputs: ['map'], attributes: padding },
    ],
    weights: [
      { name: 'first', shape: [width, 1, 3, 3], values: new Float32Array(width * 9) },
      { name: 'middle', shape: [width, width, 3, 3], values: new Float32Array(width * width * 9) },
      { name: 'last', shape: [1, width, 3, 3], values: new Float32Array(width * 9) },
    ],
    inputs: { image: [1, 1, side, side] },
    outputs: { map: [1, 1, side, side] },
  }
}

/** An array of the golden case. */
export function npy(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${list}), }`.padEnd(117) + '\n'
  const start = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0)
  return Uint8Array.from([...start, ...new TextEncoder().encode(header), ...new Uint8Array(Float32Array.from(values).buffer)])
}

/**
 * Writes a package whose golden outputs are what `answer` says for an input that rises from 0.1 to 0.9.
 * Gives the description with the weights' hash in it.
 */
export function writePackage(
  folder: string,
  description: PictureModel,
  graph: Graph,
  answer: (input: Float32Array) => Readonly<Record<string, { shape: readonly number[]; values: ArrayLike<number> }>>,
): PictureModel {
  const weights = modelOf(graph)
  const model = { ...description, sha256: sha256(weights) }
  const count = model.input.shape.reduce((product, side) => product * side, 1)
  const input = Float32Array.from({ length: count }, (_, index) => 0.1 + (0.8 * index) / count)
  mkdirSync(join(folder, 'golden'), { recursive: true })
  writeFileSync(join(folder, 'model.onnx'), weights)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model))
  writeFileSync(join(folder, 'card.md'), '# Tiny\n')
  const golden = join(folder, 'golden')
  writeFileSync(join(golden, 'picture.npy'), npy([1, 1, 1], [0]))
  writeFileSync(join(golden, 'input.npy'), npy(model.input.shape, input))
  for (const [name, { shape, values }] of Object.entries(answer(input)))
    writeFileSync(join(golden, model.golden.outputs[name]), npy(shape, values))
  return model
}

/** The plain package of a side, with the identity as its network. */
export function writeIdentityPackage(folder: string, side: number, changes: Changes = {}): PictureModel {
  return writePackage(folder, identityPackage(side, changes), identityGraph(side), (input) => ({
    map: { shape: [1, 1, side, side], values: input },
  }))
}

/** A classifier: the logit of a picture is 8 x mean / 1000 - 4. */
export function writeScorerPackage(folder: string, side: number): PictureModel {
  const labels = [{ name: 'bright', title: 'Bright' }]
  const description: PictureModel = identityPackage(side, {
    id: 'scorer',
    task: 'classification',
    outputs: [
      { name: 'logit', kind: 'probabilities', activation: 'sigmoid', labels },
      { name: 'local', kind: 'activation-map', activation: 'sigmoid', labels },
    ],
    operatingPoints: [
      { label: 'bright', name: 'middle', threshold: 0.5, sensitivity: 0.8, specificity: 0.7, measuredOn: 'nothing' },
      { label: 'bright', name: 'low', threshold: 0.1, sensitivity: null, specificity: null, measuredOn: 'nothing' },
    ],
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: { logit: 'logit.npy', local: 'local.npy' }, tolerance: 1e-3 },
  })
  return writePackage(folder, description, classifierGraph(side), (input) => {
    const local = input.map((value) => 8 * value - 4)
    return {
      local: { shape: [1, 1, side, side], values: local },
      logit: { shape: [1, 1], values: [local.reduce((sum, value) => sum + value, 0) / local.length] },
    }
  })
}

/** Of `classifierGraph`: the mean of the picture decides. */
export function writeClassifierPackage(folder: string, side: number): { folder: string; sha256: string } {
  const description = identityPackage(side, {
    task: 'classification',
    outputs: [{ name: 'logit', kind: 'probabilities', activation: 'sigmoid', labels: [{ name: 'spot', title: 'Spot' }] }],
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: { logit: 'logit.npy' }, tolerance: 1e-4 },
  })
  const { sha256 } = writePackage(folder, description, classifierGraph(side), (input) => ({
    logit: { shape: [1, 1], values: [8 * (input.reduce((sum, x) => sum + x, 0) / input.length) - 4] },
  }))
  return { folder, sha256 }
}
