/** Results of networks, findings, and what readers decide about them. Appended, never changed. */
import { z } from 'zod'
import { uidSchema } from './dicom-facts'
import { errorCodes } from './errors'

export const errorReportSchema = z.strictObject({ code: z.enum(errorCodes), message: z.string().max(4096) })

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

export const modelReferenceSchema = z.strictObject({ id: z.string(), version: z.string(), sha256: sha256Schema, title: z.string() })
export type ModelReference = z.infer<typeof modelReferenceSchema>

/**
 * Who stands for a package. `bundled`: it came with Overread; `trusted`: signed by a key of the site's trust list;
 * `unknown-key`: signed by another; `unsigned`: nobody.
 */
export const packageSignatureSchema = z.strictObject({
  state: z.enum(['bundled', 'trusted', 'unknown-key', 'unsigned']),
  /** As the trust list calls the key. */
  signer: z.string().max(128).nullable(),
  /** Ed25519, raw, base64. */
  publicKey: z.string().max(64).nullable(),
})
export type PackageSignature = z.infer<typeof packageSignatureSchema>

/** Names of execution providers, best first; also the order in which they are tried. */
export const providerNames = ['cuda', 'webgpu', 'coreml', 'dml', 'cpu', 'tensorflow-gpu', 'tensorflow', 'tfjs-wasm', 'tfjs-cpu'] as const
export const providerSchema = z.enum(providerNames)
export type ProviderName = (typeof providerNames)[number]
export const providerTitles: Record<ProviderName, string> = {
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  coreml: 'CoreML',
  dml: 'DirectML',
  cpu: 'CPU',
  'tensorflow-gpu': 'TensorFlow on the GPU',
  tensorflow: 'TensorFlow on the CPU',
  'tfjs-wasm': 'TensorFlow.js (WebAssembly)',
  'tfjs-cpu': 'TensorFlow.js (plain)',
}

/** The header gate's answer for one fact. Only a contradiction refuses; unknown runs and is said. */
export const gateAnswerSchema = z.strictObject({
  verdict: z.enum(['accepts', 'contradicts', 'unknown']),
  contradictions: z.array(errorReportSchema),
  /** What could not be checked, in words: "body part". */
  unchecked: z.array(z.string()),
})
export type GateAnswer = z.infer<typeof gateAnswerSchema>

/**
 * Which stack of its series, by what sets it apart from the others there ("TE 80 ms"); empty where a series is shown as one,
 * and of what was analysed before series were divided.
 */
export const stackSchema = z.string().max(256)

/** A series, or one stack of a series that holds several. */
export const stackReferenceSchema = z.strictObject({ seriesInstanceUid: uidSchema, stack: stackSchema })
export type StackReference = z.infer<typeof stackReferenceSchema>

export const frameReferenceSchema = z.strictObject({ sopInstanceUid: uidSchema, frameIndex: z.int().min(0) })
export type FrameReference = z.infer<typeof frameReferenceSchema>

/** What was seen of the pixels before a network's word was taken; null: not asked, or not of this picture. */
export const screeningSchema = z.strictObject({
  /** What the package's input check said, by label. */
  inputCheck: z.strictObject({ model: modelReferenceSchema, probabilities: z.record(z.string(), z.number()) }).nullable(),
  /** Mahalanobis distance from the training data, and where it is too far. */
  distance: z.strictObject({ value: z.number(), threshold: z.number() }).nullable(),
})
export type Screening = z.infer<typeof screeningSchema>

/** What a network said of one frame. */
export const imageResultSchema = z.strictObject({
  ...frameReferenceSchema.shape,
  /** SHA-256 of the object's file. */
  sha256: sha256Schema,
  /** By label; for a segmentation the 99.9th percentile of its map. */
  probabilities: z.record(z.string(), z.number()),
  /** By label: pixels at or above the operating point, on the source grid. */
  maskPixels: z.record(z.string(), z.int()),
  /** By label: least and greatest value of the heatmap on the source grid. */
  heatmapRange: z.record(z.string(), z.tuple([z.number(), z.number()])),
  /** By label without an operating point: what a network says besides, of which no finding arises. */
  attributes: z.record(z.string(), z.number()).default({}),
  /** By label, where the package runs variants: least and greatest probability among them. */
  intervals: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  screening: screeningSchema.nullable().default(null),
  refused: errorReportSchema.nullable(),
})
export type ImageResult = z.infer<typeof imageResultSchema>

/** `site`: set here by a reader; `package`: as the package states it. */
export const operatingPointSourceSchema = z.enum(['package', 'site'])

/** The threshold that holds for one label of a network. */
export const pointInForceSchema = z.strictObject({
  label: z.string(),
  threshold: z.number().min(0).max(1),
  source: operatingPointSourceSchema,
  /** The package's name for it; null: a threshold that was typed, of which nothing was measured. */
  name: z.string().nullable(),
})
export type PointInForce = z.infer<typeof pointInForceSchema>

export const findingSchema = z.strictObject({
  /** Unique in the archive. */
  findingId: z.string().max(64),
  label: z.string(),
  title: z.string(),
  /**
   * `image`: a score of a whole picture; `region`: a connected component; `box`: a detection; `structure`: a component of a
   * network that outlines what every body has. A structure is nothing to decide and counts as no finding.
   */
  kind: z.enum(['image', 'region', 'box', 'structure']),
  /** 0 to 1: the probability, or a region's 95th percentile. */
  score: z.number(),
  /** Least and greatest score among the package's test-time variants; null where it runs none. */
  interval: z.tuple([z.number(), z.number()]).nullable().default(null),
  /** What the network says besides of the same picture: "bacterial rather than viral". */
  attributes: z.array(z.strictObject({ label: z.string(), title: z.string(), score: z.number() })).default([]),
  operatingPoint: z.number(),
  operatingPointSource: operatingPointSourceSchema.default('package'),
  above: z.boolean(),
  best: frameReferenceSchema,
  /** In series order; `firstSlice` and `lastSlice` count from 1. */
  frames: z.array(frameReferenceSchema),
  /** Of a detection: where it lies on each of them, in pixel corners of the source grid; a picture may hold two. */
  boxes: z
    .array(z.strictObject({ ...frameReferenceSchema.shape, left: z.number(), top: z.number(), right: z.number(), bottom: z.number() }))
    .default([]),
  firstSlice: z.int(),
  lastSlice: z.int(),
  pixels: z.int().nullable(),
  areaMm2: z.number().nullable(),
  /** Least and greatest volume; equal where slice gaps are even; null where unknown. */
  volumeMl: z.tuple([z.number(), z.number()]).nullable(),
})
export type Finding = z.infer<typeof findingSchema>

/** What a network of volumes outlines: normal anatomy, measured and shown, nothing to decide. */
export const structureSchema = z.strictObject({
  label: z.string(),
  title: z.string(),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  /** Its number in the label map. */
  number: z.int().min(1).max(255),
  /** Of the series' own grid. */
  voxels: z.int().min(1),
  volumeMl: z.number(),
  /** From 1, in series order. */
  firstSlice: z.int(),
  lastSlice: z.int(),
  /** Where most of it is seen. */
  best: frameReferenceSchema,
})
export type Structure = z.infer<typeof structureSchema>

export const timingSchema = z.strictObject({ decodeMs: z.number(), preprocessMs: z.number(), runMs: z.number(), postprocessMs: z.number() })
export type Timing = z.infer<typeof timingSchema>

/** Of all voxels that the named network outlines, the share without a label, 0 to 1. */
const unlabelledSchema = z.strictObject({ by: z.string(), share: z.number().min(0).max(1) })

export const analysisResultSchema = z.strictObject({
  resultId: z.string().max(64),
  studyInstanceUid: uidSchema,
  seriesInstanceUid: uidSchema,
  stack: stackSchema.default(''),
  model: modelReferenceSchema,
  /** Of the package as it was when it ran; null of what was analysed before packages could be signed. */
  signature: packageSignatureSchema.nullable().default(null),
  provider: providerSchema,
  /** Providers tried before, with the reason each did not serve. */
  providersFailed: z.array(z.strictObject({ provider: providerSchema, reason: z.string() })),
  /** UTC, ISO 8601 */
  createdAt: z.string(),
  timing: timingSchema,
  /** Most bytes that the compute process held as it answered; null where it did not run. */
  computePeakBytes: z.int().nullable().default(null),
  gate: gateAnswerSchema,
  /** True: run although the gate refused, on the reader's word. */
  overridden: z.boolean(),
  /** What it was made with; empty of what was analysed before a site could set its own. */
  operatingPoints: z.array(pointInForceSchema).default([]),
  /** Of the stack as a whole; single pictures have their own. */
  screening: screeningSchema.nullable().default(null),
  /** The whole stack, or fewer pictures. */
  imagesTotal: z.int(),
  /** Why fewer: cancelled or failed; null when all asked for were done. */
  incomplete: errorReportSchema.nullable(),
  heatmapKind: z.enum(['probability', 'local-score', 'none']),
  hasMasks: z.boolean(),
  /** Masks of what any test-time variant finds lie beside. */
  hasPossibleMasks: z.boolean().default(false),
  /** A map of class numbers lies beside each picture. */
  hasLabelMaps: z.boolean().default(false),
  /** Where another network says where this one looks: what of its outline got no label; null where none does. */
  unlabelled: unlabelledSchema.nullable().default(null),
  /** What was not asked of the whole stack: the pictures asked for. Null: all. */
  requested: z.array(frameReferenceSchema).nullable(),
  images: z.array(imageResultSchema),
  /** Out of an archive: pictures of it whose header was corrected since they were read. Absent where there are none. */
  headersCorrected: z.int().min(1).optional(),
  findings: z.array(findingSchema),
  /** Of a label map: those that were found, in the order of their numbers. */
  structures: z.array(structureSchema).max(256).default([]),
  /** Short sentences on what the numbers rest on: "slice gaps are uneven". */
  notes: z.array(z.string()),
})
export type AnalysisResult = z.infer<typeof analysisResultSchema>

/** Two networks never outline quite the same: from this share on, structures are missed. */
const muchUnlabelled = 0.1

/** Or nothing. */
export function unlabelledNote({ unlabelled }: Pick<AnalysisResult, 'unlabelled'>): string {
  if (!unlabelled || unlabelled.share < muchUnlabelled) return ''
  const share = `${Math.round(unlabelled.share * 100)} %`
  return `${share} of what “${unlabelled.by}” outlines got no label here: structures are missed, or too small`
}

export const verdicts = ['accepted', 'rejected', 'undecided', 'comment'] as const
export const decisionSchema = z.strictObject({
  /** Rises by one in an archive; order never rests on the clock. */
  sequence: z.int(),
  decisionId: z.string().max(64),
  findingId: z.string().max(64),
  verdict: z.enum(verdicts),
  comment: z.string().max(4000),
  reader: z.string().max(128),
  decidedAt: z.string(),
})
export type Decision = z.infer<typeof decisionSchema>

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'refused'] as const
export const jobSchema = z.strictObject({
  jobId: z.string().max(64),
  studyInstanceUid: uidSchema,
  seriesInstanceUid: uidSchema,
  stack: stackSchema,
  /** Null: the whole stack. */
  frames: z.array(frameReferenceSchema).nullable(),
  modelId: z.string(),
  override: z.boolean(),
  state: z.enum(jobStates),
  imagesDone: z.int(),
  imagesTotal: z.int(),
  attempts: z.int(),
  error: errorReportSchema.nullable(),
  resultId: z.string().nullable(),
  /** What the job is doing, for the reader: "reading", "analysing". */
  step: z.string().max(64),
})
export type Job = z.infer<typeof jobSchema>
