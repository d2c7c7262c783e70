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

export const imageFactsSchema = z.strictObject({
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
})
export type ImageFacts = z.infer<typeof imageFactsSchema>

export const instanceFactsSchema = z.strictObject({
  sopInstanceUid: uidSchema,
  sopClassUid: uidSchema,
  seriesInstanceUid: uidSchema,
  studyInstanceUid: uidSchema,
  transferSyntaxUid: uidSchema,
  patient: patientFactsSchema,
  study: z.strictObject({ date: text, time: text, description: text, accessionNumber: text, id: text }),
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
  /** Null where the object holds no picture. */
  image: imageFactsSchema.nullable(),
})
export type InstanceFacts = z.infer<typeof instanceFactsSchema>
