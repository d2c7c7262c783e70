/** Makes a package of a bare network: found, tried, asked about, written, proven. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { ModelPackage, PictureModel, VolumeModel } from '../../../contracts/model-package'
import { OverreadError } from '../../../contracts/errors'
import { syncFolder, writeAtomically } from '../../base/atomic-write'
import { preparePlane, tensorOf } from '../../inference/preprocess'
import { channelSlices } from '../../inference/stack'
import { npyParts } from '../../networks/npy'
import { loadModelPackage } from '../../networks/package'
import { cardOf } from '../../networks/wrap/card'
import { commonQuestions } from '../../networks/wrap/common-questions'
import type { PackageFiles } from '../../networks/wrap/describe-common'
import { describePictureNetwork } from '../../networks/wrap/describe-picture-network'
import { describeVolumeNetwork } from '../../networks/wrap/describe-volume-network'
import { pictureQuestions } from '../../networks/wrap/picture-questions'
import { answerTo, type Answers, type Question } from '../../networks/wrap/question'
import { spatialSides, trialShape, type NetworkSource } from '../../networks/wrap/source'
import { volumeQuestions } from '../../networks/wrap/volume-questions'
import type { ComputeClient, TriedOutput } from '../compute/compute-client'
import { goldenPicture, goldenVolume } from './golden-picture'
import { findNetworkFile, type FoundNetwork } from './find-network-file'

/** A network that was found and tried. */
export interface NetworkToWrap {
  readonly found: FoundNetwork
  readonly source: NetworkSource
  /** Of its tensor, as it was tried. */
  readonly shape: readonly number[]
}

/** What is said of a bare network before it is tried, as nothing can be asked without a trial. */
export interface BeforeTrial {
  readonly path: string
  /** Of the tensor, where the graph leaves them open, in their order; null: not said. */
  readonly sides: readonly number[] | null
  /** Of TensorFlow.js: how the layers' names end that an unsaid normalisation follows, or 'none'; null: not said. */
  readonly normaliseAfter: string | null
}

/**
 * Finds the network and runs it once.
 *
 * @throws OverreadError 'file.unreadable', 'model.wrap', 'model.weights', 'model.path'
 */
export async function findNetworkToWrap({ path, sides, normaliseAfter }: BeforeTrial, compute: ComputeClient): Promise<NetworkToWrap> {
  const found = await findNetworkFile(path, normaliseAfter)
  const shape = trialShape(found.input, sides)
  const tried = await tryNetwork(found, new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, compute)
  const outputs = tried.map((output) => ({ name: output.name, shape: output.shape }))
  return { found, shape, source: { engine: found.engine, input: found.input, outputs, suggestions: found.suggestions } }
}

/** One run in the engine that the network was made for, its outputs by the names that its package has for them. */
async function tryNetwork(
  { engine, files, sha256, outputNames, input, normaliseAfter }: FoundNetwork,
  tensor: Float32Array,
  shape: readonly number[],
  compute: ComputeClient,
): Promise<TriedOutput[]> {
  const tried = await compute.tryNetwork(
    { engine, files: files.map(({ path }) => path), sha256, channelsLast: input.isTurned, normaliseAfter },
    tensor,
    shape,
  )
  if (outputNames !== null && outputNames.length !== tried.length)
    throw new OverreadError('model.wrap', `it gave ${tried.length} outputs, not the ${outputNames.length} of its file`)
  return tried.map((output, index) => ({ ...output, name: outputNames?.[index] ?? output.name }))
}

/** What is asked, in its order; what follows from an answer is asked once that is there. */
export function questionsFor({ source }: NetworkToWrap, answers: Answers): Question[] {
  const more = source.input.shape.length === 5 ? volumeQuestions(source, answers) : pictureQuestions(source, answers)
  return [...commonQuestions(source), ...more]
}

/** The first question without an answer that does, and what is wrong with the one it has. */
export function openQuestion(network: NetworkToWrap, answers: Answers): { question: Question; fault: string | null } | null {
  for (const question of questionsFor(network, answers)) {
    const answer = answerTo(question, answers)
    const fault = answer === null ? null : question.fault(answer)
    if (answer === null || fault !== null) return { question, fault }
  }
  return null
}

/**
 * Writes the package to `out`, whole or not at all, after it repeated its golden case.
 *
 * @throws OverreadError 'model.wrap' where `out` exists or answers are missing; 'inference.provider' where the network does
 * not repeat itself; what is wrong with the description.
 */
export async function writeWrapped(network: NetworkToWrap, answers: Answers, out: string, compute: ComputeClient): Promise<ModelPackage> {
  if (existsSync(out)) throw new OverreadError('model.wrap', `${basename(out)} exists already`)
  const missing = openQuestion(network, answers)
  if (missing) throw new OverreadError('model.wrap', `${missing.question.key}: ${missing.fault ?? 'no answer'}`)
  const known = new Map(questionsFor(network, answers).map((question) => [question.key, answerTo(question, answers)!]))
  const answer = (key: string) => {
    const given = known.get(key)
    if (given === undefined) throw new OverreadError('model.wrap', `${key} was not asked`)
    return given
  }
  const target = resolve(out)
  const partial = join(dirname(target), `.${basename(target)}.partial`)
  rmSync(partial, { recursive: true, force: true })
  try {
    mkdirSync(join(partial, 'golden'), { recursive: true })
    const described = await (network.source.input.shape.length === 5 ? writeVolumeCase : writePictureCase)(
      network,
      answer,
      partial,
      compute,
    )
    writeText(partial, 'model.json', `${JSON.stringify(described, null, 2)}\n`)
    writeText(partial, 'card.md', cardOf(described))
    writeText(partial, 'LICENSE', `${described.licence}\n`)
    for (const { path, name } of network.found.files) writeAtomically(join(partial, name), [await readFile(path)])
    const loaded = await loadModelPackage(partial)
    await compute.prepare({ folder: partial, sha256: described.sha256 }, network.found.provider)
    renameSync(partial, target)
    syncFolder(dirname(target))
    return loaded.package
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
}

type Answer = (key: string) => string

function packageFiles({ found: { files, sha256, normaliseAfter }, source: { outputs } }: NetworkToWrap): PackageFiles {
  const [{ name: file }, ...weightFiles] = files
  const golden = Object.fromEntries(outputs.map(({ name }, index) => [name, `output-${index}.npy`]))
  return { file, weightFiles: weightFiles.map(({ name }) => name), normaliseAfter, sha256, golden }
}

async function writePictureCase(network: NetworkToWrap, answer: Answer, folder: string, compute: ComputeClient): Promise<PictureModel> {
  const { source, shape } = network
  const described = describePictureNetwork(source, answer, shape as unknown as [1, number, number, number], packageFiles(network))
  const picture = goldenPicture(described.preprocess.from)
  const { values } = preparePlane(described.preprocess, picture, null)
  const planes = channelSlices(described, 0, 1, null).map(() => values)
  const tensor = tensorOf(described, planes)
  writeArray(folder, described.golden.picture, [1, picture.rows, picture.columns], Float32Array.from(picture.samples))
  writeArray(folder, described.golden.input, shape, tensor)
  await writeOutputs(network, described, folder, tensor, shape, compute)
  return described
}

async function writeVolumeCase(network: NetworkToWrap, answer: Answer, folder: string, compute: ComputeClient): Promise<VolumeModel> {
  const { input } = network.source
  const isStated = input.statedSides !== null && answer('size') === 'stated'
  const shape = isStated ? trialShape(input, input.statedSides) : network.shape
  const spatial = spatialSides(input, shape) as [number, number, number]
  const open = !isStated && spatialSides(input, input.shape).includes(null)
  const described = describeVolumeNetwork(network.source, answer, open ? null : spatial, packageFiles(network))
  const tensor = goldenVolume(spatial)
  writeArray(folder, described.golden.input, spatial, tensor)
  await writeOutputs(network, described, folder, tensor, shape, compute)
  return described
}

async function writeOutputs(
  { found }: NetworkToWrap,
  described: ModelPackage,
  folder: string,
  tensor: Float32Array,
  shape: readonly number[],
  compute: ComputeClient,
): Promise<void> {
  for (const output of await tryNetwork(found, tensor, shape, compute))
    writeArray(folder, described.golden.outputs[output.name], output.shape, output.values)
}

function writeArray(folder: string, name: string, shape: readonly number[], values: Float32Array): void {
  writeAtomically(join(folder, 'golden', name), npyParts(shape, values))
}

function writeText(folder: string, name: string, content: string): void {
  writeAtomically(join(folder, name), [new TextEncoder().encode(content)])
}
