/** A model package in its folder: read, checked, and its weights compared with their hash. */
import { lstat, open, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OverreadError } from '../../contracts/errors'
import { pictureModelSchema, volumeModelSchema, type ModelPackage } from '../../contracts/model-package'
import { sha256 } from '../base/hashing'
import { readTogether } from '../base/read-together'
import { inconsistencyOf } from './consistency'
import { readNpy, type NpyArray } from './npy'
import { graphOutputs } from './graph-outputs'
import { descriptionFile, signatureFile } from './package-files'
import { withChannelsFirst } from './onnx/channels-first'
import { joined } from './onnx/wire'
import { readTfjs, type TfjsModel } from './tfjs/read-tfjs'
import { translateTfjs } from './translate/translate-tfjs'
import { checkOnnxFile } from './onnx/check-onnx-file'

export const largestWeights = 1 << 30
/** The most that each kind of file may hold, bytes. */
export const largest = { description: 1 << 20, card: 1 << 20, signature: 1 << 12, weights: largestWeights, golden: 256 << 20 } as const

export interface LoadedPackage<M extends ModelPackage = ModelPackage> {
  readonly package: M
  readonly folder: string
  /** The ONNX model: the bytes whose hash was checked, turned to have the channels first, or what they were translated to; empty where they could not be. */
  readonly weights: Uint8Array
  /** Of TensorFlow.js: its own files, whose hash was checked, and the layers that could not be translated. */
  readonly tfjs: TfjsPackage | null
}

export interface TfjsPackage {
  readonly model: TfjsModel
  readonly untranslatable: readonly string[]
}

/**
 * Reads `model.json` and the weights of a package folder.
 *
 * @throws OverreadError 'model.missing', 'model.schema', 'model.hash', 'model.path', 'model.weights'
 */
export async function loadModelPackage(folder: string): Promise<LoadedPackage> {
  const description = await readDescription(folder)
  const [file, ...more] = await readTogether([description.file, ...description.weightFiles], largest.weights, (name, left) =>
    readWithin(folder, name, left),
  )
  if (sha256(joined([file, ...more])) !== description.sha256) throw new OverreadError('model.hash', description.file)
  if (description.engine === 'tfjs') return { package: description, folder, ...translated(description, file, more) }
  checkOnnxFile(file)
  return { package: description, folder, weights: turned(description, file), tfjs: null }
}

/** With the channels first, as every part that runs or edits a graph of pictures has them. */
function turned(model: ModelPackage, graph: Uint8Array): Uint8Array {
  if (model.dimension === 3 || model.input.layout === 'NCHW') return graph
  const maps = model.outputs.filter(({ kind }) => kind === 'probability-map' || kind === 'activation-map')
  return withChannelsFirst(graph, { input: model.input.name, maps: maps.map(({ name }) => name) })
}

function translated(
  description: ModelPackage,
  topology: Uint8Array,
  files: readonly Uint8Array[],
): Pick<LoadedPackage, 'weights' | 'tfjs'> {
  const { weightFiles, normaliseAfter = null } = description
  const model = readTfjs({ topology, weights: weightFiles.map((name, index) => ({ name, bytes: files[index] })) })
  const { input } = description
  const sides = 'sides' in input ? input.sides : input.shape.slice(2)
  const ends = { input: input.name, outputs: graphOutputs(description), sides }
  const { onnx, untranslatable } = translateTfjs(model, { normaliseAfter, openSides: sides === null }, ends)
  return { weights: onnx ?? new Uint8Array(0), tfjs: { model, untranslatable: untranslatable ?? [] } }
}

/** Markdown of the package's card; empty where there is none. */
export async function readCard(folder: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readWithin(folder, 'card.md', largest.card))
  } catch {
    return ''
  }
}

/** The bytes of the package's signature; null where it has none. @throws OverreadError 'model.path', 'model.weights' */
export async function readSignature(folder: string): Promise<Uint8Array | null> {
  try {
    return await readWithin(folder, signatureFile, largest.signature)
  } catch (error) {
    if (error instanceof OverreadError && error.code === 'model.missing') return null
    throw error
  }
}

/** One array of the golden case, from the package's folder `golden`. */
export async function readGolden(folder: string, name: string): Promise<NpyArray> {
  return readNpy(await readWithin(folder, join('golden', name), largest.golden))
}

/** `model.json` alone. @throws OverreadError 'model.missing', 'model.schema', 'model.path', 'model.weights' */
export async function readDescription(folder: string): Promise<ModelPackage> {
  const bytes = await readWithin(folder, descriptionFile, largest.description)
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new OverreadError('model.schema', 'model.json is not JSON')
  }
  // By its dimension, so that what is told is of the kind of package that was meant.
  const parsed = (isVolume(content) ? volumeModelSchema : pictureModelSchema).safeParse(content)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new OverreadError('model.schema', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300))
  }
  const fault = inconsistencyOf(parsed.data)
  if (fault !== null) throw new OverreadError('model.schema', fault)
  return parsed.data
}

function isVolume(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'dimension' in content && content.dimension === 3
}

/** A file of the folder itself: a link that leads out is refused, and so is one larger than `most` bytes. */
async function readWithin(folder: string, name: string, most: number): Promise<Uint8Array> {
  const expected = join(await resolved(folder), name)
  const actual = await resolved(join(folder, name))
  if (dirname(actual) !== dirname(expected)) throw new OverreadError('model.path', name)
  // A pipe of that name would hold the reader for ever.
  const kind = await lstat(actual)
  if (!kind.isFile()) throw new OverreadError('model.weights', `${name} is not a file`)
  const file = await open(actual, 'r').catch(() => {
    throw new OverreadError('model.missing', name)
  })
  try {
    const stat = await file.stat()
    if (stat.size > most) throw new OverreadError('model.weights', `${name} holds ${stat.size} bytes, more than ${most}`)
    const bytes = new Uint8Array(stat.size)
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, done)
      if (bytesRead === 0) throw new OverreadError('model.weights', `${name} was cut while it was read`)
      done += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

async function resolved(path: string): Promise<string> {
  return realpath(path).catch(() => {
    throw new OverreadError('model.missing', path.split(/[\\/]/).at(-1))
  })
}
