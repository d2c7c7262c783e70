/**
 * Siemens mosaics: the slices of a volume as tiles of one picture. Not in the standard; by the manufacturer's header (0029,1010),
 * as dcm2niix and SPM read it.
 */
import type { FrameGeometry } from '../../contracts/dicom-facts'
import { limits } from '../base/limits'
import type { DataSet } from './data-set'
import type { DicomObject } from './dicom-object'
import { frameGeometries } from './frame-geometry'

export interface MosaicLayout {
  readonly slices: number
  /** Tiles in a row of the mosaic; as many rows of tiles. The last ones may be empty. */
  readonly tilesAcross: number
  readonly tileRows: number
  readonly tileColumns: number
  /** One entry a slice, in the order of the tiles: row by row from the upper left. */
  readonly geometry: readonly FrameGeometry[]
}

/**
 * The layout of a mosaic; null where the object is none, or does not say how many slices it holds.
 *
 * The position in the header is that of a picture as large as the mosaic about the centre of the first slice, so it is
 * brought back to the slice. The step is (0018,0088), which for mosaics is the distance of the slices' centres.
 */
export function mosaicLayout({ dataSet }: DicomObject): MosaicLayout | null {
  if (!dataSet.texts(0x00080008).includes('MOSAIC') || !dataSet.text(0x00080070).toUpperCase().includes('SIEMENS')) return null
  const rows = dataSet.integer(0x00280010) ?? 0
  const columns = dataSet.integer(0x00280011) ?? 0
  const manufacturer = manufacturerValues(dataSet)
  const slices = Number(manufacturer.get('NumberOfImagesInMosaic')?.[0] ?? dataSet.integer(0x0019100a) ?? 0)
  if (!(Number.isInteger(slices) && slices > 0 && slices <= 4096)) return null
  const tilesAcross = Math.ceil(Math.sqrt(slices))
  if (rows % tilesAcross !== 0 || columns % tilesAcross !== 0 || rows === 0 || columns === 0) return null
  const tileRows = rows / tilesAcross
  const tileColumns = columns / tilesAcross
  const normal = manufacturer.get('SliceNormalVector')?.map(Number) ?? []
  const geometry = sliceGeometries(dataSet, { rows, columns, tileRows, tileColumns, slices, normal })
  return { slices, tilesAcross, tileRows, tileColumns, geometry }
}

interface Tiles {
  readonly rows: number
  readonly columns: number
  readonly tileRows: number
  readonly tileColumns: number
  readonly slices: number
  /** The manufacturer's slice normal; along or against the cross product of row and column. */
  readonly normal: readonly number[]
}

function sliceGeometries(dataSet: DataSet, { rows, columns, tileRows, tileColumns, slices, normal }: Tiles): FrameGeometry[] {
  const [mosaic] = frameGeometries(dataSet, 1)
  const stepMm = dataSet.number(0x00180088)
  const { position, orientation, pixelSpacing } = mosaic
  const known =
    position && orientation && pixelSpacing && stepMm !== null && stepMm > 0 && normal.length === 3 && normal.every(Number.isFinite)
  if (!known) return Array.from({ length: slices }, () => ({ ...mosaic, position: null }))
  const [betweenRows, betweenColumns] = pixelSpacing
  const across = (betweenColumns * (columns - tileColumns)) / 2
  const down = (betweenRows * (rows - tileRows)) / 2
  return Array.from({ length: slices }, (_, slice) => {
    const at = (axis: 0 | 1 | 2) =>
      position[axis] + orientation[axis] * across + orientation[axis + 3] * down + normal[axis] * stepMm * slice
    return { ...mosaic, position: [at(0), at(1), at(2)] }
  })
}

/** The values of the manufacturer's image header by name: `SV10`, then a name of 64 bytes and its items for each. */
function manufacturerValues(dataSet: DataSet): Map<string, string[]> {
  const values = new Map<string, string[]>()
  const bytes = dataSet.bytes(0x00291010, limits.tableBytes)
  if (!bytes || bytes.length < 16 || latin(bytes, 0, 4) !== 'SV10') return values
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = Math.min(view.getUint32(8, true), 4096)
  let at = 16
  for (let tag = 0; tag < count && at + 84 <= bytes.length; tag++) {
    const name = latin(bytes, at, 64)
    const items = view.getUint32(at + 76, true)
    at += 84
    const texts: string[] = []
    for (let item = 0; item < items && at + 16 <= bytes.length; item++) {
      const length = view.getUint32(at + 4, true)
      at += 16
      if (length > bytes.length - at) return values
      const text = latin(bytes, at, length).trim()
      if (text !== '') texts.push(text)
      at += Math.ceil(length / 4) * 4
    }
    values.set(name, texts)
  }
  return values
}

/** Bytes as characters, up to a zero. */
function latin(bytes: Uint8Array, start: number, length: number): string {
  let text = ''
  for (let at = start; at < start + length && bytes[at] !== 0; at++) text += String.fromCharCode(bytes[at])
  return text
}
