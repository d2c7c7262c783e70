/** What an evaluation leaves out, by reason and count: leaving out is itself a finding. Names stay out, as they may be a patient's. */
import { errorCatalogue, type ErrorCode } from '../../contracts/errors'

/** Reasons of the folder; those of single pictures and files are errors of the catalogue. */
const folderReasons = {
  'file.other': { unit: 'file', sentence: 'Neither DICOM nor PNG.' },
  'file.repeated': { unit: 'file', sentence: 'An object that another file holds too.' },
  'table.unmatched': { unit: 'row', sentence: 'Names a picture that is not there or could not be read.' },
  'table.absent': { unit: 'picture', sentence: 'Has no row in the table.' },
  'table.frames': { unit: 'picture', sentence: 'A frame of an object with several, of which the table says one thing.' },
  'mask.unmatched': { unit: 'mask', sentence: 'Belongs to no picture.' },
  'mask.shared': { unit: 'picture', sentence: 'Would share its mask with another picture.' },
  'mask.size': { unit: 'picture', sentence: 'Its mask has another size.' },
  'mask.unreadable': { unit: 'picture', sentence: 'Its mask cannot be used.' },
} as const

export type LeftOutUnit = 'file' | 'picture' | 'row' | 'mask'
export type LeftOutReason = keyof typeof folderReasons | ErrorCode

export interface LeftOut {
  readonly reason: LeftOutReason
  readonly unit: LeftOutUnit
  readonly sentence: string
  readonly count: number
}

/** Of these an evaluation fails: something was there to be measured and could not be. */
const faults = new Set<string>(['mask.size', 'mask.unreadable', 'mask.shared', 'table.unmatched'])

export class LeftOutCounts {
  readonly #counts = new Map<string, { reason: LeftOutReason; unit: LeftOutUnit; count: number }>()

  add(reason: keyof typeof folderReasons, count = 1): void {
    this.#add(reason, folderReasons[reason].unit, count)
  }

  /** A file that cannot be read, or a picture that was not analysed. */
  addError(code: ErrorCode, unit: 'file' | 'picture'): void {
    this.#add(code, unit, 1)
  }

  get list(): LeftOut[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry, sentence: sentenceOf(entry.reason) }))
  }

  /** True where something could not be read or measured; a network that declines a picture is no fault, nor is a blank one. */
  get hasFaults(): boolean {
    return [...this.#counts.values()].some(({ reason }) => faults.has(reason) || (isCode(reason) && !isAnswer(reason)))
  }

  #add(reason: LeftOutReason, unit: LeftOutUnit, count: number): void {
    if (count === 0) return
    const key = `${unit} ${reason}`
    const entry = this.#counts.get(key) ?? { reason, unit, count: 0 }
    entry.count += count
    this.#counts.set(key, entry)
  }
}

function sentenceOf(reason: LeftOutReason): string {
  return isCode(reason) ? errorCatalogue[reason].sentence : folderReasons[reason].sentence
}

function isCode(reason: LeftOutReason): reason is ErrorCode {
  return Object.hasOwn(errorCatalogue, reason)
}

function isAnswer(code: ErrorCode): boolean {
  return code.startsWith('gate.') || code === 'inference.constant' || code === 'file.not-an-image'
}
