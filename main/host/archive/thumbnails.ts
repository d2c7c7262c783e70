/** The small picture of a stack: kept in the archive, made by a worker where it is not. */
import type { FrameGeometry } from '../../../contracts/dicom-facts'
import { OverreadError } from '../../../contracts/errors'
import type { RequestOutput } from '../../../contracts/protocol'
import type { Engine } from '../engine'

/** The middle slice stands for its stack. */
export async function thumbnailOf(
  engine: Engine,
  studyKey: number,
  seriesInstanceUid: string,
  stack: string,
): Promise<RequestOutput<'thumbnail.get'>> {
  const { archive, pool } = engine
  // A UID holds no blank, so that no two stacks share a key.
  const key = stack === '' ? seriesInstanceUid : `${seriesInstanceUid} ${stack}`
  const kept = await archive.getThumbnail(studyKey, key)
  if (kept) return kept
  const { slices } = await archive.stackInOrder(studyKey, seriesInstanceUid, stack)
  const middle = slices[Math.floor(slices.length / 2)]
  if (!middle) throw new OverreadError('file.not-an-image')
  const object = await archive.instanceLocation(studyKey, middle.sopInstanceUid)
  const input = { object, frameIndex: middle.frameIndex, pixelAspect: pixelAspect(middle.geometry) }
  const made = await pool.run('thumbnail.make', input, { background: true })
  await archive.putThumbnail(studyKey, key, made)
  return made
}

/** Height of a pixel by its width. */
function pixelAspect({ pixelSpacing, pixelAspectRatio }: FrameGeometry): number {
  const [vertical, horizontal] = pixelSpacing ?? pixelAspectRatio
  return vertical / horizontal
}
