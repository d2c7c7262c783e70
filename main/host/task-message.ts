/** What the host and a worker thread, or the archive thread, say to each other. */
import { DicomError, errorCatalogue, OverreadError, type ErrorCode } from '../../contracts/errors'

export interface TaskMessage {
  readonly name: string
  readonly input: unknown
}

/** To a worker: decoders are to be loaded while nothing else is wanted. */
export interface WarmMessage {
  readonly warm: true
}

/** From a worker: it has loaded what it could. */
export interface WarmedMessage {
  readonly warmed: true
}

/** From a worker, of the task in hand: from now on it counts as stuck after this. */
export interface TaskAllowance {
  readonly allowMs: number
}

/** An error that keeps its code and detail across a thread; only `message` would survive otherwise. */
export interface ThreadError {
  readonly code: ErrorCode
  readonly detail: string
  readonly dicom: boolean
}

export type TaskReply = ({ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ThreadError }) & {
  /** The worker asks to be replaced, as its heap has grown. */
  readonly retire?: boolean
}

export function threadError(error: unknown): ThreadError {
  if (error instanceof OverreadError) return { code: error.code, detail: error.detail, dicom: error instanceof DicomError }
  const code = systemErrorCode(error)
  return { code, detail: code === 'internal' && error instanceof Error ? error.name : '', dicom: false }
}

export function reviveError({ code, detail, dicom }: ThreadError): OverreadError {
  const known = code in errorCatalogue ? code : 'internal'
  return dicom ? new DicomError(known, detail) : new OverreadError(known, detail)
}

/** Faults of the system that have a sentence of their own. */
function systemErrorCode(error: unknown): ErrorCode {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'archive.disk-full'
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'EIO') return 'file.unreadable'
  return 'internal'
}
