/** The bare network in a file or a MONAI bundle's folder. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import { sha256 } from '../../base/hashing'
import { checkOnnxFile } from '../../networks/onnx/check-onnx-file'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { largestWeights } from '../../networks/package'
import { monaiSuggestions } from '../../networks/wrap/monai-bundle'
import type { SourceInput } from '../../networks/wrap/source'

export interface FoundNetwork {
  readonly path: string
  readonly sha256: string
  readonly input: SourceInput
  readonly suggestions: Readonly<Record<string, string>>
}

const largestDescription = 4 << 20

/** @throws OverreadError 'file.unreadable', 'model.wrap', 'model.weights', 'model.path' */
export async function findNetworkFile(path: string): Promise<FoundNetwork> {
  const entry = await stat(path).catch(() => null)
  if (!entry) throw new OverreadError('file.unreadable', path)
  const isFolder = entry.isDirectory()
  const file = isFolder ? await onnxOfBundle(path) : path
  const bytes = await readBounded(file, largestWeights)
  checkOnnxFile(bytes)
  const { inputs } = decodeOnnx(bytes)
  if (inputs.length !== 1) throw new OverreadError('model.wrap', `it has ${inputs.length} inputs; one picture or volume is read`)
  const [{ name, shape, type }] = inputs
  if (shape === null || type !== 1)
    throw new OverreadError('model.wrap', `its input ${name} is no tensor of floats with a stated number of sides`)
  return {
    path: file,
    sha256: sha256(bytes),
    input: { name, shape },
    suggestions: isFolder ? monaiSuggestions(await readJson(path, 'metadata.json'), await readJson(path, 'inference.json')) : {},
  }
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
      : 'the folder is no MONAI bundle with a network in its folder "models"',
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

async function readBounded(path: string, most: number): Promise<Uint8Array> {
  const entry = await stat(path).catch(() => null)
  if (!entry?.isFile()) throw new OverreadError('file.unreadable', path)
  if (entry.size > most) throw new OverreadError('model.weights', `${entry.size} bytes are more than ${most}`)
  return new Uint8Array(await readFile(path))
}
