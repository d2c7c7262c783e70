/** One network in ONNX Runtime. Runs block the thread they are called on: the compute process alone opens sessions. */
import type { InferenceSession, OnnxValue } from 'onnxruntime-node'
import type { ProviderName } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import type { ModelPackage } from '../../contracts/model-package'
import type { LoadedPackage } from '../networks/package'
import { graphOutputs } from '../networks/graph-outputs'
import type { RawOutput } from './outputs'
import { engineFault, shortReason } from './engine-fault'
import { fixedShape, inputShape } from './input-shape'
import { networkThreads } from './processors'
import { classOutput, sumOutput, withClassHead } from './volume/class-head'

// Since 1.29 the runtime reports its use to its maker and keeps an identifier and a database in the home folder, unless this
// stands in the environment before it is loaded: an import at the top would come first.
process.env.ORT_DISABLE_TELEMETRY = '1'
const onnxRuntime = await import('onnxruntime-node')

// What fails is thrown as well; the log would put paths of this computer on stderr.
onnxRuntime.env.logLevel = 'fatal'

/** What was measured with another version says nothing of this one. */
export const runtimeVersion = onnxRuntime.env.versions.node ?? onnxRuntime.env.versions.common

export interface EngineSession {
  /**
   * Outputs in the order of `graphOutputs`. `shape`: of the tensor, that of the package unless said.
   *
   * @throws OverreadError 'inference.failed', 'inference.memory', 'inference.output'
   */
  run(tensor: Float32Array, shape?: readonly number[]): Promise<RawOutput[]>
  /** Of a network of volumes, where the engine finds it itself: the number of the greatest class at each voxel. */
  classes?(tensor: Float32Array, shape: readonly number[]): Promise<Uint8Array>
  release(): Promise<void>
}

/** `threads`: on the CPU; as many as physical cores unless said. */
export type OpenSession = (model: LoadedPackage, provider: ProviderName, threads?: number) => Promise<EngineSession>

/**
 * @throws OverreadError 'inference.provider' where the provider cannot be had; 'model.weights' where the graph is
 * not what the package says; 'model.operators' with one that the runtime lacks.
 */
export const openOnnxSession: OpenSession = async (loaded, provider, threads = networkThreads()) => {
  const { package: model, weights } = loaded
  const volume = model.dimension === 3 ? model : null
  const classes = volume && withClassHead(weights, volume)
  const session = await create(classes?.givesScores ? classes.graph : weights, provider, threads, ...(volume ? [inSmallPieces] : []))
  const classSession = classes && !classes.givesScores ? await create(classes.graph, provider, threads, inSmallPieces) : session
  const release = async () => {
    await session.release()
    if (classSession !== session) await classSession.release()
  }
  const { name } = model.input
  const stated = inputShape(model)
  const fault = graphFault(session, model)
  if (fault !== null) {
    await release()
    throw new OverreadError('model.weights', fault)
  }
  const names = graphOutputs(model)
  return {
    async run(tensor, shape = fixedShape(stated)) {
      const result = await runGraph(session, { provider, name, tensor, shape }, names)
      return names.map((output) => rawOutput(output, result[output]))
    },
    ...(volume && {
      async classes(tensor: Float32Array, shape: readonly number[]) {
        const result = await runGraph(classSession, { provider, name, tensor, shape }, [classOutput, sumOutput])
        const [sum] = rawOutput(sumOutput, result[sumOutput]).values
        if (!Number.isFinite(sum)) throw new OverreadError('inference.output', 'a score is no number')
        const numbers = result[classOutput]
        if (!('type' in numbers) || numbers.type !== 'uint8')
          throw new OverreadError('inference.output', `${classOutput} is no tensor of bytes`)
        return numbers.data as Uint8Array
      },
    }),
    release,
  }
}

/**
 * A layer of a volume takes hundreds of megabytes. The runtime's own stock of memory doubles as it grows, and a pattern
 * learnt from one run joins all layers in one piece: Electron ends a process that asks for a piece of 2 GiB. Elsewhere the
 * stock saves a fifth of the time.
 */
const inSmallPieces = 'electron' in process.versions ? { enableCpuMemArena: false, enableMemPattern: false } : {}

async function create(
  graph: Uint8Array,
  provider: ProviderName,
  threads: number,
  memory: Pick<InferenceSession.SessionOptions, 'enableCpuMemArena' | 'enableMemPattern'> = {},
): Promise<InferenceSession> {
  try {
    return await onnxRuntime.InferenceSession.create(graph, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
      ...memory,
      // Threads that wait must not burn the cores that workers and the window need.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    })
  } catch (error) {
    const reason = shortReason(error)
    if (provider !== 'cpu') throw new OverreadError('inference.provider', reason, { cause: error })
    const operator = operatorIn(reason)
    throw new OverreadError(operator === null ? 'model.weights' : 'model.operators', operator ?? reason, { cause: error })
  }
}

interface GraphInput {
  readonly provider: ProviderName
  readonly name: string
  readonly tensor: Float32Array
  readonly shape: readonly number[]
}

/** @throws OverreadError 'inference.failed', 'inference.memory' */
async function runGraph(session: InferenceSession, { provider, name, tensor, shape }: GraphInput, outputs: readonly string[]) {
  try {
    return await session.run({ [name]: new onnxRuntime.Tensor('float32', tensor, [...shape]) }, [...outputs])
  } catch (error) {
    throw engineFault(error, provider)
  }
}

/** As the runtime says it: "com.example:Spin(-1) is not a registered function/op", "No Op registered for Spin with …". */
function operatorIn(reason: string): string | null {
  return /([\w.:]+)\(-?\d+\) is not a registered/.exec(reason)?.[1] ?? /No Op registered for (\S+)/.exec(reason)?.[1] ?? null
}

/** A session of a graph as such: what goes in and comes out goes by name. */
export interface GraphSession {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Of each output, as far as the engine tells it without a run; null for a side that depends on what goes in. */
  readonly shapes: ReadonlyMap<string, (number | null)[]>
  /** Of the outputs named, in their order. */
  run(input: Float32Array, shape: readonly number[], outputs: readonly string[]): Promise<RawOutput[]>
  release(): Promise<void>
}

/**
 * Opens a graph that was edited, so that values within it come out.
 *
 * @throws OverreadError 'inference.provider'; 'model.weights' where the graph cannot be run.
 */
export const openGraph = async (graph: Uint8Array, provider: ProviderName, threads = networkThreads()): Promise<GraphSession> => {
  const session = await create(graph, provider, threads)
  const [input] = session.inputNames
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    shapes: new Map(session.outputMetadata.flatMap((value) => (value.isTensor ? [[value.name, value.shape.map(knownSide)]] : []))),
    async run(values, shape, outputs) {
      const result = await runGraph(session, { provider, name: input, tensor: values, shape }, outputs)
      return outputs.map((output) => rawOutput(output, result[output]))
    },
    release: () => session.release(),
  }
}

export type OpenGraph = typeof openGraph

/** Sides that depend on what goes in have a name, or a number below zero. */
function knownSide(side: number | string): number | null {
  return typeof side === 'number' && side >= 0 ? side : null
}

function graphFault(session: InferenceSession, model: ModelPackage): string | null {
  const { input } = model
  const index = session.inputNames.indexOf(input.name)
  if (index < 0 || session.inputNames.length !== 1) return `its inputs are ${session.inputNames.join(', ')}, not ${input.name} alone`
  const metadata = session.inputMetadata[index]
  if (!metadata.isTensor || metadata.type !== 'float32') return `its input is not of the type float32`
  const shape = inputShape(model)
  const fits = metadata.shape.every((side, axis) => typeof side !== 'number' || side < 0 || side === (shape[axis] ?? side))
  if (metadata.shape.length !== shape.length || !fits) return `its input has the shape ${metadata.shape.join(' × ')}`
  const missing = graphOutputs(model).find((name) => !session.outputNames.includes(name))
  return missing === undefined ? null : `it has no output ${missing}`
}

function rawOutput(name: string, tensor: OnnxValue): RawOutput {
  if (!('type' in tensor)) throw new OverreadError('inference.output', `${name} is no tensor`)
  const { type, data, dims } = tensor
  if (type === 'float32') return { values: data as Float32Array, shape: dims }
  // Numbers of classes, which exported detectors give beside the boxes.
  if (type === 'int64') return { values: Float32Array.from(data as BigInt64Array, Number), shape: dims }
  if (type === 'int32') return { values: Float32Array.from(data as Int32Array), shape: dims }
  throw new OverreadError('inference.output', `${name} is of the type ${type}`)
}
