/** The bare network in a file or a MONAI bundle's folder. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import { sha256 } from '../../base/hashing'
import { checkOnnxFile } from '../../networks/onnx/check-onnx-file'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { largestWeights } from '../../networks/package'
import { monaiSuggestions } from '../../networks/wrap/monai-bundle'
import { channelAxisOf, type SourceInput } from '../../networks/wrap/source'
import { findTfjsNetwork } from './find-tfjs-network'
import { readBounded } from './read-bounded'

export interface FoundNetwork {
  readonly engine: 'onnx' | 'tfjs'
  /** The network itself, then what holds its weights, each with its name in the package. */
  readonly files: readonly { readonly path: string; readonly name: string }[]
  /** Of all of them, one after the other. */
  readonly sha256: string
  readonly input: SourceInput
  /** What its outputs are called, in their order; null: as the engine calls them. */
  readonly outputNames: readonly string[] | null
  /** Where it runs on this computer, whatever else is there. */
  readonly provider: 'cpu' | 'tfjs-wasm'
  /** Of TensorFlow.js: how the layers' names end that a normalisation follows which the file leaves unsaid; null: none. */
  readonly normaliseAfter: string | null
  readonly suggestions: Readonly<Record<string, string>>
}

const largestDescription = 4 << 20

/**
 * `normaliseAfter`: what a person said of it; 'none' where the file says all; null: nothing was said.
 *
 * @throws OverreadError 'file.unreadable', 'model.wrap', 'model.weights', 'model.path', 'model.schema'
 */
export async function findNetworkFile(path: string, normaliseAfter: string | null = null): Promise<FoundNetwork> {
  const entry = await stat(path).catch(() => null)
  if (!entry) throw new OverreadError('file.unreadable', path)
  if (entry.isFile() && path.endsWith('.json')) return findTfjsNetwork(path, normaliseAfter)
  if (normaliseAfter !== null) throw new OverreadError('model.wrap', 'only a TensorFlow.js layers model can leave a normalisation unsaid')
  return entry.isDirectory() ? findInBundle(path) : findOnnx(path, {})
}

async function findInBundle(folder: string): Promise<FoundNetwork> {
  const file = await onnxOfBundle(folder)
  return findOnnx(file, monaiSuggestions(await readJson(folder, 'metadata.json'), await readJson(folder, 'inference.json')))
}

async function findOnnx(path: string, suggestions: FoundNetwork['suggestions']): Promise<FoundNetwork> {
  const bytes = await readBounded(path, largestWeights)
  checkOnnxFile(bytes)
  const { inputs } = decodeOnnx(bytes)
  if (inputs.length !== 1) throw new OverreadError('model.wrap', `it has ${inputs.length} inputs; one picture or volume is read`)
  const [{ name, shape, type }] = inputs
  if (shape === null || type !== 1)
    throw new OverreadError('model.wrap', `its input ${name} is no tensor of floats with a stated number of sides`)
  return {
    engine: 'onnx',
    files: [{ path, name: 'model.onnx' }],
    sha256: sha256(bytes),
    input: inputOf(name, shape),
    outputNames: null,
    provider: 'cpu',
    normaliseAfter: null,
    suggestions,
  }
}

/** A volume is given to the graph as it stands, a picture with the channels first. */
function inputOf(name: string, shape: readonly (number | null)[]): SourceInput {
  const channelAxis = channelAxisOf(shape)
  if (shape.length !== 4 || channelAxis === 1) return { name, shape, channelAxis, isTurned: false, statedSides: null }
  const [batch, rows, columns, channels] = shape
  return { name, shape: [batch, channels, rows, columns], channelAxis: 1, isTurned: true, statedSides: null }
}

async function onnxOfBundle(folder: string): Promise<string> {
  const files = await readdir(join(folder, 'models')).catch((): string[] => [])
  const networks = files.filter((name) => name.endsWith('.onnx'))
  if (networks.length === 1) return join(folder, 'models', networks[0])
  if (networks.length > 1)
    throw new OverreadError('model.wrap', `the bundle holds ${networks.length} ONNX files; name the one that is meant`)
  const torch = files.some((name) => /\.(pt|ts|pth)$/.test(name))
  throw new OverreadError(
    'model.wrap',
    torch
      ? 'the bundle holds its network for PyTorch alone; MONAI writes the ONNX file into it with "python -m monai.bundle onnx_export"'
      : 'the folder is no MONAI bundle with a network in its folder "models"; of TensorFlow.js the file model.json is named',
  )
}

/** Null where it is not there or no JSON: what it would say is then asked for. */
async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await readBounded(join(folder, 'configs', name), largestDescription)))
  } catch {
    return null
  }
}
