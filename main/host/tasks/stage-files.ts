/** Worker task: a batch of files for import, so that neither a message nor the disk is waited for with each. */
import { OverreadError } from '../../../contracts/errors'
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
  return { value: await Promise.all(outcomes) }
}
