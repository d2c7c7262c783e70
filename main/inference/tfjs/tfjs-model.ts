/** A model in TensorFlow.js itself: for what cannot be translated, and as the measure of what was. The compute process alone loads it. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as Core from '@tensorflow/tfjs-core'
import type * as Converter from '@tensorflow/tfjs-converter'
import type * as Layers from '@tensorflow/tfjs-layers'
import { OverreadError } from '../../../contracts/errors'
import type { TfjsModel, TfjsWeight } from '../../networks/tfjs/read-tfjs'
import { engineFault, shortReason } from '../engine-fault'
import type { TfjsProvider } from '../providers'
import { channelsFirst, channelsLast, type Tensor } from './channel-order'

const require = createRequire(import.meta.url)

/** The packages that bring the native library; none is installed unless asked for. That for the GPU takes the CPU where it finds none. */
const native = {
  'tensorflow-gpu': ['@tensorflow/tfjs-node-gpu'],
  tensorflow: ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
} as const

export interface OpenTfjsModel {
  /** As TensorFlow.js calls its outputs, in their order. */
  readonly outputs: readonly string[]
  /**
   * Outputs of the model in their order, the channels first as in `input`.
   *
   * @throws OverreadError 'model.operators' with one that the backend lacks; 'inference.failed', 'inference.memory' where it breaks off.
   */
  run(input: Tensor): Promise<Tensor[]>
  dispose(): void
}

/**
 * @throws OverreadError 'inference.provider' where the backend cannot be had; 'model.weights' where TensorFlow.js does not take the model.
 */
export async function openTfjsModel(model: TfjsModel, backend: TfjsProvider): Promise<OpenTfjsModel> {
  const tf = await coreWith(backend)
  const loaded = await load(tf, model)
  return {
    outputs: 'outputNodes' in loaded ? loaded.outputNodes : loaded.outputs.map(({ sourceLayer }) => sourceLayer.name),
    async run({ values, shape }) {
      const turned = channelsLast({ values, shape })
      const outputs = predict(tf, backend, loaded, turned)
      try {
        return await Promise.all(
          outputs.map(async (output) => channelsFirst({ values: new Float32Array(await output.data()), shape: output.shape })),
        )
      } finally {
        tf.dispose(outputs)
      }
    },
    dispose: () => loaded.dispose(),
  }
}

function predict(tf: typeof Core, backend: TfjsProvider, loaded: LoadedModel, { values, shape }: Tensor): Core.Tensor[] {
  try {
    return tf.tidy(() => {
      const answer = loaded.predict(tf.tensor(values, [...shape]))
      if (answer instanceof tf.Tensor) return [answer]
      return Array.isArray(answer) ? answer : Object.values(answer)
    })
  } catch (error) {
    const reason = shortReason(error)
    // "Kernel 'Spin' not registered for backend 'wasm'", "Unknown op 'Spin'. File an issue …"
    const operator = (/Kernel '(\w+)' not registered/.exec(reason) ?? /Unknown op '(\w+)'/.exec(reason))?.[1]
    throw operator === undefined ? engineFault(error, backend) : new OverreadError('model.operators', operator, { cause: error })
  }
}

async function coreWith(backend: TfjsProvider): Promise<typeof Core> {
  const tf = require('@tensorflow/tfjs-core') as typeof Core
  try {
    if (backend === 'tfjs-wasm') {
      const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void }
      wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'))
    } else if (backend === 'tfjs-cpu') require('@tensorflow/tfjs-backend-cpu')
    else loadLibrary(tf, native[backend])
    const name = backend === 'tfjs-wasm' ? 'wasm' : backend === 'tfjs-cpu' ? 'cpu' : 'tensorflow'
    if (!(await tf.setBackend(name))) throw new Error('it did not start')
    await tf.ready()
    if (name === 'tensorflow') requireDevice(tf, backend)
    return tf
  } catch (error) {
    throw new OverreadError('inference.provider', shortReason(error), { cause: error })
  }
}

/** One library is enough: each of its packages brings the same backend. */
function loadLibrary(tf: typeof Core, packages: readonly string[]): void {
  const installed = packages.find(isInstalled)
  if (installed === undefined) throw new Error('not installed')
  if (tf.findBackendFactory('tensorflow') !== null) return
  restoreUtilities()
  require(installed)
}

/** Node 23, which newer Electron brings, took away two functions that the library calls. */
function restoreUtilities(): void {
  const util = require('node:util') as Record<string, unknown>
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray ??= Array.isArray
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

/** What is shown as the GPU must not have run on the CPU, nor the other way round. */
function requireDevice(tf: typeof Core, backend: TfjsProvider): void {
  const onGpu = (tf.backend() as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice === true
  if (onGpu !== (backend === 'tensorflow-gpu')) throw new Error(onGpu ? 'TensorFlow runs on the GPU' : 'TensorFlow finds no GPU')
}

/** What both forms of a loaded model offer; the names of its outputs stand elsewhere in each. */
type LoadedModel = {
  predict(input: Core.Tensor): Core.Tensor | Core.Tensor[] | Core.NamedTensorMap
  dispose(): void
} & ({ readonly outputs: readonly { readonly sourceLayer: { readonly name: string } }[] } | { readonly outputNodes: string[] })

async function load(tf: typeof Core, { format, topology, signature, weights }: TfjsModel): Promise<LoadedModel> {
  const weightSpecs: Core.io.WeightsManifestEntry[] = [...weights].map(([name, { shape, dtype }]) => ({ name, shape: [...shape], dtype }))
  const data = Buffer.concat([...weights.values()].map(bytesOf))
  const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
  const files = tf.io.fromMemory({ modelTopology: topology, weightSpecs, weightData, ...(signature && { signature }) })
  try {
    if (format === 'graph-model') return await (require('@tensorflow/tfjs-converter') as typeof Converter).loadGraphModel(files)
    return await (require('@tensorflow/tfjs-layers') as typeof Layers).loadLayersModel(files)
  } catch (error) {
    throw new OverreadError('model.weights', shortReason(error), { cause: error })
  }
}

/** As the manifest had them, quantised ones as floats. */
function bytesOf({ dtype, values }: TfjsWeight): Uint8Array {
  if (dtype === 'bool') return Uint8Array.from(values)
  return new Uint8Array(dtype === 'int32' ? Int32Array.from(values).buffer : values.buffer)
}
