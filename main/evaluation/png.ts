/**
 * Grey PNG files from outside: a picture of 8 or 16 bits, a mask of 1 or 8. ISO/IEC 15948.
 *
 * fast-png inflates whatever a file holds without a limit, so that the header is read first, the picture's bytes are inflated
 * once within the size that the header states, and no other chunk than these reaches it.
 */
import { inflateSync } from 'node:zlib'
import { decode } from 'fast-png'
import { OverreadError } from '../../contracts/errors'
import { limits } from '../base/limits'

export interface GreyPng {
  readonly rows: number
  readonly columns: number
  /** Row by row; Uint16Array where the file has 16 bits. */
  readonly samples: Uint8Array | Uint16Array
}

interface Header {
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** What the DICOM object that holds the picture can state. */
const longestSide = 65535
/** A header, its picture in pieces, an end, and what else a file may carry. */
const mostChunks = 1 << 16

export function isPng(start: Uint8Array): boolean {
  return signature.every((byte, index) => start[index] === byte)
}

/** @throws OverreadError 'evaluation.png' unless it is a whole grey picture of 8 or 16 bits, not interlaced */
export function readPngPicture(bytes: Uint8Array): GreyPng {
  const { rows, columns, samples } = readGrey(bytes, [8, 16])
  return { rows, columns, samples }
}

/**
 * 1 where the file is above 0.
 *
 * @throws OverreadError 'evaluation.png' unless it is a whole grey picture of 1 or 8 bits, not interlaced
 */
export function readPngMask(bytes: Uint8Array): GreyPng & { readonly samples: Uint8Array<ArrayBuffer> } {
  const { rows, columns, depth, samples } = readGrey(bytes, [1, 8])
  const mask = new Uint8Array(rows * columns)
  if (depth === 8) for (let at = 0; at < mask.length; at++) mask[at] = samples[at] > 0 ? 1 : 0
  else unpackBits(samples, rows, columns, mask)
  return { rows, columns, samples: mask }
}

/** Each row begins with a byte of its own, the leftmost pixel in its highest bit. */
function unpackBits(packed: ArrayLike<number>, rows: number, columns: number, mask: Uint8Array): void {
  const stride = Math.ceil(columns / 8)
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) mask[at] = (packed[row * stride + (column >> 3)] >> (7 - (column & 7))) & 1
}

function readGrey(bytes: Uint8Array, depths: readonly number[]): Header & { readonly samples: Uint8Array | Uint16Array } {
  const chunks = chunksOf(bytes)
  const header = headerOf(chunks[0], depths)
  const picture = chunks.filter(({ type }) => type === 'IDAT')
  checkInflated(header, picture)
  const decoded = decodeAlone(bytes, [chunks[0], ...picture, chunks.at(-1)!])
  const expected = header.depth === 1 ? header.rows * Math.ceil(header.columns / 8) : header.rows * header.columns
  if (decoded.length !== expected) throw notUsable('its pixels do not have the size that its header states')
  return { ...header, samples: decoded }
}

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
  /** With its length before and its checksum behind. */
  readonly whole: Uint8Array
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  if (!isPng(bytes)) throw notUsable('no PNG')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let at = signature.length; ;) {
    if (at + 12 > bytes.length || chunks.length === mostChunks) throw notUsable('it is cut short')
    const end = at + 12 + view.getUint32(at)
    if (end > bytes.length) throw notUsable('it is cut short')
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) })
    if (type === 'IEND') return chunks
    at = end
  }
}

function headerOf({ type, data }: Chunk, depths: readonly number[]): Header {
  if (type !== 'IHDR' || data.length !== 13) throw notUsable('it does not begin with its header')
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const [columns, rows] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colourType, , , interlace] = data.subarray(8)
  if (colourType !== 0) throw notUsable('it is not grey')
  if (!depths.includes(depth)) throw notUsable(`it has ${depth} bits a pixel`)
  if (interlace !== 0) throw notUsable('it is interlaced')
  if (rows === 0 || columns === 0 || rows > longestSide || columns > longestSide || rows * columns > limits.frameSamples)
    throw notUsable('its sides are beyond what Overread takes')
  return { rows, columns, depth }
}

/** Inflates the picture within the size that its header states: a byte for the filter before each row. */
function checkInflated({ rows, columns, depth }: Header, picture: readonly Chunk[]): void {
  const expected = rows * (1 + Math.ceil((columns * depth) / 8))
  const compressed = picture.reduce((sum, { data }) => sum + data.length, 0)
  if (rows * columns > limits.smallFrameSamples && rows * columns > compressed * limits.samplesPerCompressedByte)
    throw notUsable('it is compressed beyond what a picture can be')
  let inflated: number
  try {
    inflated = inflateSync(Buffer.concat(picture.map(({ data }) => data)), { maxOutputLength: expected }).length
  } catch (error) {
    throw notUsable('its pixels cannot be inflated to the size that its header states', error)
  }
  if (inflated !== expected) throw notUsable('its pixels do not have the size that its header states')
}

function decodeAlone(bytes: Uint8Array, chunks: readonly Chunk[]): Uint8Array | Uint16Array {
  try {
    const file = Buffer.concat([bytes.subarray(0, signature.length), ...chunks.map(({ whole }) => whole)])
    return decode(file, { checkCrc: true }).data as Uint8Array | Uint16Array
  } catch (error) {
    throw notUsable('it cannot be decoded', error)
  }
}

function notUsable(detail: string, cause?: unknown): OverreadError {
  return new OverreadError('evaluation.png', detail, { cause })
}
