/** Analyses a series with a network of volumes: gate, the whole series read, conformed, run, its labels back on every slice. */
import { OverreadError, reportOf } from '../../../../contracts/errors'
import type { GateAnswer } from '../../../../contracts/analysis'
import { planeName } from '../../../geometry/orientation'
import { indexMap, type VoxelGrid } from '../../../inference/volume/voxel-grid'
import { checkHeader, combineAnswers } from '../../../networks/gate'
import { geometryOf, type Analysis, type VolumeServices, type VolumeInput } from '../analysis-input'
import { inOrder } from '../in-order'
import type { ServedBy } from '../series-report'
import { targetsOf } from '../targets'
import { conformVolume, optionsOf, parts, readVolume, seriesGrid } from './conformed-volume'
import { matchLevels } from './match-levels'
import { VolumeReport } from './volume-report'
import { checkedCropModel, runOnVolume, unlabelledShare, type LabelledVolume } from './volume-run'

/** Slices that a worker gives back at once. */
const slicesAtOnce = 16
const backWidth = 2
const unserved: ServedBy = { provider: 'cpu', failed: [] }

/**
 * Analyses a volume. The pictures asked for are those that are given; the network reads every slice.
 *
 * A series that the gate refuses, or whose slices form no volume, is listed with the reason.
 *
 * @throws OverreadError 'inference.no-image', 'inference.constant', 'inference.memory', 'inference.output',
 * 'model.needs-other', 'compute.cancelled', 'compute.died', 'inference.provider', what is wrong with the package, and
 * DicomError of a slice that cannot be read: a volume with a hole is none.
 */
export async function analyzeVolume(input: VolumeInput, services: VolumeServices): Promise<Analysis> {
  const { package: model } = input.model
  const targets = targetsOf(input)
  if (targets.length === 0) throw new OverreadError('inference.no-image')
  const found = volumeGrid(input)
  const gate = gateAnswer(input, found)
  const report = new VolumeReport(input, targets, gate)
  const refusal = input.override ? undefined : gate.contradictions[0]
  if (refusal || found instanceof OverreadError) {
    report.refuse(refusal ?? reportOf(found))
    return report.finish(unserved, null)
  }
  if (model.accepts.pixels) report.note('The pixels were not looked at by an input check, which reads pictures and no volumes.')
  const { served, labelled } = await label(input, found, services, report)
  await services.onBegin?.(report.head(served))
  try {
    await giveBack(input, found, labelled, services, report)
  } catch (error) {
    if (!report.hasImages || !(error instanceof OverreadError)) throw error
    report.incomplete = reportOf(error)
  }
  return report.finish(served, found)
}

/** The grid of the series, or why it has none. */
function volumeGrid({ slices, affine }: VolumeInput): VoxelGrid | OverreadError {
  try {
    return seriesGrid(slices, affine)
  } catch (error) {
    if (error instanceof OverreadError) return error
    throw error
  }
}

/** A slice that contradicts speaks against the whole, as it cannot be left out. */
function gateAnswer({ model, slices }: VolumeInput, grid: VoxelGrid | OverreadError): GateAnswer {
  const answers = slices.map((slice) => checkHeader(model.package, slice.facts, planeName(geometryOf(slice)?.orientation ?? null)))
  const { verdict, contradictions, unchecked } = combineAnswers(answers)
  const found = grid instanceof OverreadError && grid.code === 'gate.volume' ? [...contradictions, grid.toReport()] : contradictions
  return { verdict: found.length > 0 ? 'contradicts' : verdict, contradictions: found, unchecked }
}

/** The labels on the conformed grid, with the provider that served. */
async function label(
  input: VolumeInput,
  grid: VoxelGrid,
  services: VolumeServices,
  report: VolumeReport,
): Promise<{ served: ServedBy; labelled: LabelledVolume }> {
  const cropModel = checkedCropModel(input.model, input.cropModel)
  const prepare = ({ folder, package: { sha256 } }: VolumeInput['model']) =>
    services.compute.prepare({ folder, sha256 }, input.provider, services.signal)
  const preparing = prepare(input.model)
  // It is awaited later; until then a failure is not a forgotten one.
  preparing.catch(() => {})
  const conformed = await timed(report, 'decodeMs', () => readVolume(input.slices, grid, services)).then((series) =>
    timed(report, 'preprocessMs', () => conformVolume(series, input.model.package, services)),
  )
  services.onProgress?.(0, input.slices.length, 'analysing')
  const prepared = await preparing
  const runs: LabelledVolume[] = []
  const outlined = cropModel ? await runOnVolume(cropModel, await prepare(cropModel), conformed, null, services) : null
  if (outlined) runs.push(outlined)
  const matched = cropModel && outlined ? await matchLevels(input.model, cropModel, conformed, outlined, services) : null
  if (matched?.note) report.note(matched.note)
  const labelled = await runOnVolume(input.model, prepared, matched?.volume ?? conformed, outlined, services)
  runs.push(labelled)
  if (cropModel && outlined) report.unlabelled = { by: cropModel.package.title, share: await unlabelledShare(outlined, labelled, services) }
  report.timing.runMs = runs.reduce((sum, { runMs }) => sum + runMs, 0)
  report.computePeakBytes = Math.max(...runs.map(({ residentBytes }) => residentBytes))
  return { served: prepared, labelled }
}

/** Every slice of the series, in its order, from the labels. */
async function giveBack(
  input: VolumeInput,
  grid: VoxelGrid,
  { grid: conformed, labels }: LabelledVolume,
  services: VolumeServices,
  report: VolumeReport,
): Promise<void> {
  const [slices] = grid.sides
  const [{ labels: described }] = input.model.package.outputs
  const task = { labels: { values: labels, sides: conformed.sides }, sides: grid.sides, map: indexMap(grid, conformed) }
  const pieces = parts(slices, Math.ceil(slices / slicesAtOnce))
  const back = ([from, to]: readonly [number, number]) =>
    services.workers.run('volume.slices', { ...task, labelCount: described.length, from, to }, optionsOf(services))
  const start = performance.now()
  let done = 0
  for await (const piece of inOrder(pieces, backWidth, back)) {
    for (const slice of piece) {
      if (services.signal?.aborted) throw new OverreadError('compute.cancelled')
      const image = report.add(done, slice, grid)
      if (image) await services.onImage?.(image)
      done++
      services.onProgress?.(done, slices, 'analysing')
    }
  }
  report.timing.postprocessMs = performance.now() - start
}

async function timed<T>({ timing }: VolumeReport, what: keyof VolumeReport['timing'], work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const value = await work()
  timing[what] += performance.now() - start
  return value
}
