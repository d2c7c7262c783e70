/** Worker task: draws the example and writes it into a folder of the archive's `tmp/`. */
import { writePhantoms } from '../../interchange/phantoms'
import type { TaskResult } from './task-result'

export interface WritePhantomsInput {
  readonly archiveFolder: string
}

export async function writePhantomsTask({ archiveFolder }: WritePhantomsInput): Promise<TaskResult<{ readonly path: string }>> {
  const { path } = await writePhantoms(archiveFolder)
  return { value: { path } }
}
