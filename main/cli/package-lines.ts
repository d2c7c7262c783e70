/** What the command line says of a package beside what it gave. */
import type { PackageSignature } from '../../contracts/analysis'
import { signatureNote } from '../../contracts/model-store'
import { plainText } from './plain-text'

/** One line, or none. */
export function packageLines(signature: PackageSignature | null): string[] {
  const note = signatureNote(signature)
  return note === null ? [] : [plainText(note)]
}
