/** Stored values against the hashes of ../shared/data/dicom/ORACLES.csv, or for other folders against GDCM at run time. */
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Samples } from '../../contracts/frame'
import type { DicomObject } from '../../main/dicom/dicom-object'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { imageAttributes } from '../../main/pixels/image-attributes'

export type OracleRow = Readonly<Record<string, string>>

/** The rows of a CSV file with quoted fields, by the column `path`. */
export function readTable(path: string): Map<string, OracleRow> {
  const rows = readFileSync(path, 'utf8').split(/\r?\n/).filter(Boolean).map(fields)
  const names = rows.shift() ?? []
  return new Map(rows.map((row) => [row[names.indexOf('path')], Object.fromEntries(names.map((name, index) => [name, row[index] ?? '']))]))
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}

/** The first 16 hexadecimal digits of the SHA-256 over the samples of all frames. */
export async function storedHash(object: DicomObject, frames = imageAttributes(object).numberOfFrames): Promise<string> {
  const hash = createHash('sha256')
  for (let frameIndex = 0; frameIndex < frames; frameIndex++)
    hash.update(bytesOf((await decodeFrame(object, frameIndex, 'stored')).samples))
  return hash.digest('hex').slice(0, 16)
}

export function bytesOf({ buffer, byteOffset, byteLength }: Samples): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The pixel bytes that GDCM makes of a file, or null where it cannot. */
export function gdcmPixels(path: string): Uint8Array | null {
  const folder = mkdtempSync(join(tmpdir(), 'overread-conformance-'))
  try {
    const raw = join(folder, 'raw.dcm')
    if (spawnSync('gdcmconv', ['--raw', path, raw]).status !== 0 || !existsSync(raw)) return null
    const pixels = join(folder, 'pixels')
    if (spawnSync('gdcmraw', ['-i', raw, '-o', pixels]).status !== 0 || !existsSync(pixels)) return null
    return readFileSync(pixels)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whole 16-bit words cut to the stored bits, with their sign. The arithmetic of PS3.5 8.1.1, apart from the product's. */
export function cutToStoredBits(words: Uint8Array, bitsStored: number, signed: boolean): Uint8Array {
  const cut = Buffer.alloc(words.length)
  const source = Buffer.from(words)
  for (let at = 0; at + 1 < source.length; at += 2) {
    const low = source.readUInt16LE(at) % 2 ** bitsStored
    cut.writeUInt16LE(signed && low >= 2 ** (bitsStored - 1) ? low + 2 ** 16 - 2 ** bitsStored : low, at)
  }
  return cut
}
