/** Analyses files and folders without an archive, for the command line: by series and stack, in reading order. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProviderName } from '../../../contracts/analysis'
import { isPictureModel } from '../../../contracts/model-package'
import { OverreadError, reportOf, type ErrorReport } from '../../../contracts/errors'
import {
  analysisSlice,
  type AnalysedImage,
  type Analysis,
  type AnalysisInput,
  type AnalysisSlice,
  type VolumeNetwork,
  type SeriesInput,
} from './analysis-input'
import { analyzeSeries } from './analyze-series'
import { analyzeVolume } from './volume/analyze-volume'
import { ComputeClient } from '../compute/compute-client'
import { installedModels } from '../command-line/cli-models'
import { hostPaths } from '../paths'
import { orderedStacks } from '../archive/series-detail'
import { computeStarter } from '../compute/start-compute'
import type { ReadFactsOutput } from '../tasks/read-facts'
import { WorkerPool } from '../worker-pool'
import { cropModelOf, inputCheckOf, modelNamed, type InstalledModel } from '../../networks/catalogue'
import { packagePoints } from '../../networks/operating-points'

/** What is told of an analysis while it runs. */
export interface FileEvents {
  /** For each picture with a result, before its series is done; the next waits until it has returned. `slices`: its stack. */
  onImage(image: AnalysedImage, slices: readonly AnalysisSlice[]): Promise<void> | void
  /** A file that could not be read. */
  onFailure(file: string, error: ErrorReport): void
  /** For each file that was read, null where it is not DICOM. False leaves it out. */
  admits?(file: string, read: ReadFactsOutput): boolean
}

export interface AnalysisOptions {
  readonly provider: ProviderName | null
  readonly override: boolean
  readonly signal?: AbortSignal
}

export interface FilesToAnalyze extends AnalysisOptions, FileEvents {
  readonly paths: readonly string[]
  /** The id of the version in use, or with a version behind an @. */
  readonly modelId: string
  /** Whose added networks and choices hold; null: that of the app, where it is there. */
  readonly archive: string | null
}

/** The worker threads and the compute process that analyses share. */
export interface FileEngine {
  readonly workers: WorkerPool
  readonly compute: ComputeClient
}

/** A network of pictures, the input check that it names, and its operating points in force. */
export type NetworkToRun = Pick<AnalysisInput, 'model' | 'inputCheck' | 'operatingPoints'>
/** Whatever it reads. */
export type AnyNetwork = NetworkToRun | VolumeNetwork

type ReadFile = NonNullable<ReadFactsOutput> & { readonly path: string }

/**
 * One analysis a stack. `entry`: `import.meta.url` of the command line's own file.
 *
 * @throws OverreadError 'model.missing' and what is wrong with the package, 'inference.no-image',
 * 'file.unreadable', 'inference.provider', 'compute.died'.
 */
export async function analyzeFiles(entry: string, wanted: FilesToAnalyze): Promise<Analysis[]> {
  const network = findAnyNetwork(await installedModels(entry, wanted.archive), wanted.modelId)
  const files = await listFiles(wanted.paths)
  return withFileEngine(entry, async (engine) => {
    const analyses = await analyzeListed(engine, network, files, wanted)
    if (analyses.length === 0) throw new OverreadError('inference.no-image')
    return analyses
  })
}

/** Starts both, and ends them whatever becomes of `action`. */
export async function withFileEngine<T>(entry: string, action: (engine: FileEngine) => Promise<T>): Promise<T> {
  const paths = hostPaths(entry)
  const workers = new WorkerPool(paths.worker)
  const compute = new ComputeClient(computeStarter(paths.compute))
  try {
    return await action({ workers, compute })
  } finally {
    await compute.close()
    await workers.close()
  }
}

/** One analysis a stack of what the files hold; none where that is no picture. */
export async function analyzeListed(
  { workers, compute }: FileEngine,
  network: AnyNetwork,
  files: readonly string[],
  { provider, override, signal, onImage, ...events }: AnalysisOptions & FileEvents,
): Promise<Analysis[]> {
  const analyses: Analysis[] = []
  for (const stack of await readStacks(workers, files, events, signal)) {
    const series = { ...stack, requested: null, override, provider }
    const services = { workers, compute, signal, onImage: (image: AnalysedImage) => onImage(image, stack.slices) }
    analyses.push(
      await ('cropModel' in network
        ? analyzeVolume({ ...series, ...network }, services)
        : analyzeSeries({ ...series, ...network }, services)),
    )
  }
  return analyses
}

/** The stacks that files hold, each in reading order. */
export async function readStacks(
  workers: WorkerPool,
  files: readonly string[],
  events: Pick<FileEvents, 'onFailure' | 'admits'>,
  signal?: AbortSignal,
): Promise<Pick<SeriesInput, 'stack' | 'isVolume' | 'affine' | 'slices'>[]> {
  return groupBySeries(await readAll(workers, files, events, signal)).flatMap(stacksInOrder)
}

/** @throws as `findAnyNetwork`; OverreadError 'model.schema' for a network of volumes */
export function findNetwork(models: readonly InstalledModel[], name: string): NetworkToRun {
  const network = findAnyNetwork(models, name)
  if ('cropModel' in network) throw new OverreadError('model.schema', 'a network of volumes')
  return network
}

/** `name`: of the version in use, or with a version behind an @. @throws OverreadError 'model.missing' and what is wrong with the package */
function findAnyNetwork(models: readonly InstalledModel[], name: string): AnyNetwork {
  const model = modelNamed(models, name)
  const { package: description } = model
  if (!isPictureModel(description)) return { model: { ...model, package: description }, cropModel: cropModelOf(description, models) }
  return {
    model: { ...model, package: description },
    inputCheck: inputCheckOf(description, models),
    operatingPoints: packagePoints(description),
  }
}

/** Files as named, and those in folders at any depth. Links within folders are not followed. */
async function listFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    const entry = await stat(path).catch(() => null)
    if (!entry) throw new OverreadError('file.unreadable', path)
    if (!entry.isDirectory()) files.push(path)
    else {
      const inside = await readdir(path, { recursive: true, withFileTypes: true })
      files.push(
        ...inside
          .filter((child) => child.isFile())
          .map((child) => join(child.parentPath, child.name))
          .sort(),
      )
    }
  }
  return files
}

async function readAll(
  workers: WorkerPool,
  files: readonly string[],
  { onFailure, admits = () => true }: Pick<FileEvents, 'onFailure' | 'admits'>,
  signal?: AbortSignal,
): Promise<ReadFile[]> {
  const read = await Promise.all(
    files.map(async (path): Promise<ReadFile | null> => {
      try {
        const facts = await workers.run('file.facts', { path }, { signal })
        return admits(path, facts) && facts ? { ...facts, path } : null
      } catch (error) {
        if (signal?.aborted) throw error
        onFailure(path, reportOf(error))
        return null
      }
    }),
  )
  return read.filter((file) => file !== null)
}

/** In the order in which each series was met; the same instance twice is one. */
function groupBySeries(files: readonly ReadFile[]): ReadFile[][] {
  const series = new Map<string, Map<string, ReadFile>>()
  for (const file of files) {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = file.facts
    const key = `${studyInstanceUid} ${seriesInstanceUid}`
    const members = series.get(key) ?? new Map<string, ReadFile>()
    if (!members.has(sopInstanceUid)) members.set(sopInstanceUid, file)
    series.set(key, members)
  }
  return [...series.values()].map((members) => [...members.values()])
}

function stacksInOrder(members: readonly ReadFile[]) {
  const instances = members.map(({ facts, sha256, path }) => ({ facts, sha256, path, size: 0 }))
  return orderedStacks({ instances }).map(({ stack, slices, isVolume, affine }) => ({
    stack,
    isVolume,
    affine,
    slices: slices.map((slice) =>
      analysisSlice(slice, {
        path: slice.instance.path,
        chunks: null,
        tiled: slice.instance.facts.image?.mosaic !== undefined,
      }),
    ),
  }))
}
