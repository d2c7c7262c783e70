/** Heatmaps and masks: deflated files in `results/`, named by their hash, referred to by rows. */
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import type { FrameReference } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import { syncFolder } from '../base/atomic-write'
import { sha256 as hashOf } from '../base/hashing'
import type { ReadableDb, WritableDb } from './database'
import { hashedPath, temporaryPath, type ArchiveLayout } from './layout'
import { stageOverlay } from './staging'

export const overlayKinds = ['heatmap', 'mask', 'possible-mask', 'label-map'] as const
export type OverlayKind = (typeof overlayKinds)[number]

/** An overlay staged by `stageOverlay`. Its bytes before deflating: rows × columns × 2 for a heatmap, × 1 for masks and label maps. */
export interface IncomingOverlay {
  readonly label: string
  readonly kind: OverlayKind
  readonly rows: number
  readonly columns: number
  /** Bare name in `tmp/`. */
  readonly temporary: string
  readonly sha256: string
  readonly size: number
}

/** An overlay not yet staged. */
export type OverlayBytes = Omit<IncomingOverlay, 'temporary' | 'sha256' | 'size'> & { readonly bytes: Uint8Array }

export interface OverlayKey extends FrameReference {
  readonly resultId: string
  readonly label: string
  readonly kind: OverlayKind
}

export interface Overlay {
  readonly rows: number
  readonly columns: number
  /** Heatmap: uint16 little endian, 0 to 65535 for 0 to 1. Mask: uint8, 0 or 1. Label map: uint8. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

type PlaceOverlay = (db: WritableDb, resultSequence: number, frame: FrameReference, overlay: IncomingOverlay) => void

/** Stages those that come as bytes. */
export function stageOverlays(layout: ArchiveLayout, overlays: readonly (IncomingOverlay | OverlayBytes)[]): IncomingOverlay[] {
  return overlays.map((overlay) => {
    if (!('bytes' in overlay)) return overlay
    const { bytes, ...rest } = overlay
    if (bytes.length !== overlayBytes(rest.kind, rest.rows, rest.columns)) throw new OverreadError('request.invalid', 'overlay size')
    return { ...rest, ...stageOverlay(bytes, layout.folder) }
  })
}

/** Moves staged overlays to their place; answers how each is listed, within a transaction. */
export function insertOverlays(layout: ArchiveLayout, overlays: readonly IncomingOverlay[]): PlaceOverlay {
  const folders = new Set<string>()
  let made = false
  for (const { temporary, sha256 } of overlays) {
    const target = hashedPath(layout.results, sha256)
    if (mkdirSync(dirname(target), { recursive: true, mode: 0o700 }) !== undefined) made = true
    // Of the same content there may be one already, as all empty masks of a size are alike: this heals a damaged one.
    renameSync(temporaryPath(layout, temporary), target)
    folders.add(dirname(target))
  }
  for (const folder of folders) syncFolder(folder)
  if (made) syncFolder(layout.results)
  return (db, resultSequence, frame, overlay) => {
    db.run(
      `INSERT INTO overlays (resultSequence, sopInstanceUid, frameIndex, label, kind, rows, columns, sha256, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        resultSequence,
        frame.sopInstanceUid,
        frame.frameIndex,
        overlay.label,
        overlay.kind,
        overlay.rows,
        overlay.columns,
        overlay.sha256,
        overlay.size,
      ],
    )
  }
}

/**
 * One overlay, checked against its hash; null where the result holds none for the frame.
 *
 * @throws OverreadError 'archive.integrity' when its file is missing or not what was stored.
 */
export function getOverlay(db: ReadableDb, layout: ArchiveLayout, studyKey: number, key: OverlayKey): Overlay | null {
  const row = db.first<{ rows: number; columns: number; sha256: string }>(
    `SELECT rows, columns, sha256 FROM overlays JOIN results USING (resultSequence)
     WHERE resultId = ? AND studyKey = ? AND sopInstanceUid = ? AND frameIndex = ? AND label = ? AND kind = ?`,
    [key.resultId, studyKey, key.sopInstanceUid, key.frameIndex, key.label, key.kind],
  )
  if (!row) return null
  const { rows, columns } = row
  return { rows, columns, bytes: inflate(hashedPath(layout.results, row.sha256), row.sha256, overlayBytes(key.kind, rows, columns)) }
}

export function overlayBytes(kind: OverlayKind, rows: number, columns: number): number {
  return rows * columns * (kind === 'heatmap' ? 2 : 1)
}

function inflate(path: string, sha256: string, length: number): Uint8Array<ArrayBuffer> {
  try {
    const deflated = readFileSync(path)
    if (hashOf(deflated) !== sha256) throw new OverreadError('archive.integrity', 'overlay')
    const inflated = inflateRawSync(deflated, { maxOutputLength: length })
    if (inflated.length !== length) throw new OverreadError('archive.integrity', 'overlay of another size')
    const bytes = new Uint8Array(length)
    bytes.set(inflated)
    return bytes
  } catch (error) {
    if (error instanceof OverreadError) throw error
    throw new OverreadError('archive.integrity', 'overlay', { cause: error })
  }
}

export function discardOverlays(layout: ArchiveLayout, overlays: readonly IncomingOverlay[]): void {
  for (const { temporary } of overlays) rmSync(temporaryPath(layout, temporary), { force: true })
}
