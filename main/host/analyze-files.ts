/** Analyses files and folders without an archive, for the command line: by series and stack, in reading order. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProviderName } from '../../contracts/analysis'
import { OverreadError, reportOf, type ErrorReport } from '../../contracts/errors'
import { analysisSlice, type AnalysedImage, type Analysis, type InstalledNetwork } from './analysis-input'
import { analyzeSeries } from './analyze-series'
import { ComputeClient } from './compute-client'
import { hostPaths } from './paths'
import { orderedStacks } from './series-detail'
import { computeStarter } from './start-compute'
import type { ReadFactsOutput } from './tasks/read-facts'
import { WorkerPool } from './worker-pool'
import { inputCheckOf, listModelPackages, type InstalledModel } from '../networks/catalogue'
import { packagePoints } from '../networks/operating-points'

export interface FilesToAnalyze {
  readonly paths: readonly string[]
  readonly modelId: string
  readonly provider: ProviderName | null
  readonly override: boolean
  /** For each picture with a result, before its series is done. */
  onImage(image: AnalysedImage): void
  /** A file that could not be read. */
  onFailure(file: string, error: ErrorReport): void
}

type ReadFile = NonNullable<ReadFactsOutput> & { readonly path: string }

/**
 * One analysis a stack. `entry`: `import.meta.url` of the command line's own file.
 *
 * @throws OverreadError 'model.missing' and what is wrong with the package, 'inference.no-image',
 * 'file.unreadable', 'inference.provider', 'compute.died'.
 */
export async function analyzeFiles(entry: string, wanted: FilesToAnalyze): Promise<Analysis[]> {
  const paths = hostPaths(entry)
  const models = await listModelPackages(paths.models)
  const model = findModel(models, wanted.modelId)
  const files = await listFiles(wanted.paths)
  const workers = new WorkerPool(paths.worker)
  const compute = new ComputeClient(computeStarter(paths.compute))
  try {
    const series = groupBySeries(await readAll(workers, files, wanted.onFailure))
    const analyses: Analysis[] = []
    for (const stack of series.flatMap(stacksInOrder)) {
      const input = {
        ...stack,
        model,
        inputCheck: inputCheckOf(model.package, models),
        requested: null,
        override: wanted.override,
        provider: wanted.provider,
        operatingPoints: packagePoints(model.package),
      }
      analyses.push(await analyzeSeries(input, { workers, compute, onImage: wanted.onImage }))
    }
    if (analyses.length === 0) throw new OverreadError('inference.no-image')
    return analyses
  } finally {
    await compute.close()
    await workers.close()
  }
}

function findModel(models: readonly InstalledModel[], id: string): InstalledNetwork {
  const model = models.find((candidate) => candidate.id === id)
  if (!model) throw new OverreadError('model.missing', id)
  if (!model.package) throw new OverreadError(model.error?.code ?? 'model.schema')
  return { package: model.package, folder: model.folder }
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

async function readAll(workers: WorkerPool, files: readonly string[], onFailure: FilesToAnalyze['onFailure']): Promise<ReadFile[]> {
  const read = await Promise.all(
    files.map(async (path): Promise<ReadFile | null> => {
      try {
        const facts = await workers.run('file.facts', { path })
        return facts && { ...facts, path }
      } catch (error) {
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
  return orderedStacks({ instances }).map(({ stack, slices, isVolume }) => ({
    stack,
    isVolume,
    slices: slices.map((slice) =>
      analysisSlice(slice, {
        path: slice.instance.path,
        chunks: null,
        tiled: slice.instance.facts.image?.mosaic !== undefined,
      }),
    ),
  }))
}
