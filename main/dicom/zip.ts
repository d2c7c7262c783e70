/** The files within a ZIP, one after the other, within bounds. */
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { DicomError, OverreadError } from '../../contracts/errors'
import { bytesSource, type ByteSource } from '../base/byte-source'
import type { ContainerBudget, RefuseEntry, TakeEntry } from './container-budget'

/** `PK\3\4`, or `PK\5\6` of an empty one. */
export function isZip(source: ByteSource): boolean {
  const head = source.read(0, 4)
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
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

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

/**
 * Gives the files of a ZIP to `take`, each before the next is inflated; those that cannot be read to `refuse`.
 *
 * @throws DicomError 'file.damaged' where the ZIP's own directory cannot be read, 'dicom.limit' beyond the budget
 */
export async function readZip(source: ByteSource, budget: ContainerBudget, take: TakeEntry, refuse: RefuseEntry): Promise<void> {
  const zip = await opened((done) => fromRandomAccessReader(new SourceReader(source), source.size, openOptions, done))
  try {
    for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
      budget.countEntry()
      const name = entryName(entry)
      if (name.endsWith('/')) continue
      let bytes: Uint8Array
      try {
        bytes = await inflateEntry(zip, entry, budget)
      } catch (error) {
        if (!(error instanceof OverreadError) || error.code === 'dicom.limit') throw error
        refuse({ name, error })
        continue
      }
      await take({ name, source: bytesSource(bytes) })
    }
  } finally {
    zip.close()
  }
}

/** Entry names stay bytes until we look at them: yauzl would refuse the whole file for one bad name. */
const openOptions = { lazyEntries: true, autoClose: true, validateEntrySizes: true, decodeStrings: false } as const

function opened(open: (done: (error: Error | null, zip?: ZipFile) => void) => void): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open((error, zip) => {
      if (zip) resolve(zip)
      else reject(new DicomError('file.damaged', 'the ZIP cannot be read', { cause: error }))
    })
  })
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
      finish()
    }
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)))
    zip.once('end', () => settle(() => resolve(null)))
    zip.once('error', (error: Error) =>
      settle(() => reject(new DicomError('file.damaged', 'the directory of the ZIP cannot be read', { cause: error }))),
    )
    zip.readEntry()
  })
}

/** UTF-8 by its flag or by being it, else byte by byte. */
function entryName({ fileName }: Entry): string {
  const bytes = fileName as unknown as Buffer
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

/** @throws DicomError 'file.unreadable' for what cannot be read, 'dicom.limit' where the whole ZIP goes beyond its bounds */
async function inflateEntry(zip: ZipFile, entry: Entry, budget: ContainerBudget): Promise<Uint8Array> {
  if (entry.isEncrypted()) throw new DicomError('file.unreadable', 'the entry of the ZIP is encrypted')
  if (entry.uncompressedSize > budget.limits.entryBytes)
    throw new DicomError('file.too-large', `${entry.uncompressedSize} bytes in the ZIP`)
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (opened ? resolve(opened) : reject(unreadable(error))))
  })
  const parts: Buffer[] = []
  let length = 0
  try {
    // The stated size is checked by yauzl, and the sum here: the parts grow as they come, not as a header says.
    for await (const part of stream as AsyncIterable<Buffer>) {
      length += part.length
      budget.countBytes(part.length)
      parts.push(part)
    }
  } catch (error) {
    throw error instanceof OverreadError ? error : unreadable(error)
  }
  // yauzl does not look at the checksum.
  if (parts.reduce((sum, part) => crc32(part, sum), 0) !== entry.crc32) throw unreadable(new Error('its checksum differs'))
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function unreadable(error: unknown): DicomError {
  return new DicomError('file.unreadable', `the entry of the ZIP is damaged${error instanceof Error ? ` (${error.message})` : ''}`, {
    cause: error,
  })
}
