/** Opens an archived or outside object in a worker; the last few stay open, as neighbouring frames follow. */
import { sha256 } from '../../base/hashing'
import { fileSource, type FileSource } from '../../base/byte-source'
import { OverreadError } from '../../../contracts/errors'
import { readDicomObject, type DicomObject } from '../../dicom/dicom-object'

/** Where an object's bytes are. Chunk hashes are checked before a byte of a chunk is used; null outside the archive. */
export interface ObjectLocation {
  readonly path: string
  readonly chunks: readonly string[] | null
  /** Its facts count the tiles of one picture as frames; else the frames are the object's own. */
  readonly tiled?: boolean
}

interface OpenObject {
  readonly source: FileSource
  readonly object: DicomObject
}

const keptOpen = 4
const open = new Map<string, OpenObject>()

function verifier(chunks: readonly string[]) {
  return (index: number, bytes: Uint8Array) => {
    if (sha256(bytes) !== chunks[index]) throw new OverreadError('archive.integrity')
  }
}

/** @throws DicomError what the parser finds; OverreadError 'archive.integrity' where the bytes changed in the archive. */
export function openObject({ path, chunks }: ObjectLocation): DicomObject {
  const known = open.get(path)
  if (known) {
    open.delete(path)
    open.set(path, known)
    return known.object
  }
  const source = fileSource(path, chunks ? { verifyChunk: verifier(chunks) } : {})
  try {
    const object = readDicomObject(source)
    open.set(path, { source, object })
  } catch (error) {
    source.close()
    throw error
  }
  closeOldest()
  return open.get(path)!.object
}

function closeOldest(): void {
  for (const [path, { source }] of open) {
    if (open.size <= keptOpen) return
    open.delete(path)
    source.close()
  }
}
