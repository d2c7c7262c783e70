/** One frame as a reader sees it: a frame of the object, or the tile of a mosaic. */
import type { Frame, FrameStage } from '../../contracts/frame'
import { limits } from '../base/limits'
import type { DicomObject } from '../dicom/dicom-object'
import { mosaicLayout, type MosaicLayout } from '../dicom/siemens-mosaic'
import { decodeFrame } from './decode-frame'
import { mosaicSlice } from './split-mosaic'

interface Mosaic {
  readonly layout: MosaicLayout | null
  /** The whole picture, by stage: its tiles are wanted one after the other. */
  readonly whole: Map<FrameStage, Promise<Frame>>
}

const mosaics = new WeakMap<DicomObject, Mosaic>()

/**
 * As `decodeFrame`, but counts the tiles of a mosaic as frames, as the header facts do.
 *
 * At the stage `display` a tile is shown by the window that its whole picture is shown by.
 *
 * @param frameIndex from 0
 * @throws DicomError as `decodeFrame`
 */
export async function shownFrame(object: DicomObject, frameIndex: number, stage: FrameStage): Promise<Frame> {
  let mosaic = mosaics.get(object)
  if (!mosaic) mosaics.set(object, (mosaic = { layout: mosaicLayout(object), whole: new Map() }))
  const { layout, whole } = mosaic
  if (!layout) return decodeFrame(object, frameIndex, stage)
  let picture = whole.get(stage)
  if (!picture) {
    picture = decodeFrame(object, 0, stage)
    const { tilesAcross, tileRows, tileColumns } = layout
    const samples = tilesAcross ** 2 * tileRows * tileColumns
    if (samples <= limits.smallFrameSamples) whole.set(stage, picture)
    picture.catch(() => whole.delete(stage))
  }
  return mosaicSlice(await picture, layout, frameIndex)
}
