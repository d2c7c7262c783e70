/** How facts are put into words, the same on every screen. */
import type { AiState, StudyRow } from '../../contracts/worklist'

const components = (group: string) => {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group.split('^').map((part) => part.trim())
  const first = [prefix, given, middle].filter(Boolean).join(' ')
  return [family, first, suffix].filter(Boolean).join(', ')
}

/** A person name as written (PS3.5 6.2): `Doe^Jane` becomes `Doe, Jane`; the ideographic and the phonetic group follow in brackets. */
export function personName(value: string): string {
  const [main = '', ...others] = value.split('=').map(components).filter(Boolean)
  return others.length > 0 ? `${main} (${others.join('; ')})` : main
}

/** A DICOM date as written: `20261102` becomes `2026-11-02`; what is not a date stays as it stands. */
export function dicomDate(value: string): string {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value)
  return match ? `${match[1]}-${match[2]}-${match[3]}` : value
}

/** `hhmm…` becomes `hh:mm`. */
export function dicomTime(value: string): string {
  const match = /^(\d{2}):?(\d{2})/.exec(value)
  return match ? `${match[1]}:${match[2]}` : ''
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** The state of analysis of a study, in SCREENS' words. */
export function aiStateWords(ai: AiState): string {
  switch (ai.state) {
    case 'not-run':
      return '–'
    case 'queued':
      return 'queued'
    case 'running':
      return `${ai.done} of ${ai.total}`
    case 'refused':
      return 'not suitable'
    case 'failed':
      return 'failed'
    case 'partial':
      return `analysed ${ai.done} of ${ai.total}`
    case 'stale':
      return ai.by === ai.active ? `by other weights of ${ai.by}` : `by ${ai.by}; ${ai.active} is active`
    case 'overridden':
      return apart('run anyway', ai)
    case 'untrusted':
      return apart('untrusted network', ai)
    case 'no-finding':
      return 'no finding'
    case 'agreed':
      return 'agreed: nothing found'
    case 'missed':
      return `${ai.count} missed by the network`
    case 'findings':
      return plural(ai.count, 'finding')
    case 'reviewed':
      return `reviewed ${ai.decided} of ${ai.count}`
  }
}

/** Findings that count among no others, with why. */
function apart(why: string, { decided, count }: { readonly decided: number; readonly count: number }): string {
  if (count === 0) return why
  return `${why}: ${count > decided ? plural(count, 'finding') : `reviewed ${decided} of ${count}`}`
}

/** The state, and what was missed where the state does not say it. */
export function studyStateWords({ ai, missed }: Pick<StudyRow, 'ai' | 'missed'>): string {
  return missed > 0 && ai.state !== 'missed' ? `${aiStateWords(ai)}, ${missed} missed` : aiStateWords(ai)
}

/** A score or threshold: two decimals, as in "0.91". */
export const score = (value: number) => value.toFixed(2)

/** Milliseconds as a reader reads them: "0.4 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** By 1024, as memory is counted. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`
}

/** An instant in the reader's own time: "25 Nov 2026, 19:05"; what is none stays as it stands. */
export function instant(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
}

export const researchUse = 'Research use only. Not a medical device; not for diagnosis or patient management.'

/** (0010,0040) in words; what is none of the defined terms stays as written. */
export function sexWords(value: string): string {
  return { M: 'male', F: 'female', O: 'other sex' }[value.trim()] ?? (value.trim() === '' ? 'sex not stated' : value)
}
