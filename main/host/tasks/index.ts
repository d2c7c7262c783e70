/** Every task a worker thread knows, by name. */
import { analysisTasks } from './analysis-tasks'
import { decodeFrameTask } from './decode-frame'
import { evaluationTasks } from './evaluation-tasks'
import { layerOverlayTask } from './layer-overlay'
import { explanationFinishTask } from './explanation-finish'
import { hashStoredValuesTask } from './hash-stored-values'
import { makeThumbnailTask } from './make-thumbnail'
import { readFactsTask } from './read-facts'
import { readOverlayPlanesTask } from './read-overlay-planes'
import { stageFilesTask } from './stage-files'
import { stageContainerTask } from './stage-container'
import { stageOverlaysTask } from './stage-overlays'
import { writePhantomsTask } from './write-phantoms'

export const tasks = {
  ...analysisTasks,
  ...evaluationTasks,
  'explanation.finish': explanationFinishTask,
  'files.stage': stageFilesTask,
  'file.facts': readFactsTask,
  'frame.decode': decodeFrameTask,
  'layer.overlay': layerOverlayTask,
  'stored-values.hash': hashStoredValuesTask,
  'overlay-planes.read': readOverlayPlanesTask,
  'overlays.stage': stageOverlaysTask,
  'phantoms.write': writePhantomsTask,
  'container.stage': stageContainerTask,
  'thumbnail.make': makeThumbnailTask,
}

export type TaskName = keyof typeof tasks
export type TaskInput<N extends TaskName> = Parameters<(typeof tasks)[N]>[0]
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<(typeof tasks)[N]>>['value']
