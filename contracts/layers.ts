/** The layers of a network, and what they make of one picture. */
import { z } from 'zod'
import { frameReferenceSchema, stackReferenceSchema } from './analysis'

export const layerKinds = [
  'convolution',
  'normalisation',
  'activation',
  'pooling',
  'sum',
  'product',
  'concatenation',
  'fully-connected',
  'probability',
  'resize',
  'other',
] as const
export type LayerKind = (typeof layerKinds)[number]

/** Networks with more layers are not walked through. */
export const mostLayers = 2000
/** Maps in one answer; of larger maps fewer, as many as `mostMapBytes` hold. */
export const mostMaps = 64
export const mostMapBytes = 8 * 2 ** 20
/** Values in one answer, of a layer that gives numbers and no maps. */
export const mostValues = 1024

/** A map's levels: 1 for the layer's least value, 255 for its greatest; 0 where the network saw nothing. */
export const leastLevel = 1
export const greatestLevel = 255

export const layerSchema = z.strictObject({
  kind: z.enum(layerKinds),
  /** "Convolution". */
  title: z.string().max(80),
  /** What it does, in a sentence without its full stop. */
  words: z.string().max(400),
  /** As the graph calls its value. */
  name: z.string().max(200),
  /** Batch first; a side is null until a run tells it, the whole where not even how many there are is known. */
  shape: z.array(z.int().min(0).nullable()).max(8).nullable(),
  /** Numbers that were learnt. */
  weights: z.int().min(0),
  /** Places in the list of the layers it reads; -1: the picture. */
  inputs: z.array(z.int().min(-1)).max(64),
  /** Layers that follow one another directly and are one step to a reader share a number. */
  block: z.int().min(0),
})
export type Layer = z.infer<typeof layerSchema>

export const layerListSchema = z.strictObject({
  layers: z.array(layerSchema).max(mostLayers),
  /** What Overread does with the outputs afterwards, in sentences. */
  after: z.array(z.string().max(400)).max(16),
})
export type LayerList = z.infer<typeof layerListSchema>

/** Of all values of one map, not of those in view. */
const mapStatisticsSchema = z.strictObject({ min: z.number(), max: z.number(), mean: z.number(), zeros: z.number().min(0).max(1) })
export type MapStatistics = z.infer<typeof mapStatisticsSchema>

const described = {
  /** What the run gave, batch first. */
  shape: z.array(z.int().min(0)).max(8),
  /** Least and greatest value of the whole layer on this picture: one scale for all its maps. */
  scale: z.tuple([z.number(), z.number()]),
  /** Maps or values of the layer, and the place of the first in this answer. */
  total: z.int().min(0),
  first: z.int().min(0),
}

export const layerMapsSchema = z.discriminatedUnion('form', [
  /** `bytes` beside it: a level a pixel, map by map. */
  z.strictObject({
    form: z.literal('maps'),
    ...described,
    rows: z.int().min(1).max(8192),
    columns: z.int().min(1).max(8192),
    /** True where the map's grid spans what the network saw, so that it can be laid over the picture. */
    spatial: z.boolean(),
    maps: z.array(mapStatisticsSchema).max(mostMaps),
  }),
  z.strictObject({ form: z.literal('values'), ...described, values: z.array(z.number()).max(mostValues) }),
])
export type LayerMaps = z.infer<typeof layerMapsSchema>

const bytes = z.instanceof(Uint8Array)
const mapPlace = z.int().min(0).max(1_000_000)
const modelId = z.string().max(64)
const layerOfPicture = {
  studyKey: z.int().min(1),
  ...stackReferenceSchema.shape,
  ...frameReferenceSchema.shape,
  modelId,
  /** Its place in the list. */
  layer: z.int().min(0).max(mostLayers),
}

export const layerRequests = {
  'layers.list': { input: z.strictObject({ modelId }), output: layerListSchema },
  /** Runs the picture once, and gives the maps of one layer from `first` on; without `bytes` where the layer has none. */
  'layers.maps': {
    input: z.strictObject({ ...layerOfPicture, first: mapPlace }),
    output: z.strictObject({ maps: layerMapsSchema, bytes: bytes.optional() }),
  },
  /** One map of the answer that begins with `first`, on the picture's own grid, in levels; 0 where the network did not look. */
  'layers.overlay': {
    input: z.strictObject({ ...layerOfPicture, first: mapPlace, map: mapPlace }),
    output: z.strictObject({ rows: z.int(), columns: z.int(), bytes }),
  },
  /** The reader left: what was kept for these requests goes, and what runs for them is not waited for. */
  'layers.close': { input: z.strictObject({}), output: z.strictObject({}) },
} as const

/** The value that a level stands for. */
export function valueOfLevel(level: number, [min, max]: readonly [number, number]): number {
  return min + ((level - leastLevel) / (greatestLevel - leastLevel)) * (max - min)
}
