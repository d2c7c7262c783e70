/** Worker task: the overlay planes that a file lays on one frame. */
import { DicomError } from '../../../contracts/errors'
import { messageBytes, type RequestOutput } from '../../../contracts/protocol'
import { overlayPlanes, packPlanes } from '../../pixels/overlay-planes'
import { openObject, type ObjectLocation } from './open-object'
import type { TaskResult } from './task-result'

export interface ReadOverlayPlanesInput {
  readonly object: ObjectLocation
  readonly frameIndex: number
}

/** @throws DicomError as `overlayPlanes` does; 'dicom.limit' where they are more than a message carries. */
export async function readOverlayPlanesTask({
  object,
  frameIndex,
}: ReadOverlayPlanesInput): Promise<TaskResult<RequestOutput<'overlay-planes.get'>>> {
  const planes = overlayPlanes(openObject(object), frameIndex)
  if (planes.length === 0) return { value: null }
  const bytes = packPlanes(planes)
  if (bytes.byteLength > messageBytes) throw new DicomError('dicom.limit', `the overlays take ${bytes.byteLength} bytes`)
  return { value: { planes: planes.map(({ samples: _samples, ...facts }) => facts), bytes }, transfer: [bytes.buffer] }
}
