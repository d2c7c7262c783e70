/**
 * Pictures of a block with marks on three of its sides, as scanners write them for patients that lie in any way: where a mark
 * stands on the grid follows from the position of each pixel in the patient alone. PS3.3 C.7.6.2.1.1.
 */
import { buildObject, pictureElements, type SampleElement } from '../samples/build-object'

export const rows = 40
export const columns = 60
/** mm; no square. */
const [betweenRows, betweenColumns] = [2, 1]

type Edge = 'left' | 'right' | 'top' | 'bottom'
/** The grey of the mark on the patient's left, front and head. */
export const markLevels = { L: 250, A: 170, H: 100 } as const
export type MarkedSide = keyof typeof markLevels

const edges: Readonly<Record<Edge, readonly [column: number, row: number]>> = {
  left: [4, rows / 2],
  right: [columns - 5, rows / 2],
  top: [columns / 2, 3],
  bottom: [columns / 2, rows - 4],
}
/** Which way each side lies in the patient coordinate system: x to the left, y to the back, z to the head. */
const ways: Readonly<Record<MarkedSide, readonly [axis: 0 | 1 | 2, sign: 1 | -1]>> = { L: [0, 1], A: [1, -1], H: [2, 1] }

/** Where the marks of a plane belong; a side towards which the plane does not lead has none. */
function placesOf(orientation: readonly number[]): [MarkedSide, Edge][] {
  return (Object.keys(ways) as MarkedSide[]).flatMap((side): [MarkedSide, Edge][] => {
    const [axis, sign] = ways[side]
    /** mm from the middle towards the side. */
    const along = ([column, row]: readonly [number, number]) =>
      sign * (orientation[axis] * betweenColumns * (column - columns / 2) + orientation[axis + 3] * betweenRows * (row - rows / 2))
    const [edge] = (Object.keys(edges) as Edge[]).sort((a, b) => along(edges[b]) / extent(b) - along(edges[a]) / extent(a))
    return along(edges[edge]) / extent(edge) > 0.5 ? [[side, edge]] : []
  })
}

/** Half the block's size towards an edge, mm. */
const extent = (edge: Edge) => (edge === 'left' || edge === 'right' ? (columns / 2) * betweenColumns : (rows / 2) * betweenRows)

export interface MarkedCase {
  readonly name: string
  /** (0020,0037) as written; null: left out. */
  readonly orientation: readonly number[] | null
  /** Where the marks are put, where `orientation` is not what places them. */
  readonly truth?: readonly number[]
  readonly patientPosition?: string
  readonly patientOrientation?: string
}

const [cos, sin] = [Math.cos(0.4), Math.sin(0.4)]
const axial = [1, 0, 0, 0, 1, 0]

/** Of which the orientation is known. The rows of a scanner's picture run along its table's width, whichever way the patient lies. */
export const knownCases: readonly MarkedCase[] = [
  { name: 'HFS', orientation: axial, patientPosition: 'HFS' },
  { name: 'HFP', orientation: [-1, 0, 0, 0, -1, 0], patientPosition: 'HFP' },
  { name: 'FFS', orientation: [-1, 0, 0, 0, 1, 0], patientPosition: 'FFS' },
  { name: 'FFP', orientation: [1, 0, 0, 0, -1, 0], patientPosition: 'FFP' },
  { name: 'decubitus', orientation: [0, 1, 0, -1, 0, 0], patientPosition: 'HFDR' },
  { name: 'coronal', orientation: [1, 0, 0, 0, 0, -1] },
  { name: 'sagittal', orientation: [0, 1, 0, 0, 0, -1] },
  { name: 'oblique', orientation: [cos, sin, 0, -sin, cos, 0] },
  { name: 'tilted', orientation: [1, 0, 0, 0, cos, -sin] },
  { name: 'projection', orientation: null, truth: [1, 0, 0, 0, 0, -1], patientOrientation: 'L\\F' },
]
/** Of which it is not: marks are there, and no letter may be. */
export const unknownCases: readonly MarkedCase[] = [
  { name: 'nothing stated', orientation: null, truth: axial },
  { name: 'position alone', orientation: null, truth: axial, patientPosition: 'HFS' },
  { name: 'zero vectors', orientation: [0, 0, 0, 0, 0, 0], truth: axial },
  { name: 'no right angle', orientation: [1, 0, 0, 0.7071, 0.7071, 0], truth: axial },
  { name: 'one way twice', orientation: null, truth: axial, patientOrientation: 'L\\LR' },
]
export const allCases = [...knownCases, ...unknownCases]

export const seriesUidOf = (index: number): string => `2.25.4${String(index).padStart(3, '0')}`

export function markedPicture(index: number): Uint8Array {
  const { name, orientation, truth, patientPosition, patientOrientation } = allCases[index]
  const pixels = new Uint8Array(rows * columns).fill(20)
  for (const [side, edge] of placesOf(truth ?? orientation!)) {
    const [column, row] = edges[edge]
    for (let y = row - 2; y <= row + 2; y++) for (let x = column - 3; x <= column + 3; x++) pixels[y * columns + x] = markLevels[side]
  }
  const extra: SampleElement[] = [
    [0x00080018, 'UI', `${seriesUidOf(index)}.1`],
    [0x00080060, 'CS', 'OT'],
    [0x0008103e, 'LO', name],
    [0x00100010, 'PN', 'Marked^Test'],
    [0x00100020, 'LO', 'MARKED'],
    [0x0020000e, 'UI', seriesUidOf(index)],
    [0x00200011, 'IS', String(index + 1)],
    [0x00280030, 'DS', `${betweenRows}\\${betweenColumns}`],
    [0x00281050, 'DS', '128'],
    [0x00281051, 'DS', '256'],
    ...(patientPosition ? ([[0x00185100, 'CS', patientPosition]] as SampleElement[]) : []),
    ...(patientOrientation ? ([[0x00200020, 'CS', patientOrientation]] as SampleElement[]) : []),
    ...(orientation
      ? ([
          [0x00200032, 'DS', '0\\0\\0'],
          [0x00200037, 'DS', orientation.map((value) => value.toFixed(6)).join('\\')],
        ] as SampleElement[])
      : []),
  ]
  return buildObject(pictureElements({ rows, columns, bitsAllocated: 8 }, [0x7fe00010, 'OB', pixels], extra))
}

/**
 * Which edge each mark is nearest to, of a picture as it is shown; a mark that is not there is left out.
 *
 * @param level grey at a pixel
 */
export function markedEdges(width: number, height: number, level: (x: number, y: number) => number): Partial<Record<MarkedSide, Edge>> {
  const found: Partial<Record<MarkedSide, Edge>> = {}
  for (const side of Object.keys(markLevels) as MarkedSide[]) {
    let [count, sumX, sumY] = [0, 0, 0]
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (Math.abs(level(x, y) - markLevels[side]) > 6) continue
        count++
        sumX += x + 0.5
        sumY += y + 0.5
      }
    }
    // Where two greys meet, smoothing makes a few pixels of any level between.
    if (count < (width * height) / 400) continue
    const [across, down] = [sumX / count / width - 0.5, sumY / count / height - 0.5]
    found[side] = Math.abs(across) > Math.abs(down) ? (across < 0 ? 'left' : 'right') : down < 0 ? 'top' : 'bottom'
  }
  return found
}
