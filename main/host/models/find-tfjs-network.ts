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
import { layersInput } from '../../networks/translate/translate-layers'
import { translateTfjs } from '../../networks/translate/translate-tfjs'
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
export async function findTfjsNetwork(path: string): Promise<FoundNetwork> {
  return find(path).catch((error: unknown) => {
    // Of a package it would be the description that is not valid; here there is none yet.
    if (error instanceof OverreadError && error.code === 'model.schema')
      throw new OverreadError('model.wrap', error.detail, { cause: error })
    throw error
  })
}

async function find(path: string): Promise<FoundNetwork> {
  const topology = await readBounded(path, largestWeights)
  const names = weightFilesOf(topology)
  const read = async (name: string, left: number) => readBounded(await besideFile(path, name), left)
  const weights = await readTogether(names, largestWeights - topology.length, read)
  const files = [{ path, name: topologyName }, ...names.map((name) => ({ path: join(dirname(path), name), name }))]
  return {
    engine: 'tfjs',
    files,
    sha256: sha256(joined([topology, ...weights])),
    ...described(readTfjs({ topology, weights: names.map((name, index) => ({ name, bytes: weights[index] })) })),
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

type Described = Pick<FoundNetwork, 'input' | 'outputNames' | 'provider'>

/** With the channels first, as Overread gives them and the translation takes them. */
function described(model: TfjsModel): Described {
  if (model.format === 'graph-model') return inTensorFlow(graphInput(model))
  const { name, shape: stated } = layersInput(model)
  const shape = [null, ...stated]
  const isVolume = checkRank({ name, shape }) === 5
  const translation = isVolume
    ? translateVolume(model)
    : { ...translateTfjs(model, { normaliseAfter: null, openSides: false }), open: false }
  if (translation.onnx === null) return inTensorFlow({ name, shape })
  const { inputs, outputs } = decodeOnnx(translation.onnx)
  const sides = stated.slice(0, -1)
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

/** Of any size where its layers allow it. */
function translateVolume(model: TfjsModel) {
  const open = translateTfjs(model, { normaliseAfter: null, openSides: true })
  if (open.onnx !== null) return { ...open, open: true }
  return { ...translateTfjs(model, { normaliseAfter: null, openSides: false }), open: false }
}

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
