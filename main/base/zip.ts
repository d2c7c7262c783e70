/** The directory and the entries of a ZIP. What it states is not believed; what is wrong is thrown as a plain error, for the caller to name. */
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { ByteSource } from './byte-source'

/** Deflate turns one byte into 1,032 at most. */
const deflateRatio = 1032
/** Of the upper half of the external attributes, as Unix writes them: the kind of a file. */
const kindMask = 0o170000
const symbolicLink = 0o120000
/** Systems that "made by" names (APPNOTE 4.4.2) and that write Unix attributes. */
const unixLike = [3, 19]

export interface ZipEntry {
  /** As it is written, for the reader; not to be used as a path. */
  readonly name: string
  readonly size: number
  readonly isFolder: boolean
  readonly isLink: boolean
  readonly isEncrypted: boolean
  readonly entry: Entry
}

class SourceReader extends RandomAccessReader {
  constructor(readonly source: ByteSource) {
    super()
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const { source } = this
    return Readable.from(
      (function* () {
        for (let at = start; at < end; at += 1 << 20) yield asBuffer(source.read(at, Math.min(1 << 20, end - at)))
      })(),
    )
  }
}

/** Entry names stay bytes until we look at them: yauzl would refuse the whole file for one bad name. */
const openOptions = { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: false } as const

export class Zip {
  readonly #file: ZipFile

  private constructor(file: ZipFile) {
    this.#file = file
  }

  /** @throws Error where it has no directory that can be read */
  static open(source: ByteSource): Promise<Zip> {
    return new Promise((resolve, reject) => {
      fromRandomAccessReader(new SourceReader(source), source.size, openOptions, (error, file) => {
        if (file) resolve(new Zip(file))
        else reject(new Error('the ZIP cannot be read', { cause: error }))
      })
    })
  }

  /** The next entry of the directory; null behind the last. @throws Error where the directory cannot be read */
  next(): Promise<ZipEntry | null> {
    const file = this.#file
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        file.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
        finish()
      }
      file.once('entry', (entry: Entry) => settle(() => resolve(describe(entry))))
      file.once('end', () => settle(() => resolve(null)))
      file.once('error', (error: Error) => settle(() => reject(new Error('the directory of the ZIP cannot be read', { cause: error }))))
      file.readEntry()
    })
  }

  /**
   * The bytes of an entry in parts, of its stated size in all.
   *
   * @throws Error where it cannot be inflated to that size, or its checksum differs, which is known behind the last part
   */
  async *read({ entry, isEncrypted }: ZipEntry): AsyncGenerator<Buffer> {
    if (isEncrypted) throw new Error('it is encrypted')
    if (entry.uncompressedSize > entry.compressedSize * deflateRatio + 1024) throw new Error('it states a size that it cannot inflate to')
    const stream = await new Promise<Readable>((resolve, reject) => {
      this.#file.openReadStream(entry, (error, opened) => (opened ? resolve(opened) : reject(error ?? new Error('it cannot be opened'))))
    })
    let sum = 0
    // yauzl ends the stream at the stated size.
    for await (const part of stream as AsyncIterable<Buffer>) {
      sum = crc32(part, sum)
      yield part
    }
    // yauzl does not look at the checksum.
    if (sum !== entry.crc32) throw new Error('its checksum differs')
  }

  close(): void {
    this.#file.close()
  }
}

function describe(entry: Entry): ZipEntry {
  const name = nameOf(entry)
  const kind = unixLike.includes(entry.versionMadeBy >>> 8) ? (entry.externalFileAttributes >>> 16) & kindMask : 0
  return {
    name,
    size: entry.uncompressedSize,
    isFolder: name.endsWith('/'),
    isLink: kind === symbolicLink,
    isEncrypted: entry.isEncrypted(),
    entry,
  }
}

/** UTF-8 by its flag or by being it, else byte by byte. */
function nameOf({ fileName }: Entry): string {
  const bytes = fileName as unknown as Buffer
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
