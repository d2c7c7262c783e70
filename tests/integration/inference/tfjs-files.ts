/** TensorFlow.js networks as files, written by TensorFlow.js itself. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { dims, text } from '../../samples/graph-attributes'

/** Writes model.json and its weights as they would be sent to a server. Gives the path of model.json. */
export async function saveTfjs(model: { save(handler: tf.io.IOHandler): Promise<unknown> }, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const fetchFunc = async (_: unknown, init?: RequestInit) => {
    for (const [name, file] of init!.body as FormData) writeFileSync(join(folder, name), Buffer.from(await (file as Blob).arrayBuffer()))
    return new Response()
  }
  await model.save(tf.io.http('model.json', { fetchFunc }))
  return join(folder, 'model.json')
}

const type = { type: 'DT_FLOAT' }
const constant = (name: string, shape: readonly number[], dtype: 'DT_FLOAT' | 'DT_INT32' = 'DT_FLOAT') => ({
  name,
  op: 'Const',
  attr: { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: dims(shape) } } },
})

/**
 * A graph model as the converter makes one of a SavedModel: a convolution, the mean over the picture, two classes. Open: batch
 * and sides. `op` takes the place of the convolution's activation.
 */
export function graphModel(kernels: Float32Array<ArrayBuffer>, head: Float32Array<ArrayBuffer>, op = 'Relu'): Promise<GraphModel> {
  const filters = kernels.length / 9
  const node = [
    { name: 'image', op: 'Placeholder', attr: { dtype: type, shape: { shape: dims([-1, -1, -1, 1]) } } },
    constant('kernels', [3, 3, 1, filters]),
    constant('axes', [2], 'DT_INT32'),
    constant('head', [filters, 2]),
    {
      name: 'convolved',
      op: 'Conv2D',
      input: ['image', 'kernels'],
      attr: {
        T: type,
        strides: { list: { i: ['1', '1', '1', '1'] } },
        dilations: { list: { i: ['1', '1', '1', '1'] } },
        padding: text('SAME'),
        data_format: text('NHWC'),
      },
    },
    { name: 'activated', op, input: ['convolved'], attr: { T: type } },
    { name: 'pooled', op: 'Mean', input: ['activated', 'axes'], attr: { T: type, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } } },
    { name: 'logits', op: 'MatMul', input: ['pooled', 'head'], attr: { T: type, transpose_a: { b: false }, transpose_b: { b: false } } },
    { name: 'Identity', op: 'Softmax', input: ['logits'], attr: { T: type } },
  ]
  const weightSpecs: tf.io.WeightsManifestEntry[] = [
    { name: 'kernels', shape: [3, 3, 1, filters], dtype: 'float32' },
    { name: 'axes', shape: [2], dtype: 'int32' },
    { name: 'head', shape: [filters, 2], dtype: 'float32' },
  ]
  const weights = [kernels, Int32Array.of(1, 2), head].map(({ buffer }) => Buffer.from(buffer))
  return loadGraphModel(
    tf.io.fromMemory({
      format: 'graph-model',
      modelTopology: { node, library: {}, versions: { producer: 27, minConsumer: 12 } },
      weightSpecs,
      weightData: new Uint8Array(Buffer.concat(weights)).buffer,
      signature: {
        inputs: { image: { name: 'image:0', dtype: 'DT_FLOAT', tensorShape: dims([-1, -1, -1, 1]) } },
        outputs: { score: { name: 'Identity:0', dtype: 'DT_FLOAT', tensorShape: dims([-1, 2]) } },
      },
    } as tf.io.ModelArtifacts),
  )
}
