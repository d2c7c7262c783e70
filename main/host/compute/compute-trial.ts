/** A trial of a bare network in the compute process: of no package yet, so nothing is kept open. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import { sha256 as hashOf } from '../../base/hashing'
import { readTogether } from '../../base/read-together'
import type { RawOutput } from '../../inference/outputs'
import { channelsFirst, channelsLast } from '../../inference/tfjs/channel-order'
import type { TfjsProvider } from '../../inference/providers'
import { openTfjsModel } from '../../inference/tfjs/tfjs-model'
import { checkOnnxFile } from '../../networks/onnx/check-onnx-file'
import { joined } from '../../networks/onnx/wire'
import { largestWeights } from '../../networks/package'
import { readTfjs, type TfjsModel } from '../../networks/tfjs/read-tfjs'
import { withSides } from '../../networks/tfjs/with-sides'
import { translateFreely } from '../../networks/translate/translate-tfjs'
import type { ToCompute } from './compute-protocol'
import type { ComputeEngine } from './compute-sessions'

type Trial = Extract<ToCompute, { type: 'trial' }>
type TriedOutput = RawOutput & { readonly name: string }

/** What a network says at once is less; a volume's classes at a full grid are tried on a small one. */
const mostValues = 64 * 1024 * 1024
const mostOutputs = 64
const mostSides = 8
const longestName = 1024

/** @throws OverreadError 'model.weights', 'model.hash', 'model.path', 'model.schema', 'model.operators', 'request.invalid', 'inference.output' */
export async function tryNetwork(
  engine: Pick<ComputeEngine, 'openGraph'>,
  { engine: kind, files: paths, sha256, shape, channelsLast: isLast, normaliseAfter }: Trial,
  tensor: Float32Array,
): Promise<TriedOutput[]> {
  if (tensor.length !== shape.reduce((product, side) => product * side, 1)) throw new OverreadError('request.invalid', 'tensor')
  const files = await readTogether(paths, largestWeights, readAtMost)
  if (hashOf(joined(files)) !== sha256) throw new OverreadError('model.hash')
  const outputs = await (kind === 'tfjs'
    ? normaliseAfter === null
      ? runTfjs(tfjsModel(paths, files), tensor, shape)
      : runOnnx(engine, translated(tfjsModel(paths, files), shape.length, normaliseAfter), tensor, shape)
    : (isLast ? runTurned : runOnnx)(engine, files[0], tensor, shape))
  checkBounds(outputs)
  return outputs
}

/** @throws OverreadError 'inference.output' */
function checkBounds(outputs: readonly TriedOutput[]): void {
  const fault = (what: string) => new OverreadError('inference.output', what)
  if (outputs.length > mostOutputs) throw fault(`${outputs.length} outputs, more than the ${mostOutputs} that a trial takes`)
  if (outputs.some(({ name, shape }) => name.length > longestName || shape.length > mostSides))
    throw fault(`an output with a name of more than ${longestName} letters or more than ${mostSides} sides`)
  if (outputs.reduce((sum, { values }) => sum + values.length, 0) > mostValues) throw fault('more values than a trial takes')
}

async function readAtMost(path: string, most: number): Promise<Uint8Array> {
  if ((await stat(path)).size > most) throw new OverreadError('model.weights', 'it is larger than Overread takes')
  return new Uint8Array(await readFile(path))
}

async function runOnnx(
  { openGraph }: Pick<ComputeEngine, 'openGraph'>,
  graph: Uint8Array,
  tensor: Float32Array,
  shape: readonly number[],
): Promise<TriedOutput[]> {
  checkOnnxFile(graph)
  const session = await openGraph(graph, 'cpu')
  try {
    if (session.inputs.length !== 1) throw new OverreadError('model.weights', `its inputs are ${session.inputs.join(', ')}, not one alone`)
    const outputs = await session.run(tensor, shape, session.outputs)
    return outputs.map((output, index) => ({ ...output, name: session.outputs[index] }))
  } finally {
    await session.release()
  }
}

/** Given and answered with the channels first; every output of four sides counts as a map. */
async function runTurned(
  engine: Pick<ComputeEngine, 'openGraph'>,
  graph: Uint8Array,
  tensor: Float32Array,
  shape: readonly number[],
): Promise<TriedOutput[]> {
  const last = channelsLast({ values: new Float32Array(tensor), shape })
  const outputs = await runOnnx(engine, graph, last.values, last.shape)
  return outputs.map(({ name, values, shape: sides }) => ({ name, ...channelsFirst({ values: new Float32Array(values), shape: sides }) }))
}

function tfjsModel(paths: readonly string[], [topology, ...weights]: readonly Uint8Array[]): TfjsModel {
  return readTfjs({ topology, weights: weights.map((bytes, index) => ({ name: basename(paths[index + 1]), bytes })) })
}

/** TensorFlow.js runs what the file says alone, so that nothing but the translation can add what it leaves unsaid. */
function translated(model: TfjsModel, rank: number, normaliseAfter: string): Uint8Array {
  const { onnx, untranslatable } = translateFreely(model, rank, normaliseAfter)
  if (onnx === null) throw new OverreadError('model.wrap', `these layers cannot be translated: ${untranslatable.slice(0, 5).join(', ')}`)
  return onnx
}

/**
 * In TensorFlow.js itself, also what is translated later: its answer is what the translation is held against. Its plain backend
 * has operators that the faster one lacks.
 */
async function runTfjs(model: TfjsModel, tensor: Float32Array, shape: readonly number[]): Promise<TriedOutput[]> {
  const sized = shape.length === 5 ? withSides(model, shape.slice(2)) : model
  return runTfjsOn('tfjs-wasm', sized, tensor, shape).catch((error: unknown) => {
    if (error instanceof OverreadError && error.code === 'model.operators') return runTfjsOn('tfjs-cpu', sized, tensor, shape)
    throw error
  })
}

async function runTfjsOn(backend: TfjsProvider, model: TfjsModel, tensor: Float32Array, shape: readonly number[]): Promise<TriedOutput[]> {
  const opened = await openTfjsModel(model, backend)
  try {
    const outputs = await opened.run({ values: new Float32Array(tensor), shape })
    return outputs.map((output, index) => ({ ...output, name: opened.outputs[index] }))
  } finally {
    opened.dispose()
  }
}
