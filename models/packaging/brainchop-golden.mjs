/** The golden case of a network: a small piece of the project's own sample, and what TensorFlow.js itself says of it. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { loadLayersModel } from '@tensorflow/tfjs-layers'

const side = 256

/** The conformed sample as [left, foot, anterior]; in its file the first of them runs fastest. */
export function readSample(path) {
  const bytes = gunzipSync(readFileSync(path))
  const start = bytes.readFloatLE(108)
  const stored = bytes.subarray(start, start + side ** 3)
  const sample = new Uint8Array(side ** 3)
  for (let anterior = 0; anterior < side; anterior++)
    for (let foot = 0; foot < side; foot++)
      for (let left = 0; left < side; left++)
        sample[(left * side + foot) * side + anterior] = stored[(anterior * side + foot) * side + left]
  return sample
}

/** Low and high of the scale over the whole sample. */
export function scaleOf(sample, scale) {
  if (scale.by === 'range') return [sample.reduce((a, b) => Math.min(a, b)), sample.reduce((a, b) => Math.max(a, b))]
  const sorted = Uint8Array.from(sample).sort()
  return [sorted[Math.floor(scale.low * sorted.length)], sorted[Math.ceil(scale.high * sorted.length) - 1]]
}

/** A cube about the middle of the right hemisphere, where most structures meet, as the tensor that the network takes. */
export function piece(sample, [low, high], edge) {
  const corner = [100, 108, 120].map((middle) => middle - Math.floor(edge / 2))
  return Float32Array.from({ length: edge ** 3 }, (_, at) => {
    const place = [Math.floor(at / edge ** 2), Math.floor(at / edge) % edge, at % edge].map((each, axis) => each + corner[axis])
    return (sample[(place[0] * side + place[1]) * side + place[2]] - low) / (high - low)
  })
}

/** Scores [1, classes, edge, edge, edge] by the layers of the model themselves, one after the other. */
export async function scoresByTensorFlow(topologyPath, weightPath, input, edge, normaliseAfter) {
  await tf.setBackend('cpu')
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(topologyPath, 'utf8'))
  // The stated sides of 256 would have TensorFlow.js refuse a smaller piece; no layer depends on them.
  const [input0] = modelTopology.model_config.config.layers
  input0.config.batch_input_shape = [null, edge, edge, edge, 1]
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights)
  const weightData = new Uint8Array(readFileSync(weightPath)).buffer
  const model = await loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) })
  let value = tf.tensor(input, [1, edge, edge, edge, 1])
  for (const layer of model.layers.slice(1)) {
    value = layer.apply(value)
    if (normaliseAfter && layer.name.endsWith(normaliseAfter)) {
      const { mean, variance } = tf.moments(value, [1, 2, 3], true)
      value = tf.div(tf.sub(value, mean), tf.sqrt(tf.add(variance, 1e-5)))
    }
  }
  const classesFirst = tf.transpose(value, [0, 4, 1, 2, 3])
  return { shape: classesFirst.shape, values: await classesFirst.data() }
}
