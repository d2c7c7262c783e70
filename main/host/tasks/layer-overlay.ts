/** Worker task: one map of a layer on the picture's own grid. */
import { greatestLevel } from '../../../contracts/layers'
import { mapBack } from '../../inference/map-back'
import type { Size, Trace } from '../../inference/trace'
import type { TaskResult } from './task-result'

export interface LayerOverlayInput {
  /** A level a pixel; none is 0. */
  readonly levels: Uint8Array
  readonly size: Size
  readonly trace: Trace
}

/** Levels on the source grid; 0 where the network did not look. */
export async function layerOverlayTask({ levels, size, trace }: LayerOverlayInput): Promise<TaskResult<Uint8Array<ArrayBuffer>>> {
  const { values } = mapBack(Float32Array.from(levels), size, trace)
  const back = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) back[i] = Math.min(greatestLevel, Math.round(values[i]))
  return { value: back, transfer: [back.buffer] }
}
