/** A layers model for another size than its topology states, where its layers take any. */
import { layersInput } from '../translate/translate-layers'
import type { TfjsModel } from './read-tfjs'

/** `sides`: of the tensor, without batch and channels. Nested models that state the same sides follow. A graph model stays as it is. */
export function withSides(model: TfjsModel, sides: readonly number[]): TfjsModel {
  if (model.format !== 'layers-model') return model
  const { shape } = layersInput(model)
  const stated = JSON.stringify([null, ...shape])
  const wanted = [null, ...sides, shape.at(-1)]
  const topology = JSON.stringify(model.topology, (key, value: unknown) =>
    key === 'batch_input_shape' && JSON.stringify(value) === stated ? wanted : value,
  )
  return { ...model, topology: JSON.parse(topology) as TfjsModel['topology'] }
}
