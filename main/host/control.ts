/** What Electron main and the engine host say to each other, besides the ports that windows get. */
import { z } from 'zod'
import { errorReportSchema } from '../../contracts/analysis'

const path = z.string().min(1).max(4096)
/** Which compute process is meant, as the host counts them: word of one may cross the start of the next. */
const number = z.int().min(1)

export const toHostSchema = z.discriminatedUnion('control', [
  /** A window's port comes with the message. */
  z.strictObject({ control: z.literal('session') }),
  /** The compute process's port comes with the message. */
  z.strictObject({ control: z.literal('compute.port'), number }),
  /** The compute process ended: "code 134". */
  z.strictObject({ control: z.literal('compute.ended'), number, how: z.string().max(64) }),
  /** `open`: show the study when all paths belong to one. */
  z.strictObject({ control: z.literal('import'), paths: z.array(path).min(1).max(10_000), open: z.boolean() }),
  /** Adds a model package, a folder or a ZIP. */
  z.strictObject({ control: z.literal('add-model'), path }),
  z.strictObject({ control: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHostSchema>

export const fromHostSchema = z.discriminatedUnion('control', [
  z.strictObject({ control: z.literal('ready') }),
  /** The archive could not be opened. */
  z.strictObject({ control: z.literal('refused'), error: errorReportSchema }),
  z.strictObject({ control: z.literal('compute.start'), number }),
  /** Ends a run that does not stop by itself. */
  z.strictObject({ control: z.literal('compute.kill'), number }),
  z.strictObject({ control: z.literal('stopped') }),
])
export type FromHost = z.infer<typeof fromHostSchema>
