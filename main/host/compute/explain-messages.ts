/** What the engine host and the compute process say to each other of an explanation. */
import { z } from 'zod'
import { providerSchema, sha256Schema } from '../../../contracts/analysis'
import { explanationFactsSchema, explanationMethodSchema } from '../../../contracts/explanation'

const id = z.int().min(0)

/** Explains a label's score for the tensor that comes beside it. */
export const explainWantedSchema = z.strictObject({
  type: z.literal('explain'),
  id,
  folder: z.string().min(1).max(4096),
  sha256: sha256Schema,
  provider: providerSchema,
  /** Null: as many as usual. */
  threadCount: z.int().min(1).max(4096).nullable(),
  label: z.string().max(64),
  method: explanationMethodSchema.nullable(),
})
export type ExplainWanted = z.infer<typeof explainWantedSchema>

/** Runs made so far. */
export const explainProgressSchema = z.strictObject({ type: z.literal('explain-progress'), id, passes: z.int().min(0) })

/** The map comes beside it: float32, rows × columns, on a grid that spans the input. */
export const explainedSchema = z.strictObject({
  type: z.literal('explained'),
  id,
  residentBytes: z.int().min(0),
  rows: z.int().min(1).max(4096),
  columns: z.int().min(1).max(4096),
  facts: explanationFactsSchema,
})
