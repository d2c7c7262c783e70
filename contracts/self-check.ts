/** What Overread proves of itself on this machine: a table of decoders, look-up tables, the archive and the networks. */
import { z } from 'zod'
import { providerSchema } from './analysis'
import { errorCodes } from './errors'

export const selfCheckKinds = ['decoder', 'lut', 'archive', 'model'] as const
/** `absent`: this machine does not have it; it is not used, and that is no fault. */
export const selfCheckStates = ['passed', 'failed', 'absent'] as const

export const selfCheckRowSchema = z.strictObject({
  kind: z.enum(selfCheckKinds),
  /** "JPEG-LS, 12 bit", or a network's id. */
  name: z.string().max(128),
  /** Of a network on one provider; null: of what no provider runs. */
  provider: providerSchema.nullable(),
  state: z.enum(selfCheckStates),
  /** What was seen, in a sentence without its full stop. */
  sentence: z.string().max(1200),
  /** Of a fault. */
  code: z.enum(errorCodes).nullable(),
  ms: z.number().min(0),
})
export type SelfCheckRow = z.infer<typeof selfCheckRowSchema>

export const hasFailure = (rows: readonly SelfCheckRow[]): boolean => rows.some(({ state }) => state === 'failed')

/** More checks than a machine with every network that it may hold needs. */
export const mostChecks = 100_000

export const selfCheckRequests = {
  /** How many checks there are now; the window asks for one after the other, and stops where the reader cancels. */
  'self-check.begin': { input: z.strictObject({}), output: z.strictObject({ total: z.int().min(0).max(mostChecks) }) },
  /** Does one; null where it does not come into question on this machine. */
  'self-check.row': {
    input: z.strictObject({ index: z.int().min(0).max(mostChecks) }),
    output: z.strictObject({ row: selfCheckRowSchema.nullable() }),
  },
} as const
