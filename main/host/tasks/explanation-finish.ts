/** Worker task: an explanation's map on the source grid. */
import { mapBack } from '../../inference/map-back'
import type { PlaceMap } from '../../inference/explanation/place-map'
import type { Trace } from '../../inference/trace'
import type { TaskResult } from './task-result'

export async function explanationFinishTask({
  map,
  trace,
}: {
  readonly map: PlaceMap
  readonly trace: Trace
}): Promise<TaskResult<Float32Array<ArrayBuffer>>> {
  const { values } = mapBack(map.values, map, trace)
  return { value: values, transfer: [values.buffer] }
}
