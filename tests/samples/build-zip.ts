/** Writes ZIP files for tests, rightly or wrongly on purpose. */
import { crc32, deflateRawSync } from 'node:zlib'
import { join } from './build-object'

export interface ZipSample {
  readonly name: string
  readonly bytes: Uint8Array
  readonly deflated?: boolean
  readonly encrypted?: boolean
  /** A symbolic link, as Unix writes it. */
  readonly link?: boolean
  /** What the headers state instead of the truth. */
  readonly statedSize?: number
  readonly statedCrc?: number
}

export function buildZip(entries: readonly ZipSample[]): Uint8Array {
  const locals: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8')
    const packed = entry.deflated ? deflateRawSync(entry.bytes) : Buffer.from(entry.bytes)
    const fields = (view: DataView, at: number) => {
      view.setUint16(at, entry.encrypted ? 1 : 0x800, true)
      view.setUint16(at + 2, entry.deflated ? 8 : 0, true)
      view.setUint32(at + 8, entry.statedCrc ?? crc32(entry.bytes), true)
      view.setUint32(at + 12, packed.length, true)
      view.setUint32(at + 16, entry.statedSize ?? entry.bytes.length, true)
      view.setUint16(at + 20, name.length, true)
    }
    const local = new DataView(new ArrayBuffer(30))
    local.setUint32(0, 0x04034b50, true)
    local.setUint16(4, 20, true)
    fields(local, 6)
    const central = new DataView(new ArrayBuffer(46))
    central.setUint32(0, 0x02014b50, true)
    if (entry.link) {
      central.setUint8(5, 3)
      central.setUint32(38, (0o120777 << 16) >>> 0, true)
    }
    central.setUint16(6, 20, true)
    fields(central, 8)
    central.setUint32(42, offset, true)
    const written = join([new Uint8Array(local.buffer), name, packed])
    locals.push(written)
    directory.push(new Uint8Array(central.buffer), name)
    offset += written.length
  }
  const listed = join(directory)
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  end.setUint16(8, entries.length, true)
  end.setUint16(10, entries.length, true)
  end.setUint32(12, listed.length, true)
  end.setUint32(16, offset, true)
  return join([...locals, listed, new Uint8Array(end.buffer)])
}
