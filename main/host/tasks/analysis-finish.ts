/** Worker task: a network's outputs back on the source grid, with mask and regions. */
import type { PointInForce } from '../../../contracts/analysis'
import type { PictureModel } from '../../../contracts/model-package'
import { buffersOf, finishImage, type FinishedImage } from '../../inference/finish-image'
import type { NetworkAnswer } from '../../inference/network'
import type { Trace } from '../../inference/trace'
import type { TaskResult } from './task-result'

export interface AnalysisFinishInput {
  readonly model: PictureModel
  readonly operatingPoints: readonly PointInForce[]
  readonly outputs: readonly NetworkAnswer[]
  readonly trace: Trace
}

export type AnalysisFinishOutput = FinishedImage & { readonly ms: number }

export async function analysisFinishTask({
  model,
  operatingPoints,
  outputs,
  trace,
}: AnalysisFinishInput): Promise<TaskResult<AnalysisFinishOutput>> {
  const start = performance.now()
  const image = finishImage(model, operatingPoints, outputs, trace)
  return { value: { ...image, ms: performance.now() - start }, transfer: buffersOf(image) }
}
