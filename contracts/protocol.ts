/** The conversation of a window with the engine: requests with one reply each, and events. */
import { z } from 'zod'
import {
  analysisResultSchema,
  decisionSchema,
  errorReportSchema,
  frameReferenceSchema,
  gateAnswerSchema,
  jobSchema,
  modelReferenceSchema,
  pointInForceSchema,
  providerSchema,
  sha256Schema,
  stackReferenceSchema,
  verdicts,
} from './analysis'
import { explanationProgressSchema, explanationRequests } from './explanation'
import { frameDescriptionSchema } from './frame'
import { layerRequests } from './layers'
import { selfCheckRequests } from './self-check'
import { addingSchema, modelStoreRequests } from './model-store'
import { pointChoiceSchema, pointSettingSchema } from './operating-points'
import { newReaderEntrySchema, readerEntrySchema } from './reader-entries'
import { aiStateFilters, importProgressSchema, studyDetailSchema, studyRowSchema, worklistColumns } from './worklist'

const id = z.string().min(1).max(64)
const studyKey = z.int().min(1)
const bytes = z.instanceof(Uint8Array)

export const suggestionSchema = z.strictObject({
  modelId: z.string(),
  title: z.string(),
  version: z.string(),
  sha256: sha256Schema,
  gate: gateAnswerSchema,
})
export type Suggestion = z.infer<typeof suggestionSchema>

/** Where an overlay plane of a file lies on its picture. PS3.3 C.9.2. */
export const overlayPlaneSchema = z.strictObject({
  /** 0x6000, 0x6002, ... 0x601E. */
  group: z.int(),
  rows: z.int().positive(),
  columns: z.int().positive(),
  /** Where its first pixel lies on the picture, from 0; may lie outside it. */
  firstRow: z.int(),
  firstColumn: z.int(),
  /** G: graphics, R: region of interest. */
  type: z.string(),
  label: z.string(),
  description: z.string(),
})
export type OverlayPlaneFacts = z.infer<typeof overlayPlaneSchema>

/** Every request with the schema of what goes in and of what comes back. */
export const requests = {
  'studies.list': {
    input: z.strictObject({
      search: z.string().max(200),
      sort: z.enum(worklistColumns),
      descending: z.boolean(),
      modality: z.string().max(16).nullable(),
      /** YYYYMMDD, inclusive; null: no bound. */
      dateFrom: z.string().max(8).nullable(),
      dateTo: z.string().max(8).nullable(),
      /** A state of `aiStateFilters`. */
      state: z.enum(aiStateFilters).nullable(),
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
    output: z.strictObject({ total: z.int(), rows: z.array(studyRowSchema), modalities: z.array(z.string()) }),
  },
  'study.open': { input: z.strictObject({ studyKey }), output: studyDetailSchema },
  /** Modality values with their description; `bytes` are the samples, little endian. */
  'frame.get': {
    input: z.strictObject({ ...frameReferenceSchema.shape, studyKey }),
    output: z.strictObject({ description: frameDescriptionSchema, bytes }),
  },
  /** The reader turns the slices of a study by hand, told a few times a second: what is analysed of others waits until he rests. */
  'reader.scrolls': { input: z.strictObject({ studyKey }), output: z.strictObject({}) },
  /**
   * The overlay planes that the file itself lays on a frame. `bytes` holds the planes in their order, each row by row
   * at one bit a pixel, lowest bit first, and begun on a whole byte. Null where there are none.
   */
  'overlay-planes.get': {
    input: z.strictObject({ ...frameReferenceSchema.shape, studyKey }),
    output: z.strictObject({ planes: z.array(overlayPlaneSchema).min(1).max(16), bytes }).nullable(),
  },
  /** 8-bit grey or RGB, longest side 128. */
  'thumbnail.get': {
    input: z.strictObject({ ...stackReferenceSchema.shape, studyKey }),
    output: z.strictObject({ rows: z.int(), columns: z.int(), samplesPerPixel: z.union([z.literal(1), z.literal(3)]), bytes }),
  },
  'import.cancel': { input: z.strictObject({ importId: id }), output: z.strictObject({}) },
  /** Makes the phantoms and stores them. */
  'example.open': { input: z.strictObject({}), output: z.strictObject({ studyKeys: z.array(z.int()) }) },
  /** What holds for the installed model, and every setting of any version of it, oldest first. `model` null: it is not installed. */
  'operating-points.list': {
    input: z.strictObject({ modelId: z.string().max(64) }),
    output: z.strictObject({
      model: modelReferenceSchema.nullable(),
      inForce: z.array(pointInForceSchema),
      history: z.array(pointSettingSchema),
    }),
  },
  /** Appends a setting; the same `settingId` twice is one. Results that are there keep their point. */
  'operating-point.set': {
    input: z.strictObject({
      settingId: id,
      modelId: z.string().max(64),
      label: z.string().max(64),
      choice: pointChoiceSchema,
      comment: z.string().max(4000),
    }),
    output: pointSettingSchema,
  },
  /** The models for a stack, the best match first. */
  'models.suggest': {
    input: z.strictObject({ ...stackReferenceSchema.shape, studyKey }),
    output: z.strictObject({ suggestions: z.array(suggestionSchema) }),
  },
  /** Queues a job a stack. `frames` null: the whole stack; `series` null: every stack of the study that the model reads. */
  'analysis.start': {
    input: z.strictObject({
      requestId: id,
      studyKey,
      series: stackReferenceSchema.nullable(),
      frames: z.array(frameReferenceSchema).min(1).max(100_000).nullable(),
      modelId: z.string().max(64),
      override: z.boolean(),
      provider: providerSchema.nullable(),
    }),
    output: z.strictObject({ jobs: z.array(jobSchema) }),
  },
  'analysis.cancel': { input: z.strictObject({ jobId: id }), output: z.strictObject({}) },
  'jobs.list': { input: z.strictObject({ studyKey }), output: z.strictObject({ jobs: z.array(jobSchema) }) },
  /** Every result of a study, newest first, with every decision and every entry of a reader in order. */
  'results.list': {
    input: z.strictObject({ studyKey }),
    output: z.strictObject({
      results: z.array(analysisResultSchema),
      decisions: z.array(decisionSchema),
      entries: z.array(readerEntrySchema),
    }),
  },
  /**
   * One frame's overlay on the source grid: `heatmap` uint16 little endian, 0 to 65535 for 0 to 1;
   * `mask` and `possible-mask` (what any test-time variant finds) uint8, 0 or 1; `label-map`, of the label '', uint8,
   * the number of a structure. Null where the result holds none for the frame.
   */
  'overlay.get': {
    input: z.strictObject({
      studyKey,
      resultId: id,
      ...frameReferenceSchema.shape,
      label: z.string().max(64),
      kind: z.enum(['heatmap', 'mask', 'possible-mask', 'label-map']),
    }),
    output: z.strictObject({ rows: z.int(), columns: z.int(), bytes }).nullable(),
  },
  /** Appends a decision; the same `decisionId` twice is one. */
  'decision.add': {
    input: z.strictObject({ studyKey, decisionId: id, findingId: id, verdict: z.enum(verdicts), comment: z.string().max(4000) }),
    output: decisionSchema,
  },
  ...modelStoreRequests,
  /** Appends an entry of the reader; the same `entryId` twice is one. */
  'reader-entry.add': { input: z.strictObject({ studyKey, entry: newReaderEntrySchema }), output: readerEntrySchema },
  ...layerRequests,
  ...explanationRequests,
  ...selfCheckRequests,
} as const

export type RequestKind = keyof typeof requests
export const requestKinds = Object.keys(requests) as RequestKind[]
export type RequestInput<K extends RequestKind> = z.infer<(typeof requests)[K]['input']>
export type RequestOutput<K extends RequestKind> = z.infer<(typeof requests)[K]['output']>

/** What the engine tells every window unasked. */
export const engineEventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('import.progress'), progress: importProgressSchema }),
  /** Rows of the worklist changed. */
  z.strictObject({ event: z.literal('studies.changed'), studyKeys: z.array(z.int()) }),
  z.strictObject({ event: z.literal('job.changed'), job: jobSchema, studyKey: z.int() }),
  z.strictObject({ event: z.literal('results.changed'), studyKey: z.int() }),
  explanationProgressSchema,
  z.strictObject({ event: z.literal('operating-points.changed'), modelId: z.string() }),
  z.strictObject({ event: z.literal('model.adding'), adding: addingSchema }),
  /** Packages were added, removed, or another version is in use. */
  z.strictObject({ event: z.literal('models.changed') }),
  /** Paths were handed over by the system: open this study. */
  z.strictObject({ event: z.literal('study.wanted'), studyKey: z.int() }),
])
export type EngineEvent = z.infer<typeof engineEventSchema>

/** Bytes of a message travel in parts of at most this length, after the message that announces them. */
export const partBytes = 2 * 1024 * 1024
/** No message carries more. */
export const messageBytes = 64 * 1024 * 1024

export const toEngineSchema = z.strictObject({
  requestId: z.int().min(0),
  kind: z.enum(requestKinds as [RequestKind, ...RequestKind[]]),
  input: z.unknown(),
})
export type ToEngine = z.infer<typeof toEngineSchema>

/**
 * `reply`: `output` lacks its `bytes` when `parts` is above 0; they follow as that many `part` messages,
 * in order of `index`. A part's bytes travel beside the message, as the packet's first byte array.
 */
export const fromEngineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reply'), requestId: z.int(), output: z.unknown(), byteLength: z.int().min(0), parts: z.int().min(0) }),
  z.strictObject({ type: z.literal('part'), requestId: z.int(), index: z.int().min(0) }),
  z.strictObject({ type: z.literal('error'), requestId: z.int(), error: errorReportSchema }),
  z.strictObject({ type: z.literal('event'), payload: engineEventSchema }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>
