/**
 * The files within a disc image, as of a CD: ISO 9660 (ECMA-119) with the names of Joliet where there are any.
 * Read by range: neither the image nor a file in it is ever whole in memory.
 */
import { DicomError } from '../../contracts/errors'
import type { ByteSource } from '../base/byte-source'
import { limits } from '../base/limits'
import type { ContainerBudget, RefuseEntry, TakeEntry } from './container-budget'

const sectorBytes = 2048
/** The first 16 sectors are the system's. ECMA-119 6.2.1. */
const firstDescriptor = 16
/** Escape sequences of UCS-2 levels 1 to 3: the mark of a Joliet descriptor. */
const jolietEscapes = new Set(['%/@', '%/C', '%/E'])

/** A run of bytes of the image. */
interface Extent {
  readonly offset: number
  readonly length: number
}

/** A file or folder as its directory record says. ECMA-119 9.1. */
interface DirectoryRecord {
  readonly name: string
  readonly extent: Extent
  readonly folder: boolean
  /** More extents of the same file follow. */
  readonly continued: boolean
  /** Why its bytes cannot be read, or an empty string. */
  readonly unreadable: string
}

interface Volume {
  readonly joliet: boolean
  readonly blockBytes: number
  /** Of the set of discs. */
  readonly number: number
  readonly root: Extent
}

/** `CD001` of ISO 9660, or `BEA01` of a disc image in UDF alone, which is named and refused. */
export function isDiscImage(source: ByteSource): boolean {
  const identifier = identifierAt(source, firstDescriptor)
  // A DICOM file says what it is before that, whatever stands at this place in it.
  return (identifier === 'CD001' || identifier === 'BEA01') && latin(source.read(128, 4)) !== 'DICM'
}

function identifierAt(source: ByteSource, sector: number): string {
  return latin(source.read(sector * sectorBytes + 1, 5))
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

/**
 * Gives the files of a disc image to `take`, each before the next is looked for; those that cannot be read to `refuse`.
 *
 * Both trees of names are walked, that of Joliet first; a file that both name, or one tree twice, is given once.
 *
 * @throws DicomError 'file.unreadable' for UDF alone, 'file.damaged' where the image's own directory cannot be read,
 *   'dicom.limit' beyond the budget
 */
export async function readDiscImage(source: ByteSource, budget: ContainerBudget, take: TakeEntry, refuse: RefuseEntry): Promise<void> {
  const reader = new DiscImageReader(source, budget, take, refuse)
  const faults: DicomError[] = []
  const volumes = readVolumes(source)
  for (const volume of volumes) {
    const fault = await reader.walk(volume)
    if (fault) faults.push(fault)
  }
  if (faults.length === volumes.length) throw faults[0]
}

/** @throws DicomError 'file.unreadable', 'file.damaged' */
function readVolumes(source: ByteSource): Volume[] {
  if (identifierAt(source, firstDescriptor) === 'BEA01')
    throw new DicomError('file.unreadable', 'a disc image in UDF alone, without ISO 9660')
  const volumes: Volume[] = []
  for (let index = 0; index < limits.volumeDescriptors; index++) {
    const descriptor = source.read((firstDescriptor + index) * sectorBytes, sectorBytes)
    if (descriptor.length < sectorBytes || latin(descriptor.subarray(1, 6)) !== 'CD001' || descriptor[0] === 255) break
    const joliet = descriptor[0] === 2 && jolietEscapes.has(latin(descriptor.subarray(88, 91)))
    // Further supplementary descriptors name the same files in other alphabets.
    if (descriptor[0] !== 1 && !joliet) continue
    const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length)
    const blockBytes = view.getUint16(128, true)
    if (blockBytes !== 512 && blockBytes !== 1024 && blockBytes !== sectorBytes) continue
    volumes.push({ joliet, blockBytes, number: view.getUint16(124, true), root: extentOf(view, 156, blockBytes) })
  }
  if (volumes.length === 0) throw new DicomError('file.damaged', 'the disc image has no volume descriptor')
  return volumes.sort((a, b) => Number(b.joliet) - Number(a.joliet))
}

/** Where the bytes of a record are. Numbers stand in both byte orders; the little one is read. */
function extentOf(view: DataView, at: number, blockBytes: number): Extent {
  const attributeBlocks = view.getUint8(at + 1)
  return { offset: (view.getUint32(at + 2, true) + attributeBlocks) * blockBytes, length: view.getUint32(at + 10, true) }
}

class DiscImageReader {
  /** Places of folders and files that were read: no folder is entered twice, so that a loop ends. */
  readonly #folders = new Set<number>()
  readonly #files = new Set<string>()
  #bytes = 0

  constructor(
    readonly source: ByteSource,
    readonly budget: ContainerBudget,
    readonly take: TakeEntry,
    readonly refuse: RefuseEntry,
  ) {}

  /** The fault of the root folder, or null: each tree stands for the other. */
  async walk(volume: Volume): Promise<DicomError | null> {
    return await this.#folder(volume, volume.root, '', 0)
  }

  /** The fault for which nothing of the folder could be read, or null. */
  async #folder(volume: Volume, extent: Extent, path: string, depth: number): Promise<DicomError | null> {
    if (this.#folders.has(extent.offset)) return null
    this.#folders.add(extent.offset)
    const records = this.#records(volume, extent, path)
    if (records instanceof DicomError) return records
    for (let index = 0; index < records.length; index++) {
      const record = records[index]
      const name = path + record.name
      this.budget.countEntry()
      if (record.folder) {
        const fault =
          depth < limits.imageFolderDepth
            ? await this.#folder(volume, record.extent, `${name}/`, depth + 1)
            : new DicomError('dicom.limit', `folders more than ${limits.imageFolderDepth} deep`)
        if (fault) this.refuse({ name, error: fault })
        continue
      }
      const parts = [record]
      // Extents of one file stand one behind the other under the same name. ECMA-119 9.1.6.
      while (parts[parts.length - 1].continued && records[index + 1]?.name === record.name && !records[index + 1].folder)
        parts.push(records[++index])
      await this.#file(name, parts)
    }
    return null
  }

  async #file(name: string, parts: readonly DirectoryRecord[]): Promise<void> {
    const extents = parts.map(({ extent }) => extent)
    const place = extents.map(({ offset, length }) => `${offset}+${length}`).join()
    const length = extents.reduce((sum, extent) => sum + extent.length, 0)
    // An empty file holds no object, and its place says nothing.
    if (length === 0 || this.#files.has(place)) return
    this.#files.add(place)
    const fault =
      parts.find(({ unreadable }) => unreadable !== '')?.unreadable ?? (parts[parts.length - 1].continued ? 'its last part is missing' : '')
    const outside = extents.some((extent) => extent.offset + extent.length > this.source.size)
    if (fault !== '' || outside) {
      this.refuse({ name, error: new DicomError('file.unreadable', fault || 'the disc image ends before the file does') })
      return
    }
    this.#bytes += length
    this.budget.countBytes(length)
    // What is left are files at different places: they cannot come to more than the image without sharing bytes.
    if (this.#bytes > this.source.size) throw new DicomError('dicom.limit', 'the files of the disc image come to more than the image')
    await this.take({ name, source: extentsSource(this.source, extents) })
  }

  /** The records of a folder up to the first that cannot be read, without those of itself and of the one above; or why there are none. */
  #records(volume: Volume, { offset, length }: Extent, path: string): DirectoryRecord[] | DicomError {
    if (length > limits.imageFolderBytes) return new DicomError('dicom.limit', `a folder of the disc image states ${length} bytes`)
    const bytes = this.source.read(offset, length)
    if (bytes.length < length) return new DicomError('file.damaged', 'a folder of the disc image lies outside of it')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const records: DirectoryRecord[] = []
    for (let at = 0; at < length;) {
      const recordBytes = bytes[at]
      // No record crosses a block; zeros fill the rest of it.
      if (recordBytes === 0) {
        at = (Math.floor(at / volume.blockBytes) + 1) * volume.blockBytes
        continue
      }
      const nameBytes = at + 33 <= length ? bytes[at + 32] : 0
      if (recordBytes < 33 + nameBytes || nameBytes === 0 || at + recordBytes > length) {
        this.refuse({ name: path || '/', error: new DicomError('file.damaged', `no record at byte ${offset + at} of the disc image`) })
        break
      }
      const record = readRecord(volume, view, at, nameBytes)
      if (record) records.push(record)
      at += recordBytes
    }
    return records
  }
}

function readRecord(volume: Volume, view: DataView, at: number, nameBytes: number): DirectoryRecord | null {
  const flags = view.getUint8(at + 25)
  const written = new Uint8Array(view.buffer, view.byteOffset + at + 33, nameBytes)
  const self = nameBytes === 1 && written[0] <= 1
  // An associated file holds what another system keeps beside the file of the same name.
  if (self || (flags & 0x04) !== 0) return null
  const disc = view.getUint16(at + 28, true)
  return {
    name: (volume.joliet ? bigEndianText(written) : latin(written)).replace(/;\d+$/, '').replace(/\.$/, ''),
    extent: extentOf(view, at, volume.blockBytes),
    folder: (flags & 0x02) !== 0,
    continued: (flags & 0x80) !== 0,
    unreadable:
      view.getUint8(at + 26) !== 0 ? 'its bytes are interleaved' : disc !== volume.number ? `it lies on disc ${disc} of the set` : '',
  }
}

function bigEndianText(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode((bytes[at] << 8) | bytes[at + 1])
  return text
}

/** The extents of a file, one behind the other. */
function extentsSource(source: ByteSource, extents: readonly Extent[]): ByteSource {
  const size = extents.reduce((sum, { length }) => sum + length, 0)
  const read = (offset: number, length: number): Uint8Array => {
    const end = Math.min(size, offset + length)
    const parts: Uint8Array[] = []
    let start = 0
    for (const extent of extents) {
      const from = Math.max(offset, start)
      const to = Math.min(end, start + extent.length)
      if (from < to) parts.push(source.read(extent.offset + from - start, to - from))
      start += extent.length
    }
    if (parts.length === 1) return parts[0]
    const joined = new Uint8Array(Math.max(0, end - offset))
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return joined
  }
  return { size, read }
}
