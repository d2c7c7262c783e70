/** A network of volumes small enough to know its answer by heart: bright voxels are of class 1, very bright ones of class 2. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VolumeModel } from '../../../contracts/model-package'
import { sha256 } from '../../../main/base/hashing'
import { modelOf, type Graph } from './onnx-writer'
import { npy } from './tiny-packages'

type Changes = { readonly [K in keyof VolumeModel]?: VolumeModel[K] }

const goldenSide = 4

/** Scores 0, v - 0.3 and 2 v - 1: background up to 0.3, class 1 up to 0.7, class 2 beyond. A side is -1 where it is open. */
function scoresGraph([depth, rows, columns]: readonly number[]): Graph {
  return {
    nodes: [{ op: 'Conv', inputs: ['volume', 'weights', 'bias'], outputs: ['scores'] }],
    weights: [
      { name: 'weights', shape: [3, 1, 1, 1, 1], values: [0, 1, 2] },
      { name: 'bias', shape: [3], values: [0, -0.3, -1] },
    ],
    inputs: { volume: [1, 1, depth, rows, columns] },
    outputs: { scores: [1, 3, depth, rows, columns] },
  }
}

export function volumePackage(changes: Changes = {}): VolumeModel {
  return {
    schemaVersion: 1,
    id: 'tiny-volume',
    version: '1.0.0',
    title: 'Tiny volume',
    intendedUse: 'Tests.',
    notFor: ['Anything else.'],
    dimension: 3,
    task: 'segmentation',
    engine: 'onnx',
    weightFiles: [],
    file: 'model.onnx',
    sha256: '0'.repeat(64),
    licence: 'CC0',
    accepts: { modality: ['MR'] },
    calibration: null,
    metrics: [],
    training: { data: 'none', code: 'none', seed: 0 },
    input: { name: 'volume', kind: 'volume', axes: ['L', 'F', 'A'], sides: null, layout: 'NCDHW', type: 'float32' },
    preprocess: {
      from: 'modality',
      conform: { sides: [40, 40, 40], spacingMm: [1, 1, 1], levels: 'eight-bit' },
      scale: { by: 'range' },
      crop: { to: { aboveShareOfGreatest: 0.1 }, marginVoxels: 2 },
    },
    slidingWindow: null,
    outputs: [
      {
        name: 'scores',
        kind: 'label-map',
        labels: [
          { name: 'background', title: 'Background', colour: '#000000' },
          { name: 'body', title: 'Body', colour: '#ff0000' },
          { name: 'core', title: 'Core', colour: '#00ff00' },
        ],
      },
    ],
    keepLargest: false,
    operatingPoints: [],
    golden: { input: 'input.npy', outputs: { scores: 'scores.npy' }, tolerance: 1e-5 },
    ...changes,
  }
}

/** Writes the package; gives the description with the weights' hash in it. */
export function writeVolumePackage(folder: string, changes: Changes = {}): VolumeModel {
  const described = volumePackage(changes)
  const weights = modelOf(scoresGraph(described.input.sides ?? [-1, -1, -1]))
  const model = { ...described, sha256: sha256(weights) }
  const sides = model.input.sides ?? [goldenSide, goldenSide, goldenSide]
  const input = Float32Array.from({ length: sides[0] * sides[1] * sides[2] }, (_, at) => ((at * 37) % 100) / 100)
  const scores = [...input.map(() => 0), ...input.map((v) => v - 0.3), ...input.map((v) => 2 * v - 1)]
  mkdirSync(join(folder, 'golden'), { recursive: true })
  writeFileSync(join(folder, 'model.onnx'), weights)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model))
  writeFileSync(join(folder, 'card.md'), '# Tiny volume\n')
  writeFileSync(join(folder, 'golden', 'input.npy'), npy(sides, input))
  writeFileSync(join(folder, 'golden', 'scores.npy'), npy([1, 3, ...sides], scores))
  return model
}
