/** How many threads a network runs best on, by model and processor: a small file in `derived/`, which may be deleted at any time. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256Schema } from '../../contracts/analysis'
import { writeAtomically } from '../base/atomic-write'
import type { ArchiveLayout } from './layout'

const entrySchema = z.strictObject({
  sha256: sha256Schema,
  processor: z.string().max(256),
  threads: z.int().min(1).max(4096),
  /** Version of the runtime that was measured. */
  runtime: z.string().max(64),
})
type Entry = z.infer<typeof entrySchema>

export type ThreadChoice = Pick<Entry, 'threads' | 'runtime'>

/** The oldest go first: models are replaced, and an archive moves between machines. */
const mostEntries = 256

export interface ThreadChoiceStore {
  get(sha256: string, processor: string): ThreadChoice | null
  put(sha256: string, processor: string, choice: ThreadChoice): void
}

export function threadChoiceStore(layout: ArchiveLayout): ThreadChoiceStore {
  const path = join(layout.derived, 'threads.json')
  return {
    get(sha256, processor) {
      const found = readEntries(path).find((entry) => entry.sha256 === sha256 && entry.processor === processor)
      return found ? { threads: found.threads, runtime: found.runtime } : null
    },
    put(sha256, processor, { threads, runtime }) {
      const others = readEntries(path).filter((entry) => entry.sha256 !== sha256 || entry.processor !== processor)
      const entries = [...others, entrySchema.parse({ sha256, processor, threads, runtime })].slice(-mostEntries)
      writeAtomically(path, [Buffer.from(JSON.stringify(entries))], layout.temporary)
    },
  }
}

/** None where the file is absent or not ours: they are measured again. */
function readEntries(path: string): Entry[] {
  try {
    return z.array(entrySchema).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return []
  }
}
