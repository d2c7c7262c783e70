/** Worker task: a picture through a package's steps. */
import type { PictureModel } from '../../../contracts/model-package'
import type { Picture } from '../../inference/picture'
import { preparePlane, type PreparedPlane } from '../../inference/preprocess'
import type { StepStatistics } from '../../inference/statistics'
import type { Directions } from '../../inference/steps/orient'
import type { TaskResult } from './task-result'

export interface AnalysisPrepareInput {
  readonly preprocess: PictureModel['preprocess']
  readonly picture: Picture
  readonly directions: Directions
  readonly series: StepStatistics
}

export type AnalysisPrepareOutput = PreparedPlane & { readonly ms: number }

export async function analysisPrepareTask(input: AnalysisPrepareInput): Promise<TaskResult<AnalysisPrepareOutput>> {
  const start = performance.now()
  const plane = preparePlane(input.preprocess, input.picture, input.directions, input.series)
  return { value: { ...plane, ms: performance.now() - start }, transfer: [plane.values.buffer] }
}
