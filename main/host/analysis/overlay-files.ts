/** Masks and heatmaps as files: 8-bit PNG 0/255, 32-bit float NPY, at the picture's own rows and columns. */
import { join } from 'node:path'
import { encode } from 'fast-png'
import { writeAtomically } from '../../base/atomic-write'
import { npyParts } from '../../networks/npy'

/** Names count, as an identifier from outside never stands in a path. `image` counts from 1. */
export function maskFileName(image: number, label: string): string {
  return `${String(image).padStart(5, '0')}-${label}-mask.png`
}

/** Of what any test-time variant finds. */
export function possibleMaskFileName(image: number, label: string): string {
  return `${String(image).padStart(5, '0')}-${label}-possible-mask.png`
}

export function heatmapFileName(image: number, label: string): string {
  return `${String(image).padStart(5, '0')}-${label}-heatmap.npy`
}

/** `mask`: rows × columns, 0 or 1. */
export function writeMask(folder: string, name: string, mask: Uint8Array, rows: number, columns: number): void {
  const data = mask.map((value) => (value === 0 ? 0 : 255))
  writeAtomically(join(folder, name), [encode({ width: columns, height: rows, data, depth: 8, channels: 1 })])
}

export function labelMapFileName(image: number): string {
  return `${String(image).padStart(5, '0')}-label-map.png`
}

/** `labels`: rows × columns; a pixel's grey is the number of its structure. */
export function writeLabelMap(folder: string, name: string, labels: Uint8Array, rows: number, columns: number): void {
  writeAtomically(join(folder, name), [encode({ width: columns, height: rows, data: labels, depth: 8, channels: 1 })])
}

/** `values`: rows × columns, row by row. */
export function writeHeatmap(folder: string, name: string, values: Float32Array, rows: number, columns: number): void {
  writeAtomically(join(folder, name), npyParts([rows, columns], values))
}
