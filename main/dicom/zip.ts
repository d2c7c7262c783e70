/** The files within a ZIP, one after the other, within bounds. */
import { DicomError, OverreadError } from '../../contracts/errors'
import { bytesSource, type ByteSource } from '../base/byte-source'
import { Zip, type ZipEntry } from '../base/zip'
import type { ContainerBudget, RefuseEntry, TakeEntry } from './container-budget'

/** `PK\3\4`, or `PK\5\6` of an empty one. */
export function isZip(source: ByteSource): boolean {
  const head = source.read(0, 4)
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
}

/**
 * Gives the files of a ZIP to `take`, each before the next is inflated; those that cannot be read to `refuse`.
 *
 * @throws DicomError 'file.damaged' where the ZIP's own directory cannot be read, 'dicom.limit' beyond the budget
 */
export async function readZip(source: ByteSource, budget: ContainerBudget, take: TakeEntry, refuse: RefuseEntry): Promise<void> {
  const zip = await readable(Zip.open(source))
  try {
    for (let entry = await readable(zip.next()); entry; entry = await readable(zip.next())) {
      budget.countEntry()
      const { name, isFolder } = entry
      if (isFolder) continue
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

async function readable<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    throw new DicomError('file.damaged', error instanceof Error ? error.message : '', { cause: error })
  })
}

/** @throws DicomError 'file.unreadable' for what cannot be read, 'dicom.limit' where the whole ZIP goes beyond its bounds */
async function inflateEntry(zip: Zip, entry: ZipEntry, budget: ContainerBudget): Promise<Uint8Array> {
  if (entry.isEncrypted) throw new DicomError('file.unreadable', 'the entry of the ZIP is encrypted')
  if (entry.size > budget.limits.entryBytes) throw new DicomError('file.too-large', `${entry.size} bytes in the ZIP; unpack it first`)
  try {
    let bytes: Uint8Array | null = null
    let length = 0
    for await (const part of zip.read(entry)) {
      budget.countInflated(part.length)
      // The system gives memory as it is written, not as a header says.
      bytes ??= new Uint8Array(entry.size)
      bytes.set(part, length)
      length += part.length
    }
    return bytes ?? new Uint8Array(entry.size)
  } catch (error) {
    throw error instanceof OverreadError ? error : unreadable(error)
  }
}

function unreadable(error: unknown): DicomError {
  return new DicomError('file.unreadable', `the entry of the ZIP is damaged${error instanceof Error ? ` (${error.message})` : ''}`, {
    cause: error,
  })
}
