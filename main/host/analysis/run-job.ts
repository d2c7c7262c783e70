/** Runs one job of the queue: the stack out of the archive, its result into it, picture by picture. */
import { randomUUID } from 'node:crypto'
import { providerSchema } from '../../../contracts/analysis'
import { isPictureModel } from '../../../contracts/model-package'
import { OverreadError, type ErrorReport } from '../../../contracts/errors'
import type { JobChange, StoredJob } from '../../archive/jobs'
import { cropModelOf, inputCheckOf, type InstalledModel } from '../../networks/catalogue'
import { pointsInForce } from '../../networks/operating-points'
import {
  analysisSlice,
  type AnalysedImage,
  type Analysis,
  type AnalysisServices,
  type AnalysisSlice,
  type SeriesInput,
  type VolumeServices,
} from './analysis-input'
import { analyzeSeries } from './analyze-series'
import { analyzeVolume } from './volume/analyze-volume'
import type { Engine } from '../engine'

/** A window reads the whole result anew each time it is told. */
const resultsEveryMs = 1000

export interface JobEnd {
  /** What computed it is gone: it may be tried once more. */
  readonly died: boolean
  readonly change: JobChange
}

/** Whether the process or the provider that computed it is gone, so that another may do. */
export function diedUnder(error: ErrorReport | null): boolean {
  return error?.code === 'compute.died' || error?.code === 'compute.provider'
}

export type OnProgress = (done: number, total: number, step: string) => void

/** @throws OverreadError where no picture was done: 'compute.died', 'compute.cancelled', 'inference.provider' and alike. */
export async function runJob(
  engine: Engine,
  job: StoredJob,
  model: InstalledModel,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<JobEnd> {
  const { archive, pool, archiveFolder } = engine
  const { package: description } = model
  if (!description) throw new OverreadError('model.schema')
  const series: SeriesInput = {
    ...(await sliceObjects(engine, job)),
    stack: job.stack,
    requested: job.frames,
    override: job.override,
    provider: providerSchema.nullable().parse(job.provider),
  }
  const resultId = randomUUID()
  let lastTold = -Infinity
  const tellOfResult = () => {
    const now = performance.now()
    if (now - lastTold < resultsEveryMs) return
    lastTold = now
    engine.emit({ event: 'results.changed', studyKey: job.studyKey })
  }

  const store = async ({ result, rows, columns, heatmaps, masks, possibleMasks, labelMap }: AnalysedImage) => {
    const maps = [...Object.values(heatmaps), ...Object.values(masks), ...Object.values(possibleMasks), ...(labelMap ? [labelMap] : [])]
    const transfer = maps.map(({ buffer }) => buffer)
    const overlays = await pool.run(
      'overlays.stage',
      { archiveFolder, rows, columns, heatmaps, masks, possibleMasks, labelMap },
      { transfer, background: true },
    )
    await archive.appendImages(resultId, [{ image: result, overlays }])
    tellOfResult()
  }

  const services: AnalysisServices & VolumeServices = {
    workers: pool,
    compute: engine.compute,
    signal,
    onProgress,
    onBegin: (head) => archive.beginResult(job.studyKey, { ...head, resultId, createdAt: new Date().toISOString() }),
    onImage: store,
  }
  const models = await engine.models()
  const analysis = await (isPictureModel(description)
    ? analyzeSeries(
        {
          ...series,
          model: { ...model, package: description },
          inputCheck: inputCheckOf(description, models),
          // Read as the job begins: what is set while it runs holds for the next one.
          operatingPoints: pointsInForce(description, await archive.listPointSettings(model.id)),
        },
        services,
      )
    : analyzeVolume({ ...series, model: { ...model, package: description }, cropModel: cropModelOf(description, models) }, services))
  const refused = analysis.images.filter((image) => image.refused !== null)
  if (refused.length === analysis.images.length) return { died: false, change: withoutImages(analysis) }
  await archive.appendImages(
    resultId,
    refused.map((image) => ({ image, overlays: [] })),
  )
  const { incomplete, gate, overridden, provider, providersFailed, timing, computePeakBytes, findings, structures, notes } = analysis
  await archive.finishResult(resultId, {
    incomplete,
    gate,
    overridden,
    provider,
    providersFailed,
    timing,
    computePeakBytes,
    findings,
    structures,
    notes,
  })
  return { died: diedUnder(incomplete), change: { ...stateOf(incomplete), imagesDone: analysis.images.length, resultId } }
}

/** The stack in reading order, each slice with where its bytes are and what they must hash to. */
export async function sliceObjects(
  { archive }: Pick<Engine, 'archive'>,
  { studyKey, seriesInstanceUid, stack }: Pick<StoredJob, 'studyKey' | 'seriesInstanceUid' | 'stack'>,
): Promise<Pick<SeriesInput, 'slices' | 'isVolume' | 'affine'>> {
  const { slices, isVolume, affine } = await archive.stackInOrder(studyKey, seriesInstanceUid, stack)
  const locations = new Map<string, AnalysisSlice['object']>()
  for (const { sopInstanceUid } of slices) {
    if (!locations.has(sopInstanceUid)) locations.set(sopInstanceUid, await archive.instanceLocation(studyKey, sopInstanceUid))
  }
  return {
    slices: slices.map((slice) => analysisSlice(slice, locations.get(slice.sopInstanceUid)!)),
    isVolume,
    affine,
  }
}

/** Refused by the gate, or unreadable to the last picture. */
function withoutImages({ gate, images }: Analysis): JobChange {
  const refused = gate.contradictions[0]
  return refused ? { state: 'refused', error: refused } : { state: 'failed', error: images[0]?.refused ?? null }
}

function stateOf(incomplete: ErrorReport | null): JobChange {
  if (!incomplete) return { state: 'done' }
  return { state: incomplete.code === 'compute.cancelled' ? 'cancelled' : 'failed', error: incomplete }
}
