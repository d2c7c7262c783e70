/** Analyses a series: gate, statistics, screening, tensors, runs, maps back on the source grid, findings. For the app and the command line. */
import { errorCatalogue, OverreadError, reportOf, type ErrorReport } from '../../../contracts/errors'
import type { GateAnswer } from '../../../contracts/analysis'
import type { PictureModel } from '../../../contracts/model-package'
import { planeName } from '../../geometry/orientation'
import { checkHeader } from '../../networks/gate'
import {
  geometryOf,
  type Analysis,
  type AnalysisInput,
  type AnalysisServices,
  type AnalysisSlice,
  type InstalledNetwork,
} from './analysis-input'
import type { PreparedModel } from '../compute/compute-client'
import { inOrder } from './in-order'
import { NetworkRuns } from './network-runs'
import { StagedPictures } from './picture-cache'
import { joined, nothingSeen, screenDistance, screenPicture, screenSeries, type InputCheck, type ScreeningResult } from './pixel-screening'
import { SeriesReport } from './series-report'
import { needsSeries } from './series-statistics'
import { SlicePreparer } from './slice-preparer'
import { targetsOf } from './targets'
import type { AnalysisFinishOutput } from '../tasks/analysis-finish'

export type { Analysis, AnalysedImage, AnalysisInput, AnalysisServices, AnalysisSlice } from './analysis-input'

/** Faults that end the analysis; any other is one picture's own. */
const endings = new Set([
  'compute.died',
  'compute.cancelled',
  'compute.provider',
  'inference.provider',
  'model.hash',
  'model.missing',
  'model.path',
  'model.schema',
  'model.weights',
])
/** Maps, masks and pictures of those under way, bytes. */
const bytesUnderWay = 256 * 1024 * 1024
const mostUnderWay = 4

type Outcome = { readonly index: number; readonly seen: ScreeningResult } & (
  { readonly refused: ErrorReport } | { readonly refused: null; readonly image: AnalysisFinishOutput; readonly missing: number }
)

/**
 * Analyses the pictures asked for.
 *
 * A picture that the gate refuses or that cannot be read is listed with the reason, and the rest goes on.
 * What was done before a cancel or the death of compute is given with `incomplete`.
 *
 * @throws OverreadError 'inference.no-image'; 'compute.cancelled', 'compute.died', 'inference.provider' or what is wrong
 * with the package where no picture was done.
 */
export async function analyzeSeries(input: AnalysisInput, services: AnalysisServices): Promise<Analysis> {
  const { package: model } = input.model
  const targets = targetsOf(input)
  if (targets.length === 0) throw new OverreadError('inference.no-image')
  const answers = input.slices.map((slice) => checkHeader(model, slice.facts, planeName(geometryOf(slice)?.orientation ?? null)))
  const admitted = (index: number) =>
    input.slices[index].facts.image !== null && (input.override || answers[index].verdict !== 'contradicts')
  const eligible = input.slices.map((_, index) => index).filter(admitted)
  const report = new SeriesReport(input, targets, answers)

  const wanted = targets.filter(admitted)
  for (const index of targets) if (!admitted(index)) report.refuse(index, refusalOf(answers[index]))
  if (wanted.length === 0) return report.finish({ provider: 'cpu', failed: [] }, { decodeMs: 0, preprocessMs: 0 })

  const { preparer, prepared, runs, check } = await open(input, services, eligible, report)
  const finish = () => {
    report.timing.runMs = runs.runMs + (check?.runs.runMs ?? 0)
    report.computePeakBytes = Math.max(runs.peakBytes ?? 0, check?.runs.peakBytes ?? 0) || null
    return report.finish(prepared, preparer.timing)
  }
  if (model.input.kind === 'stack' && (check || model.distribution?.of === 'series')) {
    const seen = await screenSeries(model, runs, check, eligible, services.signal, (done, total) =>
      services.onProgress?.(done, total, 'checking'),
    )
    report.screenSeries(seen)
    const [fault] = seen.contradictions
    if (fault && !input.override) {
      for (const index of wanted) report.refuse(index, fault)
      return finish()
    }
  }

  const analyse = async (index: number): Promise<Outcome> => {
    try {
      const [looked, run] = await Promise.all([
        check && model.input.kind === 'image' ? screenPicture(check, index) : nothingSeen,
        runs.run(index),
      ])
      const seen = joined(looked, model.distribution?.of === 'picture' ? screenDistance(model, run.distance) : nothingSeen)
      const [fault] = seen.contradictions
      if (fault && !input.override) return { index, seen, refused: fault }
      const { outputs, trace, missing } = run
      const transfer = outputs.flatMap(({ values, spread }) =>
        (spread ? [values, spread.low, spread.high] : [values]).map(({ buffer }) => buffer),
      )
      const image = await services.workers.run(
        'analysis.finish',
        { model, operatingPoints: input.operatingPoints, outputs, trace },
        { transfer, signal: services.signal, background: true },
      )
      return { index, seen, refused: null, image, missing }
    } catch (error) {
      if (!(error instanceof OverreadError) || endings.has(error.code)) throw error
      return { index, seen: nothingSeen, refused: error.toReport() }
    }
  }

  await services.onBegin?.(report.head(prepared))
  services.onProgress?.(0, wanted.length, 'analysing')
  try {
    let done = 0
    for await (const outcome of inOrder(wanted, widthFor(input.slices, wanted), analyse)) {
      if (services.signal?.aborted) throw new OverreadError('compute.cancelled')
      report.screenPicture(outcome.index, outcome.seen)
      if (outcome.refused) report.refuse(outcome.index, outcome.refused)
      else {
        const image = report.add(outcome.index, outcome.image, outcome.missing)
        await services.onImage?.(image)
      }
      services.onProgress?.(++done, wanted.length, 'analysing')
    }
  } catch (error) {
    if (!report.hasImages || !(error instanceof OverreadError)) throw error
    report.incomplete = reportOf(error)
  }
  return finish()
}

interface OpenNetworks {
  readonly preparer: SlicePreparer
  readonly prepared: PreparedModel
  readonly runs: NetworkRuns
  readonly check: InputCheck | null
}

/** The network and its input check, ready to run, with the statistics of the series that they take. */
async function open(
  input: AnalysisInput,
  services: AnalysisServices,
  eligible: readonly number[],
  report: SeriesReport,
): Promise<OpenNetworks> {
  const pictures = new StagedPictures()
  const preparer = new SlicePreparer(input, services, eligible, pictures)
  const preparing = prepare(input.model, input, services)
  const checking = openCheck(input, services, eligible, pictures, report)
  checking.catch(() => {})
  const covered = await readStatistics(input.model.package, preparer, eligible, services)
  if (covered < eligible.length)
    report.note(`The grey levels rest on ${covered} of ${eligible.length} slices; the others could not be read.`)
  const prepared = await preparing
  return { preparer, prepared, runs: new NetworkRuns(services, preparer, prepared), check: await checking }
}

function prepare(
  { package: { sha256 }, folder }: InstalledNetwork,
  { provider }: AnalysisInput,
  services: AnalysisServices,
): Promise<PreparedModel> {
  const preparing = services.compute.prepare({ folder, sha256 }, provider, services.signal)
  // It is awaited later; until then a failure is not a forgotten one.
  preparing.catch(() => {})
  return preparing
}

async function openCheck(
  input: AnalysisInput,
  services: AnalysisServices,
  eligible: readonly number[],
  pictures: StagedPictures,
  report: SeriesReport,
): Promise<InputCheck | null> {
  const { pixels } = input.model.package.accepts
  if (!pixels) return null
  if (!input.inputCheck) {
    report.leaveUnchecked(`the pixels (the input check ${pixels.model} is not installed)`)
    return null
  }
  const { package: check } = input.inputCheck
  const preparer = new SlicePreparer({ ...input, model: input.inputCheck }, services, eligible, pictures)
  const preparing = prepare(input.inputCheck, input, services)
  await readStatistics(check, preparer, eligible, services)
  return { package: check, suitable: pixels.label, runs: new NetworkRuns(services, preparer, await preparing) }
}

/** Reads the series where the network's steps take their statistics from it; gives how many slices they cover. */
async function readStatistics(
  model: PictureModel,
  preparer: SlicePreparer,
  eligible: readonly number[],
  services: AnalysisServices,
): Promise<number> {
  if (!needsSeries(model)) return eligible.length
  services.onProgress?.(0, eligible.length, 'reading')
  return preparer.readSeries((done) => services.onProgress?.(done, eligible.length, 'reading'))
}

function refusalOf({ contradictions }: GateAnswer): ErrorReport {
  return contradictions[0] ?? { code: 'file.not-an-image', message: errorCatalogue['file.not-an-image'].sentence }
}

/** Pictures side by side: fewer where they are large. */
function widthFor(slices: readonly AnalysisSlice[], wanted: readonly number[]): number {
  const pixels = wanted.map((index) => (slices[index].facts.image?.rows ?? 1) * (slices[index].facts.image?.columns ?? 1))
  const largest = pixels.reduce((a, b) => Math.max(a, b))
  return Math.max(2, Math.min(mostUnderWay, Math.floor(bytesUnderWay / (largest * 9))))
}
