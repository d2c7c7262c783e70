/** The gate's check of the view of a radiograph. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import type { ModelPackage } from '../../contracts/model-package'
import { contradicts, fits, list, notStated, type Check } from './gate-check'

type View = 'frontal' | 'lateral' | 'oblique' | 'mammographic'

/** Values of View Position (0018,5101) and of CID 4010, with their family. */
const families: Record<string, View> = {
  AP: 'frontal',
  PA: 'frontal',
  FRONTAL: 'frontal',
  LL: 'lateral',
  RL: 'lateral',
  LAT: 'lateral',
  LATERAL: 'lateral',
  LLAT: 'lateral',
  RLAT: 'lateral',
  // Decubitus: the beam is horizontal, the picture frontal.
  LLD: 'frontal',
  RLD: 'frontal',
  LLO: 'oblique',
  RLO: 'oblique',
  LAO: 'oblique',
  RAO: 'oblique',
  LPO: 'oblique',
  RPO: 'oblique',
  OBLIQUE: 'oblique',
  CC: 'mammographic',
  MLO: 'mammographic',
  ML: 'mammographic',
  LM: 'mammographic',
}

/**
 * View Position decides where it is a known word; where it is absent, Patient Orientation and then
 * the words of the description may still show a lateral picture, but never confirm a frontal one by
 * themselves beyond its family.
 */
export function checkView({ accepts }: ModelPackage, facts: InstanceFacts): Check {
  if (!accepts.viewPosition) return fits
  const wanted = accepts.viewPosition.map((view) => view.toUpperCase())
  const wantedFamilies = new Set(wanted.map((view) => families[view]))
  const refuse = (what: string) =>
    contradicts(`This network reads ${list([...wantedFamilies].map((family) => family ?? 'other'))} pictures; this one is ${what}.`)

  const words = wordsOf(facts.viewPosition)
  if (words.some((word) => wanted.includes(word))) return fits
  const stated = words.find((word) => Object.hasOwn(families, word))
  if (stated !== undefined)
    return wantedFamilies.has(families[stated]) ? fits : refuse(`labelled ${families[stated]} (${facts.viewPosition.trim()})`)

  const row = facts.patientOrientation[0]?.trim().toUpperCase()[0]
  if (row === 'A' || row === 'P')
    return wantedFamilies.has('lateral') ? fits : refuse(`lateral by its orientation (${facts.patientOrientation.join('\\')})`)
  const description = wordsOf(`${facts.series.description} ${facts.series.protocolName}`)
  const lateral = description.find((word) => families[word] === 'lateral')
  const decubitus = description.some((word) => word.startsWith('DECUB'))
  if (lateral !== undefined && !decubitus && !wantedFamilies.has('lateral'))
    return refuse(`described as lateral (${facts.series.description.trim() || facts.series.protocolName.trim()})`)
  if (row === 'L' || row === 'R') return wantedFamilies.has('frontal') ? fits : refuse('frontal by its orientation')
  return notStated('view')
}

function wordsOf(text: string): string[] {
  return text
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter((word) => word !== '')
}
