/** Whether a network was made for a picture, told from the header alone, in sentences for a reader. */
import type { GateAnswer } from '../../contracts/analysis'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import type { ErrorCode } from '../../contracts/errors'
import type { ModelPackage } from '../../contracts/model-package'
import { checkAge } from './gate-age'
import { checkView } from './gate-view'
import { checkSequence } from './gate-sequence'
import { contradicts, fits, list, notStated, type Check } from './gate-check'
import { regionsIn } from './body-parts'

/** Names that say nothing of how a picture was made. */
const silentModalities = new Set(['', 'OT', 'SC'])
/** Radiographs under their several names. */
const radiographs = new Set(['CR', 'DX', 'DR', 'RG'])
const modalityTitles: Record<string, string> = {
  MR: 'MR',
  CT: 'CT',
  CR: 'X-ray',
  DX: 'X-ray',
  MG: 'mammography',
  US: 'ultrasound',
  PT: 'PET',
  NM: 'nuclear medicine',
  XA: 'angiography',
  RF: 'fluoroscopy',
}

/**
 * The answer of a package to one picture.
 *
 * `plane` is the slice's orientation as main/geometry names it; null where there is none.
 * Only a fact that the header states can contradict. What it leaves out is listed as unchecked.
 */
export function checkHeader(model: ModelPackage, facts: InstanceFacts, plane: string | null): GateAnswer {
  const checks: readonly (readonly [ErrorCode, Check])[] = [
    ['gate.modality', checkModality(model, facts)],
    ['gate.body-part', checkBodyPart(model, facts)],
    ['gate.view', checkView(model, facts)],
    ['gate.sequence', checkSequence(model, facts)],
    ['gate.age', checkAge(model, facts)],
    ['gate.plane', checkPlane(model, plane)],
    ['gate.presentation', checkPresentation(facts)],
    ['gate.photometric', checkPhotometric(model, facts)],
    ['gate.spacing', checkSpacing(model, facts)],
    ['gate.size', checkSize(model, facts)],
  ]
  const contradictions = checks.flatMap(([code, check]) => (check.verdict === 'contradicts' ? [{ code, message: check.sentence }] : []))
  const unchecked = checks.flatMap(([, check]) => (check.verdict === 'unknown' ? [check.what] : []))
  return { verdict: contradictions.length > 0 ? 'contradicts' : unchecked.length > 0 ? 'unknown' : 'accepts', contradictions, unchecked }
}

/**
 * One answer for the pictures of a series. It contradicts where every picture does; where only
 * some do (a localiser among the slices) the rest still runs.
 */
export function combineAnswers(answers: readonly GateAnswer[]): GateAnswer {
  const contradictions = new Map(answers.flatMap((answer) => answer.contradictions).map((found) => [found.message, found]))
  const running = answers.filter((answer) => answer.verdict !== 'contradicts')
  const unchecked = [...new Set((running.length > 0 ? running : answers).flatMap((answer) => answer.unchecked))]
  const verdict = running.length === 0 && answers.length > 0 ? 'contradicts' : unchecked.length > 0 ? 'unknown' : 'accepts'
  return { verdict, contradictions: [...contradictions.values()], unchecked }
}

function checkModality({ accepts }: ModelPackage, { series }: InstanceFacts): Check {
  const stated = series.modality.trim().toUpperCase()
  if (silentModalities.has(stated)) return notStated('modality')
  const wanted = accepts.modality.map((name) => name.toUpperCase())
  if (wanted.includes(stated)) return fits
  if (radiographs.has(stated) && wanted.some((name) => radiographs.has(name))) return fits
  const titles = [...new Set(wanted.map((name) => modalityTitles[name] ?? name))]
  return contradicts(`This network reads ${list(titles)} pictures; this one is ${modalityTitles[stated] ?? 'of another kind'} (${stated}).`)
}

function checkBodyPart({ accepts }: ModelPackage, { series }: InstanceFacts): Check {
  if (!accepts.bodyPart) return fits
  const wanted = new Set(accepts.bodyPart.flatMap((part) => [...regionsIn(part)]))
  const stated = regionsIn(series.bodyPart)
  const isWanted = (text: string) => accepts.bodyPart!.some((part) => part.toUpperCase() === text.trim().toUpperCase())
  if (isWanted(series.bodyPart) || [...stated].some((region) => wanted.has(region))) return fits
  if (stated.size === 0) return notStated('body part')
  return contradicts(
    `This network reads pictures of the ${accepts.bodyPart[0]?.toLowerCase()}; this one is labelled ${series.bodyPart.trim()}.`,
  )
}

function checkPlane({ accepts }: ModelPackage, plane: string | null): Check {
  if (!accepts.plane || plane === accepts.plane) return fits
  if (plane !== 'axial' && plane !== 'coronal' && plane !== 'sagittal') return notStated('slice orientation')
  return contradicts(`This network reads ${accepts.plane} slices; these are ${plane}.`)
}

function checkPresentation({ presentationIntentType }: InstanceFacts): Check {
  if (presentationIntentType.trim().toUpperCase() !== 'FOR PROCESSING') return fits
  return contradicts('This picture is raw detector data (for processing); networks read the processed picture (for presentation).')
}

function checkPhotometric({ accepts }: ModelPackage, { image }: InstanceFacts): Check {
  if (!image) return notStated('colour form')
  const stated = image.photometricInterpretation.trim().toUpperCase()
  const colour = image.samplesPerPixel > 1 || stated === 'PALETTE COLOR'
  // No package takes colour: a tensor's channels are slices, not samples.
  if (!colour && (!accepts.photometricInterpretation || accepts.photometricInterpretation.includes(stated))) return fits
  return contradicts(
    `This network reads grey pictures${colour ? '; this one is in colour' : ' of another form; this one is'} (${stated || 'not stated'}).`,
  )
}

function checkSpacing({ accepts }: ModelPackage, { image }: InstanceFacts): Check {
  if (!accepts.pixelSpacingMm) return fits
  const geometry = image?.geometry[0]
  // A length on the detector is not one in the patient.
  const inPatient = geometry?.spacingOrigin === 'patient' || geometry?.spacingOrigin === 'calibrated'
  if (!geometry?.pixelSpacing || !inPatient) return notStated('pixel spacing')
  const [low, high] = accepts.pixelSpacingMm
  const outside = geometry.pixelSpacing.find((spacing) => spacing < low || spacing > high)
  if (outside === undefined) return fits
  return contradicts(`This network was made for pixels of ${low} to ${high} mm; these measure ${Number(outside.toPrecision(3))} mm.`)
}

function checkSize({ accepts }: ModelPackage, { image }: InstanceFacts): Check {
  if (!accepts.minimumSidePx || !image) return fits
  if (Math.min(image.rows, image.columns) >= accepts.minimumSidePx) return fits
  return contradicts(
    `This network needs at least ${accepts.minimumSidePx} pixels a side; this picture has ${image.columns} × ${image.rows}.`,
  )
}
