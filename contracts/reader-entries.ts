/**
 * What a reader enters beside decisions on findings: a miss of the network, an agreement that nothing is found, and the
 * withdrawal of either. Appended, never changed: undo is an entry too.
 */
import { z } from 'zod'
import { frameReferenceSchema, modelReferenceSchema, stackReferenceSchema } from './analysis'

/** More vertices than a hand can mean; a longer line is thinned before it is sent. */
export const mostVertices = 512
/** Beyond the largest picture that DICOM can state, so that no number is without bound. */
const mostPixels = 65_536

/**
 * Column and row on the picture of its source grid, from the outer corner of the first pixel, whose centre is (0.5, 0.5).
 * One vertex is a point; three and more are an outline, closed from the last to the first.
 */
export const outlineSchema = z
  .array(z.tuple([z.number().min(0).max(mostPixels), z.number().min(0).max(mostPixels)]))
  .min(1)
  .max(mostVertices)
  .refine((vertices) => vertices.length !== 2, 'a point or a closed outline')
export type EntryOutline = z.infer<typeof outlineSchema>

/** As a window sends it. The id is made there, so that a repeated request is one entry. */
export const newReaderEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('missed'),
    entryId: z.string().min(1).max(64),
    /** The result that says nothing of it. */
    resultId: z.string().min(1).max(64),
    ...frameReferenceSchema.shape,
    outline: outlineSchema,
  }),
  z.strictObject({ kind: z.literal('nothing-found'), entryId: z.string().min(1).max(64), resultId: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('withdrawn'), entryId: z.string().min(1).max(64), withdraws: z.string().min(1).max(64) }),
])
export type NewReaderEntry = z.infer<typeof newReaderEntrySchema>

const kept = {
  /** Rises by one in an archive; order never rests on the clock. */
  sequence: z.int(),
  entryId: z.string().max(64),
  /** The last decision of the archive then: between decisions and entries too, order never rests on the clock. */
  afterDecision: z.int(),
  reader: z.string().max(128),
  /** UTC, ISO 8601 */
  enteredAt: z.string(),
}
/** Of the result it speaks of, and of no newer one. */
const ofResult = { resultId: z.string().max(64), ...stackReferenceSchema.shape, model: modelReferenceSchema }

export const readerEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('missed'), ...kept, ...ofResult, ...frameReferenceSchema.shape, outline: outlineSchema }),
  z.strictObject({ kind: z.literal('nothing-found'), ...kept, ...ofResult }),
  z.strictObject({ kind: z.literal('withdrawn'), ...kept, withdraws: z.string().max(64) }),
])
export type ReaderEntry = z.infer<typeof readerEntrySchema>
export type MissedEntry = Extract<ReaderEntry, { kind: 'missed' }>
export type AgreedEntry = Extract<ReaderEntry, { kind: 'nothing-found' }>

export type StandingEntry = MissedEntry | AgreedEntry

/** Those that no later entry withdraws. */
export function standingEntries(entries: readonly ReaderEntry[]): StandingEntry[] {
  const withdrawn = new Set(entries.flatMap((entry) => (entry.kind === 'withdrawn' ? [entry.withdraws] : [])))
  return entries.filter((entry): entry is StandingEntry => entry.kind !== 'withdrawn' && !withdrawn.has(entry.entryId))
}

/** The agreement with this very result: what was agreed with an earlier one says nothing of it. */
export function agreementWith({ resultId }: { readonly resultId: string }, standing: readonly StandingEntry[]): AgreedEntry | null {
  return standing.find((entry): entry is AgreedEntry => entry.kind === 'nothing-found' && entry.resultId === resultId) ?? null
}

/** What readers said of one version of a model, counted over an archive. */
export const modelCountsSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Ended, whether whole or not. */
  results: z.int(),
  /** Above their operating point, in all those results. */
  findings: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  /** Entries that were not withdrawn. */
  missed: z.int(),
  nothingFound: z.int(),
})
export type ModelCounts = z.infer<typeof modelCountsSchema>
