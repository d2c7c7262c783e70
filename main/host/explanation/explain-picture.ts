/** Explains a score of one picture whose tensor is ready: the network proven, its passes made, the map back on the source grid. */
import type { FrameReference, ProviderName } from '../../../contracts/analysis'
import { OverreadError, type ErrorCode } from '../../../contracts/errors'
import type { Explanation, ExplanationMethod } from '../../../contracts/explanation'
import { labelOf } from '../../inference/explanation/label'
import type { InstalledNetwork } from '../analysis/analysis-input'
import type { PreparedTensor } from '../analysis/slice-preparer'
import type { ComputeClient, PreparedModel } from '../compute/compute-client'
import { askExplanation } from '../compute/explain-client'
import type { WorkerPool } from '../worker-pool'

export interface PictureToExplain {
  readonly network: InstalledNetwork
  readonly picture: PreparedTensor
  readonly reference: FrameReference
  readonly label: string
  readonly method: ExplanationMethod | null
  readonly provider: ProviderName | null
}

export interface ExplanationServices {
  readonly compute: Pick<ComputeClient, 'prepare' | 'ask'>
  readonly workers: Pick<WorkerPool, 'run'>
  readonly signal?: AbortSignal
  readonly onPasses?: (passes: number) => void
}

const brokenOff: ReadonlySet<ErrorCode> = new Set(['inference.failed', 'inference.memory', 'inference.provider', 'compute.died'])

/** @throws OverreadError 'explanation.none', 'explanation.method', 'inference.provider', 'inference.output', 'compute.died', 'compute.cancelled' */
export async function explainPicture(
  { network, picture, reference, label, method, provider }: PictureToExplain,
  { compute, workers, signal, onPasses }: ExplanationServices,
): Promise<{ explanation: Explanation; values: Float32Array<ArrayBuffer> }> {
  const { id, version, sha256, title } = network.package
  const start = performance.now()
  const { output, place } = labelOf(network.package, label)
  const model = { folder: network.folder, sha256 }
  const explained = async (on: PreparedModel) => ({
    prepared: on,
    ...(await askExplanation(compute, { prepared: on, tensor: picture.tensor, label, method }, signal, onPasses)),
  })
  const first = await compute.prepare(model, provider, signal)
  // What runs a network may not run what is added to it to look into it.
  const { prepared, facts, map } = await explained(first).catch(async (error: unknown) => {
    if (first.provider === 'cpu' || !(error instanceof OverreadError) || !brokenOff.has(error.code)) throw error
    return explained(await compute.prepare(model, 'cpu', signal))
  })
  const values = await workers.run('explanation.finish', { map, trace: picture.trace }, { signal })
  const { sopInstanceUid, frameIndex } = reference
  const { rows, columns } = picture.trace
  const explanation = {
    ...facts,
    sopInstanceUid,
    frameIndex,
    label,
    title: output.labels[place].title,
    model: { id, version, sha256, title },
    signature: network.signature,
    provider: prepared.provider,
    elapsedMs: performance.now() - start,
    rows,
    columns,
  }
  return { explanation, values }
}
