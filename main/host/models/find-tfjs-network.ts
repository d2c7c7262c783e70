/** A bare TensorFlow.js network: its model.json with the weight files that lie beside it. */
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import { sha256 } from '../../base/hashing'
import { readTogether } from '../../base/read-together'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { joined } from '../../networks/onnx/wire'
import { largestWeights } from '../../networks/package'
import { graphInput } from '../../networks/tfjs/graph-input'
import { readTfjs, weightFilesOf, type TfjsModel } from '../../networks/tfjs/read-tfjs'
import { layerKinds, layersInput } from '../../networks/translate/translate-layers'
import { translateFreely } from '../../networks/translate/translate-tfjs'
import { checkRank, type SourceInput } from '../../networks/wrap/source'
import type { FoundNetwork } from './find-network-file'
import { readBounded } from './read-bounded'

/** As a package calls the topology, whose own name is that of the description there. */
const topologyName = 'network.json'
/** What else lies in a package's folder. */
const taken = new Set([topologyName, 'model.json', 'signature.json', 'card.md', 'license', 'golden'])

/**
 * @throws OverreadError 'model.path' where a weight file lies elsewhere than beside it, 'file.unreadable' where one is missing,
 * 'model.weights' where the bytes are not as many as it says, 'model.wrap' where it is no TensorFlow.js model of one picture or volume.
 */
export async function findTfjsNetwork(path: string, normaliseAfter: string | null): Promise<FoundNetwork> {
  return find(path, normaliseAfter).catch((error: unknown) => {
    // Of a package it would be the description that is not valid; here there is none yet.
    if (error instanceof OverreadError && error.code === 'model.schema')
      throw new OverreadError('model.wrap', error.detail, { cause: error })
    throw error
  })
}

async function find(path: string, said: string | null): Promise<FoundNetwork> {
  const topology = await readBounded(path, largestWeights)
  const names = weightFilesOf(topology)
  const read = async (name: string, left: number) => readBounded(await besideFile(path, name), left)
  const weights = await readTogether(names, largestWeights - topology.length, read)
  const model = readTfjs({ topology, weights: names.map((name, index) => ({ name, bytes: weights[index] })) })
  const normaliseAfter = normalisationOf(model, said)
  const files = [{ path, name: topologyName }, ...names.map((name) => ({ path: join(dirname(path), name), name }))]
  return {
    engine: 'tfjs',
    files,
    sha256: sha256(joined([topology, ...weights])),
    normaliseAfter,
    ...described(model, normaliseAfter),
    suggestions: {},
  }
}

/** A plain name, and no link that leads out of the folder. */
async function besideFile(path: string, name: string): Promise<string> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name) || taken.has(name.toLowerCase()))
    throw new OverreadError('model.path', `its weights name ${name}; a plain file name beside it is needed`)
  const folder = await realpath(dirname(path))
  const file = await realpath(join(folder, name)).catch(() => {
    throw new OverreadError('file.unreadable', `${name}, which its weights name`)
  })
  if (dirname(file) !== folder) throw new OverreadError('model.path', name)
  return file
}

/** How layers are called where a group or instance normalisation belongs after them. */
const namedAfterOne = /_(gn|in)$/

/**
 * How the names end of layers that a normalisation follows which the file leaves unsaid; null: none. Where the names speak of
 * one, a person is to say: with it or without, the network gives a picture that looks like an answer.
 *
 * @throws OverreadError 'model.wrap'
 */
function normalisationOf(model: TfjsModel, said: string | null): string | null {
  if (model.format === 'graph-model') {
    if (said === null || said === 'none') return null
    throw new OverreadError('model.wrap', 'a graph model has no layers that a normalisation could be added to')
  }
  const kinds = [...layerKinds(model)]
  if (said === 'none') return null
  if (said !== null) {
    if (kinds.some(([name]) => name.endsWith(said))) return said
    throw new OverreadError('model.wrap', `no layer of it has a name that ends in ${said}`)
  }
  const named = kinds.filter(([name, kind]) => namedAfterOne.test(name) && !/normali[sz]ation/i.test(kind))
  if (named.length === 0) return null
  const [[first]] = named
  throw new OverreadError(
    'model.wrap',
    `its layer ${first}, one of ${named.length}, is named after a normalisation that the file does not hold: ` +
      `"--normalise-after ${namedAfterOne.exec(first)![0]}" runs one after each, "--normalise-after none" takes it as it stands`,
  )
}

type Described = Pick<FoundNetwork, 'input' | 'outputNames' | 'provider'>

/** With the channels first, as Overread gives them and the translation takes them. */
function described(model: TfjsModel, normaliseAfter: string | null): Described {
  const { name, shape } = model.format === 'graph-model' ? graphInput(model) : batched(layersInput(model))
  checkRank({ name, shape })
  const translation = translateFreely(model, shape.length, normaliseAfter)
  if (translation.onnx === null) {
    if (normaliseAfter === null) return inTensorFlow({ name, shape })
    const missing = translation.untranslatable.slice(0, 5).join(', ')
    throw new OverreadError('model.wrap', `TensorFlow.js adds no normalisation, and these layers cannot be translated: ${missing}`)
  }
  const { inputs, outputs } = decodeOnnx(translation.onnx)
  const sides = shape.slice(1, -1)
  return {
    input: {
      name: inputs[0].name,
      shape: inputs[0].shape!,
      channelAxis: 1,
      isTurned: false,
      statedSides: translation.open && isStated(sides) ? sides : null,
    },
    outputNames: outputs.map((output) => output.name),
    provider: 'cpu',
  }
}

const batched = ({ name, shape }: ReturnType<typeof layersInput>) => ({ name, shape: [null, ...shape] })

const isStated = (sides: readonly (number | null)[]): sides is readonly number[] => sides.every((side) => side !== null)

function inTensorFlow({ name, shape }: { readonly name: string; readonly shape: readonly (number | null)[] }): Described {
  checkRank({ name, shape })
  const [batch, ...rest] = shape
  const input: SourceInput = {
    name,
    shape: [batch, rest.at(-1)!, ...rest.slice(0, -1)],
    channelAxis: 1,
    isTurned: false,
    statedSides: null,
  }
  return { input, outputNames: null, provider: 'tfjs-wasm' }
}
