/** One frame as the engine hands it out: its samples and how they are to be shown. */
import { z } from 'zod'
import { windowSchema } from './dicom-facts'

export const sampleTypes = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const
export type SampleType = (typeof sampleTypes)[number]
export const frameStages = ['stored', 'modality', 'display'] as const
export type FrameStage = (typeof frameStages)[number]

/** Green, yellow, red: lossless and intact, lossy, damaged. */
export const integrities = ['lossless', 'lossy', 'damaged'] as const

/** How modality values become grey: VOI, then presentation. Windows are in modality units. */
export const presentationSchema = z.strictObject({
  windows: z.array(windowSchema),
  /** VOI LUT sequences of the file, as tables over modality values: `values[i]` (0 to 1) belongs to `first + i`. */
  voiLuts: z.array(z.strictObject({ explanation: z.string(), first: z.number(), values: z.instanceof(Float32Array) })),
  /** MONOCHROME1 or a presentation LUT shape INVERSE, not both: shown inverted. */
  inverted: z.boolean(),
  /** Modality values in this range are padding: black whatever the window, and outside all statistics. */
  padding: z.tuple([z.number(), z.number()]).nullable(),
})
export type Presentation = z.infer<typeof presentationSchema>

/** What a file carries that changes how its picture should look and is not applied, or that makes it a program as well. */
export const frameNotes = ['icc-profile', 'supplemental-palette', 'program'] as const
export type FrameNote = (typeof frameNotes)[number]

/**
 * A region of an ultrasound picture with a scale of its own. PS3.3 C.8.5.5. Pixel indices from 0, the last ones included;
 * `pixelSpacing` as [between rows, between columns] in mm, null where an axis is no length.
 */
export const calibratedRegionSchema = z.strictObject({
  left: z.int(),
  top: z.int(),
  right: z.int(),
  bottom: z.int(),
  pixelSpacing: z.tuple([z.number().positive(), z.number().positive()]).nullable(),
})
export type CalibratedRegion = z.infer<typeof calibratedRegionSchema>

export const frameDescriptionSchema = z.strictObject({
  rows: z.int().positive(),
  columns: z.int().positive(),
  /** 1 grey or 3 RGB, interleaved by pixel. */
  samplesPerPixel: z.union([z.literal(1), z.literal(3)]),
  type: z.enum(sampleTypes),
  /** Least and greatest sample; padding left out except at the stage `stored`. */
  min: z.number(),
  max: z.number(),
  /** After decoding: MONOCHROME1, MONOCHROME2 or RGB; at the stage `stored` as in the file. */
  photometricInterpretation: z.string(),
  transferSyntaxUid: z.string(),
  /** HU, or what (0028,1054) and the like state; empty where unknown. */
  unit: z.string(),
  presentation: presentationSchema,
  integrity: z.enum(integrities),
  /** Overlay planes of the file that lie on this frame, as the header states them. */
  overlayPlanes: z.int().min(0).max(16),
  notes: z.array(z.enum(frameNotes)),
  regions: z.array(calibratedRegionSchema).max(256),
})
export type FrameDescription = z.infer<typeof frameDescriptionSchema>

export type Samples =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

/** A frame with its samples, rows × columns × samplesPerPixel. */
export interface Frame {
  readonly description: FrameDescription
  readonly samples: Samples
}
