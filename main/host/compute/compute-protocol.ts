/** What the engine host and the compute process say to each other. The host checks every word of compute. */
import { z } from 'zod'
import { providerSchema, sha256Schema } from '../../../contracts/analysis'
import { errorCodes } from '../../../contracts/errors'
import { explainedSchema, explainProgressSchema, explainWantedSchema } from './explain-messages'
import { layerMapsAnswerSchema, layerMapsWantedSchema, layersAnswerSchema, layersWantedSchema } from './layer-messages'
import { fromComputeVolume, toComputeVolume } from './compute-volume-protocol'

const id = z.int().min(0)
/** How many threads a model runs on, and the version of the runtime that this was measured with. */
const threadChoiceSchema = z.strictObject({ threads: z.int().min(1).max(4096), runtime: z.string().max(64) })
export type ThreadChoice = z.infer<typeof threadChoiceSchema>

const model = {
  folder: z.string().min(1).max(4096),
  sha256: sha256Schema,
  provider: providerSchema,
  /** On the CPU; null: not known. */
  threads: threadChoiceSchema.nullable(),
}
/** Resident bytes of the process as it answers. */
const residentBytes = z.int().min(0)

export const toComputeSchema = z.discriminatedUnion('type', [
  /**
   * Opens a session and tries it. `measured`: it must also be faster than the CPU. `chooseThreads`: where the threads are not
   * known they are measured.
   */
  z.strictObject({ type: z.literal('prepare'), id, ...model, measured: z.boolean(), chooseThreads: z.boolean() }),
  /** Has a session repeat the golden case, also one that did before. */
  z.strictObject({ type: z.literal('prove'), id, ...model }),
  /** Runs the tensor that comes beside it. */
  z.strictObject({ type: z.literal('run'), id, ...model }),
  z.strictObject({ type: z.literal('run-volume'), id, ...model, ...toComputeVolume }),
  /** Runs a bare network, of which no package says anything yet, on the tensor that comes beside it: ONNX on the CPU, TensorFlow.js in itself. */
  z.strictObject({
    type: z.literal('trial'),
    id,
    engine: z.enum(['onnx', 'tfjs']),
    /** The network, then what holds its weights. */
    files: z.array(z.string().min(1).max(4096)).min(1).max(65),
    sha256: sha256Schema,
    /** Of the tensor, the channels first in pictures. */
    shape: z.array(z.int().min(1).max(4096)).min(1).max(8),
    /** An ONNX graph of pictures takes and gives the channels last. */
    channelsLast: z.boolean(),
    /** Of TensorFlow.js: it is translated with a normalisation after layers whose names end so; null: run as it stands. */
    normaliseAfter: z.string().min(1).max(64).nullable(),
  }),
  /** Takes back what has not begun; a run and an explanation at their next pass, a volume at its next window. */
  z.strictObject({ type: z.literal('cancel'), id }),
  /** A reader turns the slices of a study that no job reads. Nothing is answered. */
  z.strictObject({ type: z.literal('stand-aside') }),
  layersWantedSchema,
  layerMapsWantedSchema,
  explainWantedSchema,
])
export type ToCompute = z.infer<typeof toComputeSchema>

export const fromComputeSchema = z.discriminatedUnion('type', [
  /** `threads`: those that were measured just now or were known before; null on other providers and where none were asked for. */
  z.strictObject({ type: z.literal('ready'), id, residentBytes, threads: threadChoiceSchema.nullable() }),
  /** `fault`: how it differs from the golden case; null where it repeats it. */
  z.strictObject({ type: z.literal('proven'), id, residentBytes, fault: z.string().max(1000).nullable() }),
  /**
   * One byte array an output comes beside it: float32, labels × rows × columns. After one with a spread come two more
   * of its size, its least and its greatest values.
   */
  z.strictObject({
    type: z.literal('outputs'),
    id,
    residentBytes,
    runMs: z.number(),
    outputs: z
      .array(
        z.strictObject({
          name: z.string().max(128),
          /** 0 where an output of boxes holds none. */
          rows: z.int().min(0).max(4096),
          columns: z.int().min(1).max(4096),
          spread: z.boolean(),
        }),
      )
      .max(8),
    distance: z.number().nullable(),
  }),
  z.strictObject({ type: z.literal('label-map'), id, residentBytes, ...fromComputeVolume }),
  /** A byte array an output comes beside it: float32 in its shape. */
  z.strictObject({
    type: z.literal('tried'),
    id,
    residentBytes,
    outputs: z.array(z.strictObject({ name: z.string().max(1024), shape: z.array(z.int().min(0)).max(8) })).max(64),
  }),
  layersAnswerSchema,
  layerMapsAnswerSchema,
  explainProgressSchema,
  explainedSchema,
  z.strictObject({ type: z.literal('failed'), id, code: z.enum(errorCodes), detail: z.string().max(1000) }),
])
export type FromCompute = z.infer<typeof fromComputeSchema>

/** Bytes as float32; copied where they do not lie on a boundary of four. */
export function floatsOf(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Float32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4))
}

export function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)
}
