/** What Overread keeps of a DICOM object's header. Text is as decoded; times and dates stay as written. */
import { z } from 'zod'

const text = z.string().max(1024)
/** Digits and dots by PS3.5 9.1; letters too, as some anonymisers write hashes. */
export const uidSchema = z.string().regex(/^[0-9A-Za-z._-]{1,64}$/)
const triple = z.tuple([z.number(), z.number(), z.number()])
const six = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])

/** What a length of one pixel rests on. `detector` is not a length in the patient. */
export const spacingOrigins = ['patient', 'calibrated', 'detector', 'scanned', 'ultrasound'] as const

/** Where one frame lies. A field is null where the object does not say it. */
export const frameGeometrySchema = z.strictObject({
  /** IPP: centre of the first pixel, LPS+ mm. */
  position: triple.nullable(),
  /** IOP: unit vectors along a row, then down a column. */
  orientation: six.nullable(),
  /** [between rows, between columns] in mm. */
  pixelSpacing: z.tuple([z.number().positive(), z.number().positive()]).nullable(),
  spacingOrigin: z.enum(spacingOrigins).nullable(),
  sliceThicknessMm: z.number().nullable(),
  /** [vertical, horizontal] size of a pixel by (0028,0034); [1, 1] where not stated. */
  pixelAspectRatio: z.tuple([z.number().positive(), z.number().positive()]),
})
export type FrameGeometry = z.infer<typeof frameGeometrySchema>

export const windowSchema = z.strictObject({
  center: z.number(),
  width: z.number(),
  voiLutFunction: z.enum(['LINEAR', 'LINEAR_EXACT', 'SIGMOID']),
  explanation: text,
})
export type Window = z.infer<typeof windowSchema>

export const patientFactsSchema = z.strictObject({
  patientId: text,
  issuer: text,
  /** As written, groups joined by `=`, components by `^`. */
  patientName: text,
  birthDate: text,
  sex: text,
})
export type PatientFacts = z.infer<typeof patientFactsSchema>

/** What tells the frames of one object apart besides their place; a field is null or empty where it is not stated. */
export const frameKindSchema = z.strictObject({
  /** (0020,9056) */
  stackId: text,
  /** (0020,9157): one number a dimension, the most important first. */
  dimensionIndex: z.array(z.int()),
  echoTimeMs: z.number().nullable(),
  /** s/mm² */
  bValue: z.number().nullable(),
  /** Magnitude, phase, water, fat and the like: Complex Image Component and what Frame Type says from its third value on. */
  component: text,
  /** (0020,9128) */
  temporalPosition: z.int().nullable(),
  /** Delay after the heart's trigger, ms. */
  triggerDelayMs: z.number().nullable(),
})
export type FrameKind = z.infer<typeof frameKindSchema>

/** A part of an object that was too large for one: (0020,9161), (0020,9162), (0020,9163), (0020,9228). PS3.3 C.7.6.16.1. */
export const concatenationSchema = z.strictObject({
  uid: uidSchema,
  part: z.int().nullable(),
  parts: z.int().nullable(),
  /** Frames of the whole that stand before this part's first. */
  frameOffset: z.int().min(0),
})
export type Concatenation = z.infer<typeof concatenationSchema>

export const imageFactsSchema = z.strictObject({
  /** Of a frame as it is shown; in a mosaic, of one tile. */
  rows: z.int().positive(),
  columns: z.int().positive(),
  numberOfFrames: z.int().positive(),
  samplesPerPixel: z.int().positive(),
  photometricInterpretation: text,
  bitsAllocated: z.int(),
  bitsStored: z.int(),
  pixelRepresentation: z.int(),
  lossy: z.boolean(),
  /** One entry, or one a frame. */
  geometry: z.array(frameGeometrySchema).min(1),
  /** Milliseconds a frame of a cine, where stated. */
  frameTimeMs: z.number().nullable(),
  /** One entry a frame; absent where no frame differs from another. */
  frameKinds: z.array(frameKindSchema).optional(),
  /** The frames are the tiles of one picture of this size (a Siemens mosaic). */
  mosaic: z.strictObject({ rows: z.int().positive(), columns: z.int().positive() }).optional(),
})
export type ImageFacts = z.infer<typeof imageFactsSchema>

export const instanceFactsSchema = z.strictObject({
  sopInstanceUid: uidSchema,
  sopClassUid: uidSchema,
  seriesInstanceUid: uidSchema,
  studyInstanceUid: uidSchema,
  transferSyntaxUid: uidSchema,
  patient: patientFactsSchema,
  study: z.strictObject({
    date: text,
    time: text,
    description: text,
    accessionNumber: text,
    id: text,
    /** (0010,1010); what was imported by earlier versions does not say. */
    patientAge: text.optional(),
  }),
  series: z.strictObject({
    number: z.int().nullable(),
    modality: text,
    description: text,
    protocolName: text,
    bodyPart: text,
    laterality: text,
    frameOfReferenceUid: text,
    date: text,
  }),
  instanceNumber: z.int().nullable(),
  acquisitionNumber: z.int().nullable(),
  /** (0008,0008) */
  imageType: z.array(text),
  viewPosition: text,
  patientPosition: text,
  patientOrientation: z.array(text),
  /** (0008,0068): FOR PRESENTATION, FOR PROCESSING or empty. */
  presentationIntentType: text,
  echoTimeMs: z.number().nullable(),
  repetitionTimeMs: z.number().nullable(),
  inversionTimeMs: z.number().nullable(),
  /** (0018,0020), (0018,0024) and alike, joined by a blank. */
  sequenceName: text,
  // Absent in archives written before these were kept.
  /** s/mm² */
  bValue: z.number().nullable().optional(),
  /** (0020,0100) */
  temporalPosition: z.int().nullable().optional(),
  /** (0018,1060), ms */
  triggerTimeMs: z.number().nullable().optional(),
  concatenation: concatenationSchema.nullable().optional(),
  /** Null where the object holds no picture. */
  image: imageFactsSchema.nullable(),
})
export type InstanceFacts = z.infer<typeof instanceFactsSchema>
