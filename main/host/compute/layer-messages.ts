/** What the engine host and the compute process say to each other of a network's layers. */
import { z } from 'zod'
import { sha256Schema } from '../../../contracts/analysis'
import { layerMapsSchema, layerSchema, mostLayers } from '../../../contracts/layers'

const id = z.int().min(0)
const residentBytes = z.int().min(0)
const model = { folder: z.string().min(1).max(4096), sha256: sha256Schema }

export const layersWantedSchema = z.strictObject({ type: z.literal('layers'), id, ...model })

/** Runs the tensor that comes beside it as far as one layer. */
export const layerMapsWantedSchema = z.strictObject({
  type: z.literal('layer-maps'),
  id,
  ...model,
  layer: z.int().min(0).max(mostLayers),
  first: z.int().min(0),
})

export const layersAnswerSchema = z.strictObject({
  type: z.literal('layer-list'),
  id,
  residentBytes,
  layers: z.array(layerSchema).max(mostLayers),
})

/** Beside it, where there are maps: a level a pixel, map by map. */
export const layerMapsAnswerSchema = z.strictObject({ type: z.literal('layer-maps'), id, residentBytes, maps: layerMapsSchema })
