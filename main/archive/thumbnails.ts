/** Small pictures in `derived/`, which may be deleted at any time. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { OverreadError } from '../../contracts/errors'
import { temporaryName } from '../base/atomic-write'
import { sha256 } from '../base/hashing'
import { hashedPath, type ArchiveLayout } from './layout'

/** 8-bit grey or RGB. */
export interface Thumbnail {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: 1 | 3
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** All thumbnails together. */
const totalBytes = 256 * 1024 * 1024
const longestSide = 256
/** 'OVT1', rows, columns and samples as uint16, then the first 8 bytes of the samples' SHA-256. */
const headerBytes = 18
const magic = 0x4f565431

export interface ThumbnailStore {
  put(studyKey: number, stackKey: string, thumbnail: Thumbnail): void
  get(studyKey: number, stackKey: string): Thumbnail | null
}

export function thumbnailStore(layout: ArchiveLayout, limit = totalBytes): ThumbnailStore {
  /** Size by path, the oldest first; filled at the first writing. */
  let known: Map<string, number> | undefined
  let total = 0

  const pathOf = (studyKey: number, stackKey: string): string => hashedPath(layout.derived, sha256(Buffer.from(`${studyKey} ${stackKey}`)))

  return {
    put(studyKey, stackKey, thumbnail) {
      const bytes = encode(thumbnail)
      const path = pathOf(studyKey, stackKey)
      if (!known) {
        known = listFiles(layout.derived)
        total = [...known.values()].reduce((sum, size) => sum + size, 0)
      }
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const temporary = temporaryName(layout.temporary)
      try {
        // Not synced: a torn one is recognised and made again.
        writeFileSync(temporary, bytes, { mode: 0o600, flag: 'wx' })
        renameSync(temporary, path)
      } catch (error) {
        rmSync(temporary, { force: true })
        throw error
      }
      total += bytes.length - (known.get(path) ?? 0)
      known.delete(path)
      known.set(path, bytes.length)
      for (const [oldest, size] of known) {
        if (total <= limit) break
        rmSync(oldest, { force: true })
        known.delete(oldest)
        total -= size
      }
    },
    get(studyKey, stackKey) {
      try {
        return decode(readFileSync(pathOf(studyKey, stackKey)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
  }
}

function encode({ rows, columns, samplesPerPixel, bytes }: Thumbnail): Buffer {
  const valid = rows > 0 && columns > 0 && Math.max(rows, columns) <= longestSide && bytes.length === rows * columns * samplesPerPixel
  if (!valid) throw new OverreadError('request.invalid', 'thumbnail size')
  const file = Buffer.alloc(headerBytes + bytes.length)
  file.writeUInt32BE(magic, 0)
  file.writeUInt16LE(rows, 4)
  file.writeUInt16LE(columns, 6)
  file.writeUInt16LE(samplesPerPixel, 8)
  file.write(sha256(bytes).slice(0, 16), 10, 'hex')
  file.set(bytes, headerBytes)
  return file
}

/** Null for anything but a whole thumbnail. */
function decode(file: Buffer): Thumbnail | null {
  if (file.length < headerBytes || file.readUInt32BE(0) !== magic) return null
  const rows = file.readUInt16LE(4)
  const columns = file.readUInt16LE(6)
  const samplesPerPixel = file.readUInt16LE(8)
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) return null
  if (file.length !== headerBytes + rows * columns * samplesPerPixel) return null
  const bytes = new Uint8Array(file.length - headerBytes)
  bytes.set(file.subarray(headerBytes))
  if (sha256(bytes).slice(0, 16) !== file.toString('hex', 10, headerBytes)) return null
  return { rows, columns, samplesPerPixel, bytes }
}

function listFiles(root: string): Map<string, number> {
  const files: { path: string; size: number; time: number }[] = []
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size, mtimeMs } = statSync(path)
    files.push({ path, size, time: mtimeMs })
  }
  return new Map(files.sort((first, second) => first.time - second.time).map(({ path, size }) => [path, size]))
}
