/** What a ZIP and a disc image have in common: how their entries are handed on, and what all of them together may come to. */
import { DicomError, type OverreadError } from '../../contracts/errors'
import type { ByteSource } from '../base/byte-source'
import { limits } from '../base/limits'

export interface ContainerEntry {
  /** Its name within the container, for the reader; not to be used as a path. */
  readonly name: string
  /** To be read before the next entry is asked for. */
  readonly source: ByteSource
}

/** An entry that was passed over, and why. */
export interface ContainerRefusal {
  readonly name: string
  readonly error: OverreadError
}

export type TakeEntry = (entry: ContainerEntry) => void | Promise<void>
export type RefuseEntry = (refusal: ContainerRefusal) => void

/** Bounds of one container with all that is nested in it; tests make them small. */
export interface ContainerLimits {
  readonly entries: number
  readonly depth: number
  /** Of an entry that is held in memory. */
  readonly entryBytes: number
  readonly totalBytes: number
}

export const containerLimits: ContainerLimits = {
  entries: limits.containerEntries,
  depth: limits.containerDepth,
  entryBytes: limits.zipEntryBytes,
  totalBytes: limits.containerTotalBytes,
}

/** Counts what the entries of one container and of those within it come to. */
export class ContainerBudget {
  readonly limits: ContainerLimits
  #entries = 0
  #bytes = 0

  constructor(bounds: ContainerLimits = containerLimits) {
    this.limits = bounds
  }

  /** @throws DicomError 'dicom.limit' */
  countEntry(): void {
    if (++this.#entries > this.limits.entries) throw new DicomError('dicom.limit', `more than ${this.limits.entries} entries`)
  }

  /** @throws DicomError 'dicom.limit' */
  countBytes(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.limits.totalBytes) throw new DicomError('dicom.limit', `more than ${this.limits.totalBytes} bytes in all`)
  }
}
