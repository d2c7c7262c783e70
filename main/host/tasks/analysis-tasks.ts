/** The worker tasks of an analysis, by name. */
import { analysisDecodeTask } from './analysis-decode'
import { analysisFinishTask } from './analysis-finish'
import { analysisPrepareTask } from './analysis-prepare'
import { volumeTasks } from './volume-tasks'
import { analysisCountTask, analysisExtentTask, analysisRefineTask } from './analysis-statistics'

export const analysisTasks = {
  ...volumeTasks,
  'analysis.decode': analysisDecodeTask,
  'analysis.count': analysisCountTask,
  'analysis.refine': analysisRefineTask,
  'analysis.extent': analysisExtentTask,
  'analysis.prepare': analysisPrepareTask,
  'analysis.finish': analysisFinishTask,
}
