/** Worker task: a batch of files for import, so that neither a message nor the disk is waited for with each. */
import { OverreadError } from '../../../contracts/errors'
import { discardStaged } from '../../archive/staging'
import { threadError, type ThreadError } from '../task-message'
import { stageOneFile, type StageFileOutput } from './stage-file'
import type { TaskResult } from './task-result'

export interface StageFilesInput {
  readonly paths: readonly string[]
  readonly archiveFolder: string
}

/** What became of a file. */
export type StagedOutcome = StageFileOutput | { readonly kind: 'refused'; readonly error: ThreadError }

/** One outcome a path, in their order. A fault of the archive, such as a full disk, is one of the task. */
export async function stageFilesTask({ paths, archiveFolder }: StageFilesInput): Promise<TaskResult<readonly StagedOutcome[]>> {
  // Each is read and copied before the next; all wait for the disk together.
  const outcomes = paths.map((path) =>
    stageOneFile(path, archiveFolder).catch((error: unknown): StagedOutcome => {
      if (error instanceof OverreadError && error.code.startsWith('archive.')) throw error
      return { kind: 'refused', error: threadError(error) }
    }),
  )
  const settled = await Promise.allSettled(outcomes)
  const fault = settled.find((outcome) => outcome.status === 'rejected')
  if (!fault) return { value: settled.map((outcome) => (outcome as PromiseFulfilledResult<StagedOutcome>).value) }
  // What was staged beside it is not told of, so nobody would store it or take it away: on a full disk it is in the way.
  discardStaged(
    archiveFolder,
    settled.flatMap((outcome) =>
      outcome.status === 'fulfilled' && outcome.value.kind === 'object' ? [outcome.value.object.staged.temporary] : [],
    ),
  )
  throw fault.reason
}
