/** The engine host's questions to the compute process about a network's layers. */
import type { Layer } from '../../../contracts/layers'
import { OverreadError } from '../../../contracts/errors'
import type { QuantisedMaps } from '../../inference/layers/layer-maps'
import type { ComputeClient, ComputeModel } from './compute-client'
import { bytesOf } from './compute-protocol'

type Asker = Pick<ComputeClient, 'ask'>

/** @throws OverreadError 'layers.not-offered', what is wrong with the package, 'compute.died', 'compute.cancelled' */
export async function askLayers(compute: Asker, model: ComputeModel, signal?: AbortSignal): Promise<Layer[]> {
  const { message } = await compute.ask({ type: 'layers', ...model }, [], signal)
  if (message.type !== 'layer-list') throw new OverreadError('inference.output')
  return message.layers
}

export interface WantedMaps {
  readonly model: ComputeModel
  /** Its place in the list. */
  readonly layer: number
  /** The first map of the answer. */
  readonly first: number
  readonly tensor: Float32Array
}

/** @throws as `askLayers`; OverreadError 'inference.output' where a layer holds what is no number. */
export async function askLayerMaps(
  compute: Asker,
  { model, layer, first, tensor }: WantedMaps,
  signal?: AbortSignal,
): Promise<QuantisedMaps> {
  const { message, bytes } = await compute.ask({ type: 'layer-maps', ...model, layer, first }, [bytesOf(tensor)], signal)
  if (message.type !== 'layer-maps') throw new OverreadError('inference.output')
  const { maps } = message
  const levels = bytes[0] ?? new Uint8Array(0)
  const expected = maps.form === 'maps' ? maps.maps.length * maps.rows * maps.columns : 0
  if (levels.length !== expected) throw new OverreadError('inference.output')
  return { maps, levels }
}
