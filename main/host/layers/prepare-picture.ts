/** The tensor that a network reads for one picture of the archive, made as an analysis makes it. */
import type { FrameReference, StackReference } from '../../../contracts/analysis'
import { OverreadError } from '../../../contracts/errors'
import { planeName } from '../../geometry/orientation'
import { checkHeader } from '../../networks/gate'
import { geometryOf, type AnalysisServices, type InstalledNetwork, type SeriesInput } from '../analysis/analysis-input'
import { StagedPictures } from '../analysis/picture-cache'
import { sliceObjects } from '../analysis/run-job'
import { needsSeries } from '../analysis/series-statistics'
import { SlicePreparer, type PreparedTensor } from '../analysis/slice-preparer'
import type { Engine } from '../engine'

export type PictureReference = FrameReference & StackReference & { readonly studyKey: number }

/**
 * Neighbours and statistics come from the slices that the network may read; where its gate refuses the picture itself, from
 * all, as in an analysis on the reader's word.
 *
 * @throws OverreadError 'archive.missing', 'file.not-an-image', 'inference.constant', 'compute.cancelled'; DicomError what decoding throws.
 */
export async function preparePicture(
  engine: Pick<Engine, 'archive' | 'pool' | 'compute'>,
  network: InstalledNetwork,
  picture: PictureReference,
  signal?: AbortSignal,
): Promise<PreparedTensor> {
  const { compute, pool: workers } = engine
  const stack = { ...(await sliceObjects(engine, picture)), stack: picture.stack }
  return prepareFrame(network, stack, picture, { compute, workers, signal })
}

/** As `preparePicture`, of a stack that is at hand. */
export async function prepareFrame(
  network: InstalledNetwork,
  { slices, isVolume, stack, affine }: Pick<SeriesInput, 'slices' | 'isVolume' | 'stack' | 'affine'>,
  picture: FrameReference,
  services: Pick<AnalysisServices, 'compute' | 'workers' | 'signal'>,
): Promise<PreparedTensor> {
  const wanted = slices.findIndex(
    ({ sopInstanceUid, frameIndex }) => sopInstanceUid === picture.sopInstanceUid && frameIndex === picture.frameIndex,
  )
  if (wanted < 0) throw new OverreadError('archive.missing', 'picture')
  const all = slices.map((_, index) => index).filter((index) => slices[index].facts.image !== null)
  const admitted = all.filter((index) => {
    const slice = slices[index]
    return checkHeader(network.package, slice.facts, planeName(geometryOf(slice)?.orientation ?? null)).verdict !== 'contradicts'
  })
  const eligible = admitted.includes(wanted) ? admitted : all
  if (!eligible.includes(wanted)) throw new OverreadError('file.not-an-image')
  const input = {
    model: network,
    inputCheck: null,
    slices,
    stack,
    requested: null,
    override: true,
    provider: null,
    isVolume,
    affine,
    operatingPoints: [],
  }
  const preparer = new SlicePreparer(input, services, eligible, new StagedPictures())
  if (needsSeries(network.package)) await preparer.readSeries(() => {})
  return preparer.prepare(wanted)
}
