/** Why a network said what it said of one picture: a map, and how far it can be trusted. */
import { z } from 'zod'
import { frameReferenceSchema, modelReferenceSchema, packageSignatureSchema, providerSchema } from './analysis'

/** `cam`: exact, from the network's own sum; `score-cam`: by masking; `occlusion`: by covering. */
export const explanationMethods = ['cam', 'score-cam', 'occlusion'] as const
export const explanationMethodSchema = z.enum(explanationMethods)
export type ExplanationMethod = z.infer<typeof explanationMethodSchema>

/** What a value of the map is, all on a scale of 0 to 1 that is the same for every picture. */
export const methodWords: Readonly<Record<ExplanationMethod, { readonly how: string; readonly unit: string }>> = {
  cam: { how: 'exact', unit: 'local score, 0 to 1' },
  'score-cam': { how: 'by masking', unit: 'rise of the score, 0 to 1' },
  occlusion: { how: 'by covering', unit: 'fall of the score, 0 to 1' },
}

/** Share of the input that the deletion test masks and the contour encloses. */
export const hottestShare = 0.1
/** Least correlation of the map with that of the picture moved by one pixel. */
export const leastCorrelation = 0.8

export const trustSchema = z.strictObject({
  /** The hottest tenth is replaced by nothing; so is a region of the same shape at other places. */
  deletion: z.strictObject({
    passed: z.boolean(),
    fall: z.number(),
    elsewhereMean: z.number(),
    /** Least and greatest fall at the other places. */
    elsewhereRange: z.tuple([z.number(), z.number()]),
    places: z.int().min(0).max(64),
  }),
  repeatability: z.strictObject({
    passed: z.boolean(),
    /** Null where a map holds one value and correlates with nothing. */
    correlation: z.number().nullable(),
  }),
})
export type Trust = z.infer<typeof trustSchema>

/** What is known of an explanation besides its map. */
export const explanationFactsSchema = z.strictObject({
  method: explanationMethodSchema,
  /** Of the plain picture, without mirrored forms. */
  score: z.number(),
  scoreOfNothing: z.number(),
  /** Greatest value of the map. */
  greatest: z.number(),
  /** The contour around the hottest tenth lies at this value; null where the map has no such place. */
  contour: z.number().nullable(),
  /** Runs of the network. */
  passes: z.int().min(0),
  /** Of the last maps, and how many of them were looked through; 0 where none are. */
  channels: z.int().min(0),
  masks: z.int().min(0),
  trust: trustSchema,
})
export type ExplanationFacts = z.infer<typeof explanationFactsSchema>

export const explanationSchema = z.strictObject({
  ...frameReferenceSchema.shape,
  ...explanationFactsSchema.shape,
  label: z.string().max(64),
  title: z.string().max(80),
  model: modelReferenceSchema,
  /** Of the package as it is now. */
  signature: packageSignatureSchema,
  provider: providerSchema,
  elapsedMs: z.number().min(0),
  rows: z.int().min(1),
  columns: z.int().min(1),
})
export type Explanation = z.infer<typeof explanationSchema>

const requestId = z.string().min(1).max(64)

export const explanationRequests = {
  /**
   * Explains the label's score for a picture of a result that was not refused. `bytes`: uint16 little endian, 0 to 65535 for 0 to 1, on the
   * picture's own grid.
   */
  'explanation.make': {
    input: z.strictObject({
      requestId,
      studyKey: z.int().min(1),
      resultId: requestId,
      ...frameReferenceSchema.shape,
      label: z.string().max(64),
      /** Null: exact where that holds, else by masking, else by covering. */
      method: explanationMethodSchema.nullable(),
    }),
    output: z.strictObject({ explanation: explanationSchema, bytes: z.instanceof(Uint8Array) }),
  },
  'explanation.cancel': { input: z.strictObject({ requestId }), output: z.strictObject({}) },
} as const

export const explanationProgressSchema = z.strictObject({
  event: z.literal('explanation.progress'),
  requestId,
  done: z.int().min(0),
  /** Null while it is not known. */
  total: z.int().min(0).nullable(),
})

/** Why a map is drawn grey, in a sentence; null where it passed. */
export function distrustOf({ deletion, repeatability }: Trust): string | null {
  if (!deletion.passed) {
    return deletion.places === 0
      ? 'No place stands out.'
      : 'Masking the hottest tenth lowers the score no more than masking the same shape elsewhere.'
  }
  if (repeatability.passed) return null
  return 'The map changes when the picture is moved by one pixel.'
}
