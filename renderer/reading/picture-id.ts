/** The name of one picture: what a frame, an overlay and a test agree on. */
import type { FrameReference } from '../../contracts/analysis'

/** `<SOP instance UID>#<frame index>`; a UID holds digits and dots alone. */
export function pictureId({ sopInstanceUid, frameIndex }: FrameReference): string {
  return `${sopInstanceUid}#${frameIndex}`
}
