/** Writes ISO 9660 disc images for tests, rightly or wrongly on purpose; no code of the product's reader. ECMA-119. */
import { join } from './build-object'

export interface IsoFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** Name in the Joliet tree; the plain one where missing. */
  readonly longName?: string
  /** Split into extents of so many bytes, a multiple of 2,048. */
  readonly extentBytes?: number
  /** What its record states instead of the truth. */
  readonly stated?: Partial<Stated>
}

export interface IsoFolder {
  readonly name: string
  readonly longName?: string
  readonly entries: readonly IsoEntry[]
  readonly stated?: Partial<Stated>
}

export type IsoEntry = IsoFile | IsoFolder

export interface IsoForm {
  readonly joliet?: boolean
  readonly blockBytes?: number
}

interface Stated {
  readonly block: number
  readonly length: number
  readonly flags: number
  readonly unitSize: number
  readonly disc: number
  readonly nameLength: number
}

const sector = 2048

/** An image of a primary tree, and with `joliet` of a second one whose names are UCS-2. */
export function buildIso(entries: readonly IsoEntry[], { joliet = false, blockBytes = sector }: IsoForm = {}): Uint8Array {
  const space = new Space(blockBytes, (16 + (joliet ? 3 : 2)) * sector)
  const files = new Map<IsoFile, number>()
  const root = writeFolder({ name: '', entries }, false, space, files, null)
  const longRoot = joliet ? writeFolder({ name: '', entries }, true, space, files, null) : null
  const image = space.image()
  descriptor(image, 16, 1, root, blockBytes)
  if (longRoot) descriptor(image, 17, 2, longRoot, blockBytes)
  image.set([255, ...Buffer.from('CD001'), 1], (16 + (joliet ? 2 : 1)) * sector)
  return image
}

class Space {
  readonly #parts: { at: number; bytes: Uint8Array }[] = []
  #end: number

  constructor(
    readonly blockBytes: number,
    start: number,
  ) {
    this.#end = start
  }

  /** @returns the block where it begins */
  place(bytes: Uint8Array): number {
    const at = this.#end
    this.#parts.push({ at, bytes })
    this.#end = Math.ceil((at + bytes.length) / sector) * sector
    return at / this.blockBytes
  }

  image(): Uint8Array {
    const image = new Uint8Array(this.#end)
    for (const { at, bytes } of this.#parts) image.set(bytes, at)
    return image
  }
}

interface Placed {
  readonly block: number
  readonly length: number
}

function writeFolder(folder: IsoFolder, long: boolean, space: Space, files: Map<IsoFile, number>, above: Placed | null): Placed {
  const count = folder.entries.reduce((sum, entry) => sum + ('entries' in entry ? 1 : partsOf(entry).length), 0)
  // The folder's own place is known before its content: its records are written into this when all is placed.
  const bytes = new Uint8Array(Math.ceil(((count + 2) * 256) / sector) * sector + sector)
  const placed = { block: space.place(bytes), length: bytes.length }
  const records = [record('\0', placed, 2, false), record('\x01', above ?? placed, 2, false)]
  for (const entry of folder.entries) {
    const name = long ? (entry.longName ?? entry.name) : 'entries' in entry ? entry.name : `${entry.name};1`
    if ('entries' in entry) {
      records.push(record(name, writeFolder(entry, long, space, files, placed), 2, long, entry.stated))
      continue
    }
    const block = files.get(entry) ?? space.place(entry.bytes)
    files.set(entry, block)
    const parts = partsOf(entry)
    parts.forEach(({ offset, length }, index) =>
      records.push(
        record(name, { block: block + offset / space.blockBytes, length }, index < parts.length - 1 ? 0x80 : 0, long, entry.stated),
      ),
    )
  }
  let at = 0
  for (const written of records) {
    // No record crosses a block.
    if (Math.floor(at / space.blockBytes) !== Math.floor((at + written.length - 1) / space.blockBytes))
      at = Math.ceil(at / space.blockBytes) * space.blockBytes
    bytes.set(written, at)
    at += written.length
  }
  return placed
}

function partsOf({ bytes, extentBytes = Infinity }: IsoFile): { offset: number; length: number }[] {
  const parts = []
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += extentBytes)
    parts.push({ offset, length: Math.min(extentBytes, bytes.length - offset) })
  return parts
}

function record(name: string, { block, length }: Placed, flags: number, long: boolean, stated: Partial<Stated> = {}): Uint8Array {
  const nameBytes = long ? Buffer.from(name, 'utf16le').swap16() : Buffer.from(name, 'latin1')
  const bytes = join([new Uint8Array(33), nameBytes, new Uint8Array(nameBytes.length % 2 === 0 ? 1 : 0)])
  const view = new DataView(bytes.buffer)
  bytes[0] = bytes.length
  bothOrders(view, 2, stated.block ?? block, 4)
  bothOrders(view, 10, stated.length ?? length, 4)
  bytes[25] = stated.flags ?? flags
  bytes[26] = stated.unitSize ?? 0
  bothOrders(view, 28, stated.disc ?? 1, 2)
  bytes[32] = stated.nameLength ?? nameBytes.length
  return bytes
}

function descriptor(image: Uint8Array, at: number, type: number, root: Placed, blockBytes: number): void {
  const bytes = image.subarray(at * sector, (at + 1) * sector)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  bytes.set([type, ...Buffer.from('CD001'), 1])
  bothOrders(view, 80, image.length / blockBytes, 4)
  if (type === 2) bytes.set(Buffer.from('%/E'), 88)
  bothOrders(view, 120, 1, 2)
  bothOrders(view, 124, 1, 2)
  bothOrders(view, 128, blockBytes, 2)
  bytes.set(record('\0', root, 2, false), 156)
}

function bothOrders(view: DataView, at: number, value: number, size: 2 | 4): void {
  if (size === 2) {
    view.setUint16(at, value, true)
    view.setUint16(at + 2, value, false)
  } else {
    view.setUint32(at, value, true)
    view.setUint32(at + 4, value, false)
  }
}
