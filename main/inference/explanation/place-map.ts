/** Values over what a network saw, on a grid that spans its input. */
import { mapBack } from '../map-back'
import type { Size } from '../trace'

export interface PlaceMap extends Size {
  readonly values: Float32Array<ArrayBuffer>
}

/** The map on the input's own grid, linearly between the centres of its cells. */
export function onGrid(map: { readonly values: Float32Array } & Size, { rows, columns }: Size): Float32Array<ArrayBuffer> {
  return mapBack(map.values, map, { rows, columns, entries: [] }).values
}
