/** The gate's check of the MR sequence: words of the descriptions, and times. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import type { ModelPackage } from '../../contracts/model-package'
import { contradicts, fits, notStated, type Check } from './gate-check'

/**
 * A word against the sequence, or a time outside its range, contradicts; a word for it, or times
 * that are all known and inside, accept; else it is unknown.
 */
export function checkSequence({ accepts }: ModelPackage, facts: InstanceFacts): Check {
  const wanted = accepts.sequence
  if (!wanted) return fits
  const described = `${facts.series.description} ${facts.series.protocolName} ${facts.sequenceName}`
  const against = wanted.contradictedBy.find((word) => says(described, word))
  if (against !== undefined) {
    return contradicts(
      `This network reads ${wanted.name} series; this one is described as "${facts.series.description.trim() || described.trim()}".`,
    )
  }
  const times = [
    { name: 'echo time', value: facts.echoTimeMs, range: wanted.echoTimeMs },
    { name: 'repetition time', value: facts.repetitionTimeMs, range: wanted.repetitionTimeMs },
    { name: 'inversion time', value: facts.inversionTimeMs, range: wanted.inversionTimeMs },
  ].filter((time) => time.range !== undefined)
  const outside = times.find(({ value, range }) => value !== null && (value < range![0] || value > range![1]))
  if (outside) {
    const [low, high] = outside.range!
    return contradicts(
      `This network reads ${wanted.name} series; the ${outside.name} of ${outside.value} ms lies outside ${low} to ${high} ms.`,
    )
  }
  if (wanted.words.some((word) => says(described, word))) return fits
  if (times.length > 0 && times.every(({ value }) => value !== null)) return fits
  return notStated('sequence')
}

/**
 * Whether a text holds a word. Words above three letters may stand anywhere ("dark-fluid", "mprage"). A
 * short one begins a word and ends it, or letters follow its digit: "t1" is in "t1w", not in "at100".
 */
function says(text: string, word: string): boolean {
  const [where, what] = [text.toLowerCase(), word.toLowerCase()]
  for (let at = where.indexOf(what); at >= 0 && what !== ''; at = where.indexOf(what, at + 1)) {
    if (what.length > 3) return true
    const before = where[at - 1] ?? ' '
    const after = where[at + what.length] ?? ' '
    const ends = /[0-9]$/.test(what) ? !/[0-9]/.test(after) : !/[a-z]/.test(after)
    if (!/[a-z0-9]/.test(before) && ends) return true
  }
  return false
}
