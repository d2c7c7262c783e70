/**
 * Pictures that say which one they are: sixteen cells, bright or dark, a number and its complement. A network that gives back
 * its input marks the bright cells, so that its marks say of which picture they are.
 */
import { buildObject, pictureElements } from '../samples/build-object'

export const side = 64
/** Cells along each side. */
export const cells = 4
const cellPx = side / cells
const [dark, bright] = [100, 900]

export const seriesCount = 3
export const slicesPerSeries = 32

const studyUid = '2.25.7001'
export const seriesUid = (series: number): string => `2.25.71${String(series).padStart(2, '0')}`
const instanceUid = (series: number, slice: number) => `${seriesUid(series)}.${slice + 1}`

/** By picture, `uid#frame`: eight bits, of which the other eight cells are the complement. */
export const codes: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from({ length: seriesCount }, (_, series) =>
    Array.from({ length: slicesPerSeries }, (_, slice) => [`${instanceUid(series, slice)}#0`, (series << 5) | slice] as const),
  ).flat(),
)

export function codedPicture(series: number, slice: number): Uint8Array {
  const code = (series << 5) | slice
  const pixels = new Uint16Array(side * side).map((_, at) => {
    const cell = Math.floor(at / side / cellPx) * cells + Math.floor((at % side) / cellPx)
    return ((cell < 8 ? code : ~code) >> (cell % 8)) & 1 ? bright : dark
  })
  const extra = [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.4'],
    [0x00080018, 'UI', instanceUid(series, slice)],
    [0x00080020, 'DA', '20260101'],
    [0x00080060, 'CS', 'MR'],
    [0x0008103e, 'LO', `Coded ${series + 1}`],
    [0x00100010, 'PN', 'Coded^Test'],
    [0x00100020, 'LO', 'CODED'],
    [0x0020000d, 'UI', studyUid],
    [0x0020000e, 'UI', seriesUid(series)],
    [0x00200011, 'IS', String(series + 1)],
    [0x00200013, 'IS', String(slice + 1)],
    [0x00200032, 'DS', `0\\0\\${slice * 5}`],
    [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
    [0x00280030, 'DS', '1\\1'],
    [0x00281050, 'DS', '500'],
    [0x00281051, 'DS', '1000'],
  ] as const
  return buildObject(
    pictureElements({ rows: side, columns: side, bitsAllocated: 16 }, [0x7fe00010, 'OW', new Uint8Array(pixels.buffer)], extra),
  )
}
