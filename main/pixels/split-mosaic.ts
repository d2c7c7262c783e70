/** One slice of a mosaic as a frame of its own. */
import { DicomError } from '../../contracts/errors'
import type { Frame, Samples } from '../../contracts/frame'
import type { MosaicLayout } from '../dicom/siemens-mosaic'
import { sampleRange } from './lut/sample-range'

/**
 * @param mosaic a frame of any stage that holds the whole mosaic
 * @param slice from 0, in the order of the tiles
 * @throws DicomError 'pixels.frame' without such a slice, 'pixels.size' where the frame has not the layout's size
 */
export function mosaicSlice(
  { description, samples }: Frame,
  { slices, tilesAcross, tileRows, tileColumns }: MosaicLayout,
  slice: number,
): Frame {
  if (!(Number.isInteger(slice) && slice >= 0 && slice < slices))
    throw new DicomError('pixels.frame', `slice ${slice + 1} of ${slices} of the mosaic`)
  const { rows, columns, samplesPerPixel, presentation } = description
  if (rows !== tilesAcross * tileRows || columns !== tilesAcross * tileColumns)
    throw new DicomError('pixels.size', `the mosaic is ${columns} × ${rows}`)
  const firstRow = Math.floor(slice / tilesAcross) * tileRows
  const firstColumn = (slice % tilesAcross) * tileColumns
  const width = tileColumns * samplesPerPixel
  const tile = new (samples.constructor as new (length: number) => Samples)(tileRows * width)
  for (let row = 0; row < tileRows; row++) {
    const start = ((firstRow + row) * columns + firstColumn) * samplesPerPixel
    tile.set(samples.subarray(start, start + width), row * width)
  }
  const [min, max] = sampleRange(tile, presentation.padding)
  // Overlays are drawn over the mosaic as a whole: on a tile they would lie in the wrong place.
  return { description: { ...description, rows: tileRows, columns: tileColumns, min, max, overlayPlanes: 0 }, samples: tile }
}
