/** What a reader must know of a study's identity and history, in sentences. */
import type { HeaderChange, StudyEvent, StudyRow } from '../../contracts/worklist'
import { instant, plural } from './words'

type Flags = Pick<StudyRow, 'identityConflict' | 'patientIdShared' | 'headersCorrected' | 'keptOut'>

/** What sets a study apart from a plain one, the gravest first. */
export function studyCautions({ identityConflict, patientIdShared, headersCorrected, keptOut }: Flags): string[] {
  return [
    identityConflict ? 'The same study stands under another patient identity as well. The two are kept apart.' : '',
    patientIdShared ? 'This patient id also stands with another issuer, birth date or sex. The two are kept apart.' : '',
    keptOut > 0
      ? `${plural(keptOut, 'object')} with an identifier of this study and other pixels ${keptOut === 1 ? 'was' : 'were'} kept out.`
      : '',
    headersCorrected > 0
      ? `The header of ${plural(headersCorrected, 'object')} was corrected after ${headersCorrected === 1 ? 'it was' : 'they were'} stored.`
      : '',
  ].filter((sentence) => sentence !== '')
}

/** One event of the history: what happened, and what changed by it. */
export function eventWords(event: StudyEvent): { readonly what: string; readonly details: readonly string[] } {
  const when = instant(event.at)
  return event.event === 'kept-out'
    ? { what: `${when}: ${plural(event.objects, 'object')} with other pixels kept out`, details: event.files }
    : { what: `${when}: header of ${plural(event.objects, 'object')} corrected`, details: event.changes.map(changeWords) }
}

function changeWords({ tag, name, before, after }: HeaderChange): string {
  const value = (text: string) => (text === '' ? 'nothing' : `“${text}”`)
  return `${name || tag}: ${value(after)} instead of ${value(before)}`
}

/** "Before correction of the header", where that holds for a result. */
export function correctionWords(headersCorrected: number | undefined, images: number): string | null {
  if (headersCorrected === undefined) return null
  return headersCorrected >= images
    ? 'Before correction of the header.'
    : `Before correction of the header of ${headersCorrected} of ${plural(images, 'image')}.`
}
