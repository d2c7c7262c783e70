/** Analyses a series: gate, statistics, tensors, runs, maps back on the source grid, findings. For the app and the command line. */
import { errorCatalogue, OverreadError, reportOf, type ErrorReport } from '../../contracts/errors'
import type { GateAnswer } from '../../contracts/analysis'
import { planeName } from '../geometry/orientation'
import { checkHeader, combineAnswers } from '../networks/gate'
import { geometryOf, type Analysis, type AnalysisInput, type AnalysisServices, type AnalysisSlice } from './analysis-input'
import { inOrder } from './in-order'
import { RunSlots } from './run-slots'
import { SeriesReport } from './series-report'
import { needsSeries } from './series-statistics'
import { SlicePreparer } from './slice-preparer'
import type { AnalysisFinishOutput } from './tasks/analysis-finish'

export type { Analysis, AnalysedImage, AnalysisInput, AnalysisServices, AnalysisSlice } from './analysis-input'

/** Faults that end the analysis; any other is one picture's own. */
const endings = new Set([
  'compute.died',
  'compute.cancelled',
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

type Outcome = { readonly index: number } & (
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
  const { package: model, folder } = input.model
  const targets = targetsOf(input)
  if (targets.length === 0) throw new OverreadError('inference.no-image')
  const answers = input.slices.map((slice) => checkHeader(model, slice.facts, planeName(geometryOf(slice)?.orientation ?? null)))
  const admitted = (index: number) =>
    input.slices[index].facts.image !== null && (input.override || answers[index].verdict !== 'contradicts')
  const eligible = input.slices.map((_, index) => index).filter(admitted)
  const gate = combineAnswers(targets.map((index) => answers[index]))
  const report = new SeriesReport(input, targets, gate)

  const wanted = targets.filter(admitted)
  for (const index of targets) if (!admitted(index)) report.refuse(index, refusalOf(answers[index]))
  if (wanted.length === 0) return report.finish({ provider: 'cpu', failed: [] }, { decodeMs: 0, preprocessMs: 0 })

  const preparer = new SlicePreparer(input, services, eligible)
  const preparing = services.compute.prepare({ folder, sha256: model.sha256 }, input.provider, services.signal)
  preparing.catch(() => {})
  if (needsSeries(model)) {
    services.onProgress?.(0, eligible.length, 'reading')
    const covered = await preparer.readSeries((done) => services.onProgress?.(done, eligible.length, 'reading'))
    if (covered < eligible.length)
      report.note(`The grey levels rest on ${covered} of ${eligible.length} slices; the others could not be read.`)
  }
  const prepared = await preparing
  const slots = new RunSlots()

  const analyse = async (index: number): Promise<Outcome> => {
    try {
      const { tensor, trace, missing } = await preparer.prepare(index)
      const { outputs, runMs } = await slots.use(() => services.compute.run(prepared, tensor, services.signal))
      report.timing.runMs += runMs
      const transfer = outputs.map(({ values }) => values.buffer)
      const image = await services.workers.run(
        'analysis.finish',
        { model, operatingPoints: input.operatingPoints, outputs, trace },
        { transfer, signal: services.signal, background: true },
      )
      return { index, refused: null, image, missing }
    } catch (error) {
      if (!(error instanceof OverreadError) || endings.has(error.code)) throw error
      return { index, refused: error.toReport() }
    }
  }

  await services.onBegin?.(report.head(prepared))
  services.onProgress?.(0, wanted.length, 'analysing')
  try {
    let done = 0
    for await (const outcome of inOrder(wanted, widthFor(input.slices, wanted), analyse)) {
      if (services.signal?.aborted) throw new OverreadError('compute.cancelled')
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
  return report.finish(prepared, preparer.timing)
}

/** Indices of the pictures asked for, in reading order. */
function targetsOf({ slices, requested }: AnalysisInput): number[] {
  const all = slices.map((_, index) => index)
  if (!requested) return all
  const keys = new Set(requested.map(({ sopInstanceUid, frameIndex }) => `${sopInstanceUid}/${frameIndex}`))
  return all.filter((index) => keys.has(`${slices[index].sopInstanceUid}/${slices[index].frameIndex}`))
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
