/** What a network gave, checked, and made into probabilities. */
import { OverreadError } from '../../contracts/errors'
import type { ModelOutput, PictureModel } from '../../contracts/model-package'

/** A tensor as the engine returns it. */
export interface RawOutput {
  readonly values: Float32Array
  readonly shape: readonly number[]
}

/** Probabilities of one output, labels × rows × columns; 1 × 1 for a whole picture. Of boxes: a row each, as `packBoxes` has them. */
export interface NetworkOutput {
  readonly name: string
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array<ArrayBuffer>
}

const longestSide = 4096

/**
 * @throws OverreadError 'inference.output' where the shape is not the stated one, a value is no number, or
 * a graph that ends in probabilities gives one outside 0 to 1.
 */
export function activate(raw: RawOutput, output: ModelOutput, calibration: PictureModel['calibration']): NetworkOutput {
  const labels = output.labels.length
  const [batch, channels, rows = 1, columns = 1] = raw.shape
  const rank = output.kind === 'probabilities' ? 2 : 4
  const right = raw.shape.length === rank && batch === 1 && channels === labels && rows >= 1 && columns >= 1
  if (!right || Math.max(rows, columns) > longestSide || raw.values.length !== labels * rows * columns) {
    throw new OverreadError('inference.output', `${output.name} has the shape ${raw.shape.join(' × ')}`)
  }
  const values = probabilities(raw.values, output.activation, labels, calibration?.temperature ?? 1)
  const wrong = firstOutside(values)
  if (wrong >= 0) throw new OverreadError('inference.output', `${output.name} holds ${raw.values[wrong]}`)
  return { name: output.name, rows, columns, values }
}

/**
 * The distance from the training data that a graph gives as [1, 1].
 *
 * @throws OverreadError 'inference.output'
 */
export function distanceOf({ values, shape }: RawOutput, name: string): number {
  if (shape.length !== 2 || values.length !== 1) throw new OverreadError('inference.output', `${name} has the shape ${shape.join(' × ')}`)
  if (!(values[0] >= 0 && values[0] < Infinity)) throw new OverreadError('inference.output', `${name} holds ${values[0]}`)
  return values[0]
}

/** Index of the first value that is not within 0 to 1, or no number; -1 where there is none. */
function firstOutside(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!(values[i] >= 0 && values[i] <= 1)) return i
  return -1
}

function probabilities(
  values: Float32Array,
  activation: ModelOutput['activation'],
  labels: number,
  temperature: number,
): Float32Array<ArrayBuffer> {
  if (activation === 'none') return new Float32Array(values)
  const result = new Float32Array(values.length)
  if (activation === 'sigmoid') {
    for (let i = 0; i < values.length; i++) result[i] = 1 / (1 + Math.exp(-values[i] / temperature))
    return result
  }
  const positions = values.length / labels
  for (let position = 0; position < positions; position++) {
    let greatest = -Infinity
    for (let label = 0; label < labels; label++) greatest = Math.max(greatest, values[label * positions + position])
    let sum = 0
    for (let label = 0; label < labels; label++) {
      const power = Math.exp((values[label * positions + position] - greatest) / temperature)
      result[label * positions + position] = power
      sum += power
    }
    for (let label = 0; label < labels; label++) result[label * positions + position] /= sum
  }
  return result
}
