/** One network over a conformed volume: its box, the run, its labels on the conformed grid. */
import { OverreadError } from '../../../../contracts/errors'
import type { VolumeModel } from '../../../../contracts/model-package'
import { voxelCount, type VoxelGrid } from '../../../inference/volume/voxel-grid'
import type { PreparedModel } from '../../compute/compute-client'
import type { VolumeServices, InstalledNetwork } from '../analysis-input'
import { optionsOf, type ConformedVolume } from './conformed-volume'

export interface LabelledVolume {
  readonly grid: VoxelGrid
  /** The number of a label at each voxel, in memory that workers share. */
  readonly labels: Uint8Array<SharedArrayBuffer>
  /** Voxels of each label on this grid, by number. */
  readonly voxels: readonly number[]
  readonly runMs: number
  readonly residentBytes: number
}

/** @throws OverreadError 'inference.constant', 'inference.memory', 'inference.output', 'compute.died', 'compute.cancelled' */
export async function runOnVolume(
  { package: model }: InstalledNetwork<VolumeModel>,
  prepared: PreparedModel,
  { grid, values }: ConformedVolume,
  outlined: LabelledVolume | null,
  services: VolumeServices,
): Promise<LabelledVolume> {
  const options = optionsOf(services)
  const { sides } = grid
  const { box, ...cut } = await services.workers.run(
    'volume.cut',
    { values, sides, preprocess: model.preprocess, outlined: outlined?.labels ?? null },
    options,
  )
  const run = await services.compute.runVolume(prepared, { sides: box.sides, ...cut }, services.signal)
  const [{ labels: described, countsAs = null }] = model.outputs
  const labels = new Uint8Array(new SharedArrayBuffer(voxelCount(sides)))
  const voxels = await services.workers.run(
    'volume.place',
    { labels: run.labels, box, target: { values: labels, sides }, countsAs, labelCount: described.length, keepLargest: model.keepLargest },
    { ...options, transfer: [run.labels.buffer] },
  )
  return { grid, labels, voxels, runMs: run.runMs, residentBytes: run.residentBytes }
}

/** Of all voxels that one network labels, the share that another one leaves without, 0 to 1: what it may have missed. Both on one grid. */
export async function unlabelledShare(outlined: LabelledVolume, labelled: LabelledVolume, services: VolumeServices): Promise<number> {
  const { labels } = labelled
  const missed = await services.workers.run('volume.missed', { outlined: outlined.labels, labels }, optionsOf(services))
  const inAll = outlined.voxels.slice(1).reduce((sum, voxels) => sum + voxels, 0)
  return inAll === 0 ? 0 : missed / inAll
}

/**
 * The network that says where another one looks, on the same grid and by itself.
 *
 * @throws OverreadError 'model.needs-other'
 */
export function checkedCropModel(
  { package: model }: InstalledNetwork<VolumeModel>,
  cropModel: InstalledNetwork<VolumeModel> | null,
): InstalledNetwork<VolumeModel> | null {
  const { crop, conform } = model.preprocess
  if (crop === null || !('model' in crop.to)) return null
  const wanted = crop.to.model
  if (!cropModel) throw new OverreadError('model.needs-other', `${wanted} is not installed`)
  const other = cropModel.package
  const pointed = other.preprocess.crop !== null && 'model' in other.preprocess.crop.to
  if (pointed) throw new OverreadError('model.needs-other', `${wanted} is itself pointed by another`)
  const same = JSON.stringify([other.preprocess.conform, other.input.axes]) === JSON.stringify([conform, model.input.axes])
  if (!same) throw new OverreadError('model.needs-other', `${wanted} reads another grid`)
  return cropModel
}
