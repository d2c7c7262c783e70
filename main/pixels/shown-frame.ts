/** One frame as a reader sees it: a frame of the object, or the tile of a mosaic. */
import { DicomError } from '../../contracts/errors'
import type { Frame, FrameStage } from '../../contracts/frame'
import { limits } from '../base/limits'
import type { DicomObject } from '../dicom/dicom-object'
import { mosaicLayout, type MosaicLayout } from '../dicom/siemens-mosaic'
import { decodeFrame } from './decode-frame'
import { mosaicSlice } from './split-mosaic'
import type { WhenRead } from './stored-frame'

interface Mosaic {
  readonly layout: MosaicLayout
  /** The whole picture, by stage: its tiles are wanted one after the other. */
  readonly whole: Map<FrameStage, Promise<Frame>>
}

const mosaics = new WeakMap<DicomObject, Mosaic>()

/**
 * As `decodeFrame`, but counts the tiles of a mosaic as frames where the facts kept of the object do.
 *
 * At the stage `display` a tile is shown by the window that its whole picture is shown by.
 *
 * @param tiled whether the facts count tiles: those of an archive written before they did count the object's own frames
 * @param frameIndex from 0
 * @throws DicomError as `decodeFrame`; 'pixels.frame' where the object is no mosaic any more
 */
export async function shownFrame(
  object: DicomObject,
  tiled: boolean,
  frameIndex: number,
  stage: FrameStage,
  whenRead?: WhenRead,
): Promise<Frame> {
  if (!tiled) return decodeFrame(object, frameIndex, stage, whenRead)
  const { layout, whole } = mosaicOf(object)
  let picture = whole.get(stage)
  if (!picture) {
    picture = decodeFrame(object, 0, stage, whenRead)
    const { tilesAcross, tileRows, tileColumns } = layout
    const samples = tilesAcross ** 2 * tileRows * tileColumns
    if (samples <= limits.smallFrameSamples) whole.set(stage, picture)
    picture.catch(() => whole.delete(stage))
  }
  return mosaicSlice(await picture, layout, frameIndex)
}

function mosaicOf(object: DicomObject): Mosaic {
  const known = mosaics.get(object)
  if (known) return known
  const layout = mosaicLayout(object)
  if (!layout) throw new DicomError('pixels.frame', 'the object is no mosaic')
  const mosaic = { layout, whole: new Map<FrameStage, Promise<Frame>>() }
  mosaics.set(object, mosaic)
  return mosaic
}
