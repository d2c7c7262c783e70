/** Exact maps: the score at each place, where the score of the picture is that of the mean over places. */
import type { ModelOutput, PictureModel } from '../../../contracts/model-package'
import type { OnnxNode } from '../../networks/onnx/graph'
import type { RawOutput } from '../outputs'
import { activate } from '../outputs'
import type { ExplainedNetwork, FeatureMap } from './explained-network'
import { pooledFormOf, type PooledForm } from './pooled-form'
import type { PlaceMap } from './place-map'

/** How far the mean of the local logits and the network's own may lie apart, as a share of the greatest. */
const tolerance = 1e-3
const mostIdentities = 16

export interface ExactHead {
  readonly form: PooledForm
  readonly activation: ModelOutput['activation']
  /** The last step was taken off the graph, so that its input is what is compared. */
  readonly peeled: boolean
}

/** The head of a network where it is a closed form of maps of one size; null where it is not. */
export function exactHead({ walk, label }: ExplainedNetwork, maps: readonly FeatureMap[]): ExactHead | null {
  const [first, ...others] = maps
  if (!first || others.some(({ rows, columns }) => rows !== first.rows || columns !== first.columns)) return null
  const { output } = label
  const sizes = new Map(maps.map((map) => [map.name, map]))
  const last = lastStep(walk, output.name)
  const inGraph = output.activation !== 'none' ? null : last?.op === 'Sigmoid' ? 'sigmoid' : last?.op === 'Softmax' ? 'softmax' : null
  const form = pooledFormOf(walk, inGraph && last ? last.inputs[0] : output.name, sizes)
  if (form?.length !== output.labels.length) return null
  return { form, activation: inGraph ?? output.activation, peeled: inGraph !== null }
}

/** What makes a value, behind what only hands it on. */
function lastStep(walk: ExplainedNetwork['walk'], value: string): OnnxNode | null {
  let node = walk.makerOf(value)
  for (let steps = 0; node?.op === 'Identity' && steps < mostIdentities; steps++) node = walk.makerOf(node.inputs[0])
  return node
}

/** Null where the mean over all places is not what the network said: the graph was not what it looked like. */
export function classActivation(
  head: ExactHead,
  maps: readonly FeatureMap[],
  raw: RawOutput,
  { output, place }: ExplainedNetwork['label'],
  calibration: PictureModel['calibration'],
): PlaceMap | null {
  const [{ rows, columns }] = maps
  const logits = localLogits(head.form, maps)
  if (!head.peeled && !agrees(logits, raw.values, rows * columns)) return null
  const labels = output.labels.length
  const local = activate(
    { values: logits, shape: [1, labels, rows, columns] },
    { ...output, kind: 'activation-map', activation: head.activation },
    head.peeled ? null : calibration,
  )
  if (head.peeled && !agrees(meanActivated(head, logits, output, rows * columns), raw.values, 1)) return null
  const size = rows * columns
  return { rows, columns, values: local.values.slice(place * size, (place + 1) * size) }
}

/** Labels × rows × columns: Σ weight · map + bias. */
function localLogits({ length, weights, bias }: PooledForm, maps: readonly FeatureMap[]): Float32Array<ArrayBuffer> {
  const size = maps[0].rows * maps[0].columns
  const logits = new Float32Array(length * size)
  for (let label = 0; label < length; label++) {
    const own = new Float64Array(size).fill(bias[label])
    for (const { name, channels, values } of maps) {
      const ofMap = weights.get(name)
      if (!ofMap) continue
      for (let channel = 0; channel < channels; channel++) {
        const weight = ofMap[label * channels + channel]
        if (weight === 0) continue
        for (let i = 0; i < size; i++) own[i] += weight * values[channel * size + i]
      }
    }
    logits.set(own, label * size)
  }
  return logits
}

function meanActivated({ activation }: ExactHead, logits: Float32Array, output: ModelOutput, size: number): Float32Array {
  const means = meansOf(logits, size)
  return activate({ values: means, shape: [1, output.labels.length] }, { ...output, activation }, null).values
}

function meansOf(values: Float32Array, size: number): Float32Array {
  return Float32Array.from({ length: values.length / size }, (_, label) => {
    let sum = 0
    for (let i = 0; i < size; i++) sum += values[label * size + i]
    return sum / size
  })
}

function agrees(local: Float32Array, whole: Float32Array, size: number): boolean {
  const means = meansOf(local, size)
  const greatest = whole.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  return means.length === whole.length && means.every((mean, i) => Math.abs(mean - whole[i]) <= tolerance * greatest)
}
