/** The boxes of a picture's detections as outlines. */
import type { Finding } from '../../contracts/analysis'
import type { Ring } from './mask-outline'
import { pictureId } from './picture-id'

/** Corner points in picture coordinates (pixel corners), clockwise from the upper left. */
export function boxRings(findings: readonly Finding[], picture: string): Ring[] {
  return findings
    .flatMap(({ boxes }) => boxes)
    .filter((box) => pictureId(box) === picture)
    .map(({ left, top, right, bottom }) => [left, top, right, top, right, bottom, left, bottom])
}
