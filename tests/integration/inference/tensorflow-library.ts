/** TensorFlow's own library, where a developer set it up; else a stand-in of its two packages, so that how they are chosen can be tested. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { repository } from '../../shared-data'
import { clientWithProcesses } from './engine'

export const withoutLibrary = ['tfjs-node', 'tfjs-node-gpu'].every(
  (name) => !existsSync(join(repository, 'node_modules/@tensorflow', name)),
)

/** The provider that runs what is not translated. */
export const ofTensorFlow = withoutLibrary ? /^tfjs-wasm$/ : /^tensorflow/

interface StandIn {
  readonly packages: readonly ('tfjs-node' | 'tfjs-node-gpu')[]
  readonly findsGpu: boolean
  /** As Node has it since 23, without functions that the library calls. */
  readonly withoutUtilities?: boolean
  /** A kernel that breaks off, as the library's own do of what they cannot do on the CPU, with these words. */
  readonly breaks?: { readonly kernel: string; readonly words: string }
}

const require = createRequire(import.meta.url)
const found = (name: string) => JSON.stringify(require.resolve(name))

/** What both packages do as they are loaded: a backend by their name, here with the kernels of TensorFlow.js. */
const source = ({ findsGpu, breaks }: StandIn) => `
const util = require('util')
if (util.isNullOrUndefined(0) || !util.isNullOrUndefined(undefined) || !util.isArray([])) throw new Error('not what they were')
const tf = require(${found('@tensorflow/tfjs-core')})
const { MathBackendCPU } = require(${found('@tensorflow/tfjs-backend-cpu')})
tf.copyRegisteredKernels('cpu', 'tensorflow')
const broken = ${JSON.stringify(breaks?.kernel ?? null)}
if (broken) {
  tf.unregisterKernel(broken, 'tensorflow')
  tf.registerKernel({ kernelName: broken, backendName: 'tensorflow', kernelFunc: () => { throw new Error(${JSON.stringify(breaks?.words)}) } })
}
tf.registerBackend('tensorflow', () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: ${findsGpu} }), 3)
`

/** A compute process that finds the packages; ended with the test. */
export function computeWith(standIn: StandIn) {
  const folder = mkdtempSync(join(tmpdir(), 'overread-tensorflow-'))
  for (const name of standIn.packages) {
    const target = join(folder, '@tensorflow', name)
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'index.js'), source(standIn))
  }
  const taking = join(folder, 'taking.cjs')
  writeFileSync(taking, "delete require('util').isNullOrUndefined; delete require('util').isArray")
  const { client } = clientWithProcesses(standIn.withoutUtilities ? ['--require', taking] : [], { NODE_PATH: folder })
  onTestFinished(async () => {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return client
}
