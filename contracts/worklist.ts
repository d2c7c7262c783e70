/** What the worklist and the reading screen show of studies and series. */
import { z } from 'zod'
import { frameGeometrySchema, patientFactsSchema, uidSchema } from './dicom-facts'
import { errorReportSchema, stackReferenceSchema } from './analysis'

export const aiStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('not-run') }),
  z.strictObject({ state: z.literal('queued') }),
  z.strictObject({ state: z.literal('running'), done: z.int(), total: z.int() }),
  z.strictObject({ state: z.literal('refused') }),
  z.strictObject({ state: z.literal('failed') }),
  z.strictObject({ state: z.literal('partial'), done: z.int(), total: z.int() }),
  /** Whole, but by another version or other weights than those installed now; it counts as no current result. */
  z.strictObject({ state: z.literal('stale'), by: z.string(), active: z.string() }),
  /** Run although the network refused; its findings count among no others. */
  z.strictObject({ state: z.literal('overridden'), decided: z.int(), count: z.int() }),
  /** By a package that no key trusted at the time stands for; its findings count among no others. */
  z.strictObject({ state: z.literal('untrusted'), decided: z.int(), count: z.int() }),
  z.strictObject({ state: z.literal('no-finding') }),
  /** No finding, and the reader agreed with each of these very results. */
  z.strictObject({ state: z.literal('agreed') }),
  z.strictObject({ state: z.literal('findings'), count: z.int() }),
  z.strictObject({ state: z.literal('reviewed'), decided: z.int(), count: z.int() }),
  /** Nothing is open, and the reader marked what the network did not find. */
  z.strictObject({ state: z.literal('missed'), count: z.int() }),
])
export type AiState = z.infer<typeof aiStateSchema>

/** What the worklist can be narrowed to: states, two of them with their neighbour, and studies with any miss. */
export const aiStateFilters = ['not-run', 'busy', 'findings', 'no-finding', 'agreed', 'missed', 'reviewed', 'unsettled', 'refused'] as const
export type AiStateFilter = (typeof aiStateFilters)[number]

export const worklistColumns = ['patientName', 'patientId', 'studyDate', 'description', 'modalities', 'instances', 'aiState'] as const
export type WorklistColumn = (typeof worklistColumns)[number]

export const studyRowSchema = z.strictObject({
  /** Of this archive: one study UID under two patient identities is two rows. */
  studyKey: z.int(),
  studyInstanceUid: uidSchema,
  patient: patientFactsSchema,
  studyDate: z.string(),
  studyTime: z.string(),
  description: z.string(),
  accessionNumber: z.string(),
  modalities: z.array(z.string()),
  series: z.int(),
  instances: z.int(),
  ai: aiStateSchema,
  /** What readers marked as missed by a network and did not withdraw, whatever the state. */
  missed: z.int(),
  /** The study UID also stands under another patient identity. */
  identityConflict: z.boolean(),
  /** The patient id also stands with another issuer, birth date or sex. */
  patientIdShared: z.boolean(),
  /** Objects whose header was corrected after they were stored. */
  headersCorrected: z.int(),
  /** Objects with an identifier of this study and other pixels, which were kept out. */
  keptOut: z.int(),
  phantom: z.boolean(),
})
export type StudyRow = z.infer<typeof studyRowSchema>

/** One frame of a series in reading order. */
export const sliceSchema = z.strictObject({
  sopInstanceUid: uidSchema,
  frameIndex: z.int().min(0),
  instanceNumber: z.int().nullable(),
  rows: z.int(),
  columns: z.int(),
  /** mm along the series normal; null where unknown. */
  positionMm: z.number().nullable(),
  geometry: frameGeometrySchema,
  /** (0020,0020): letters of the row and the column direction, which projections have instead of an orientation. */
  patientOrientation: z.array(z.string().max(1024)).optional(),
})
export type Slice = z.infer<typeof sliceSchema>

/** What is odd about the order or the geometry, as a sentence. */
export const seriesRemarkSchema = z.strictObject({
  sentence: z.string(),
  /** A reader may be misled who does not know it. */
  caution: z.boolean(),
})
export type SeriesRemark = z.infer<typeof seriesRemarkSchema>

/** What is shown as one stack: a series, or a part of one that holds several kinds of pictures. */
export const seriesDetailSchema = z.strictObject({
  ...stackReferenceSchema.shape,
  number: z.int().nullable(),
  modality: z.string(),
  description: z.string(),
  bodyPart: z.string(),
  viewPosition: z.string(),
  instances: z.int(),
  slices: z.array(sliceSchema),
  /** Objects of the series without a picture. */
  notShown: z.int(),
  isVolume: z.boolean(),
  remarks: z.array(seriesRemarkSchema),
  frameTimeMs: z.number().nullable(),
})
export type SeriesDetail = z.infer<typeof seriesDetailSchema>

/** What a corrected header says differently; texts are cut, and empty where the attribute is missing. */
export const headerChangeSchema = z.strictObject({
  /** `(0010,0010)` */
  tag: z.string(),
  /** In words; empty for private and unknown attributes. */
  name: z.string(),
  before: z.string(),
  after: z.string(),
})
export type HeaderChange = z.infer<typeof headerChangeSchema>

/** What became of objects that came again and were not the same. */
export const studyEventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('header-corrected'),
    objects: z.int().min(1),
    changes: z.array(headerChangeSchema),
    /** UTC, ISO 8601; of the last of them. */
    at: z.string(),
  }),
  z.strictObject({
    event: z.literal('kept-out'),
    objects: z.int().min(1),
    /** The first names of the files. */
    files: z.array(z.string()),
    at: z.string(),
  }),
])
export type StudyEvent = z.infer<typeof studyEventSchema>

export const studyDetailSchema = z.strictObject({
  row: studyRowSchema,
  series: z.array(seriesDetailSchema),
  /** The latest last. */
  history: z.array(studyEventSchema),
})
export type StudyDetail = z.infer<typeof studyDetailSchema>

export const importFailureSchema = z.strictObject({ file: z.string(), ...errorReportSchema.shape })

/** Counts of one import, rising while it runs. */
export const importProgressSchema = z.strictObject({
  importId: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  found: z.int(),
  /** True while folders are still being listed. */
  listing: z.boolean(),
  stored: z.int(),
  known: z.int(),
  /** Known pixels under another header, which is in force now. */
  corrected: z.int(),
  skipped: z.int(),
  failed: z.array(importFailureSchema),
  /** How many failed; `failed` holds the first 200. */
  failedCount: z.int(),
  /** Studies touched, the first 100. */
  studyKeys: z.array(z.int()),
  error: errorReportSchema.nullable(),
})
export type ImportProgress = z.infer<typeof importProgressSchema>
