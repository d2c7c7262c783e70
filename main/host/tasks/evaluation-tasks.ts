/** Worker tasks of an evaluation: PNG files come from outside, and whole pictures are compared pixel by pixel. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { OverreadError } from '../../../contracts/errors'
import { limits } from '../../base/limits'
import { sha256 } from '../../base/hashing'
import { overlapOf, type Overlap } from '../../evaluation/dice'
import { hausdorff95, type EdgeDistance } from '../../evaluation/hausdorff'
import { countPixels, levelEdges, type PixelCounts } from '../../evaluation/pixel-levels'
import { readPngMask, readPngPicture } from '../../evaluation/png'
import { pictureObject, type PicturePlace } from '../../interchange/picture-object'
import type { TaskResult } from './task-result'

export interface WrapPngInput {
  readonly path: string
  /** Where the object goes. */
  readonly target: string
  readonly place: PicturePlace
}

/** Writes a PNG picture as a DICOM object, so that it takes the very path of one. Gives the hash of the PNG file. */
export async function wrapPngTask({ path, target, place }: WrapPngInput): Promise<TaskResult<{ readonly sha256: string }>> {
  const bytes = readBounded(path)
  writeFileSync(target, pictureObject(readPngPicture(bytes), place), { mode: 0o600, flag: 'wx' })
  return { value: { sha256: sha256(bytes) } }
}

export interface CompareMaskInput {
  /** Null: nothing is inside. */
  readonly truthPath: string | null
  readonly rows: number
  readonly columns: number
  /** The network's outline and map, rows x columns. */
  readonly found: Uint8Array<ArrayBuffer>
  readonly map: Float32Array<ArrayBuffer>
  readonly thresholds: readonly number[]
  /** [between rows, between columns] */
  readonly spacing: readonly [number, number]
}

/** Null: the mask has another size than its picture. */
export type CompareMaskOutput = {
  readonly overlap: Overlap
  readonly distance: EdgeDistance
  readonly pixels: PixelCounts
  /** Of the truth, one byte a pixel. */
  readonly sha256: string
} | null

/** @throws OverreadError 'evaluation.png', 'file.unreadable' */
export async function compareMaskTask(input: CompareMaskInput): Promise<TaskResult<CompareMaskOutput>> {
  const { truthPath, rows, columns, found, map, thresholds, spacing } = input
  const truth = truthPath === null ? new Uint8Array(rows * columns) : maskOf(truthPath, rows, columns)
  if (!truth) return { value: null }
  const value = {
    overlap: overlapOf(truth, found),
    distance: hausdorff95(truth, found, rows, columns, spacing),
    pixels: countPixels(truth, map, levelEdges(thresholds)),
    sha256: sha256(truth),
  }
  return { value, transfer: Object.values(value.pixels).map(({ buffer }) => buffer) }
}

function maskOf(path: string, rows: number, columns: number): Uint8Array | null {
  const mask = readPngMask(readBounded(path))
  return mask.rows === rows && mask.columns === columns ? mask.samples : null
}

function readBounded(path: string): Uint8Array {
  try {
    if (statSync(path).size <= limits.frameBytes) return readFileSync(path)
  } catch (error) {
    throw new OverreadError('file.unreadable', (error as NodeJS.ErrnoException).code ?? '', { cause: error })
  }
  throw new OverreadError('file.too-large')
}

export const evaluationTasks = {
  'evaluation.wrap-png': wrapPngTask,
  'evaluation.compare-mask': compareMaskTask,
}
