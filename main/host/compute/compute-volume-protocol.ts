/** What the engine host and the compute process say of volumes. */
import { z } from 'zod'

const side = z.int().min(1).max(512)

/** The box that comes beside it, voxel by voxel in the axes of the tensor: uint8 or float32, before the scale. */
export const toComputeVolume = {
  sides: z.tuple([side, side, side]),
  values: z.enum(['uint8', 'float32']),
  /** A value v goes in as (v - low) / (high - low), within 0 to 1 where `clip`. */
  scale: z.strictObject({ low: z.number(), high: z.number(), clip: z.boolean() }).refine(({ low, high }) => low < high),
}

/** The number of a class at each voxel of the box comes beside it: uint8. */
export const fromComputeVolume = { runMs: z.number() }

export type VolumeRequest = z.infer<z.ZodObject<typeof toComputeVolume>>
