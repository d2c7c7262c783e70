/** Why a result counts as no current one, in words: said wherever the result is shown. */
import type { AnalysisResult, ModelReference } from '../../contracts/analysis'
import { isUntrusted } from '../../contracts/model-store'
import { plural } from '../ui/words'

export type ActiveModel = Pick<ModelReference, 'version' | 'sha256'>

/** Pictures that the network read, of those it has an answer for. */
export function analysedImages({ images }: AnalysisResult): number {
  return images.filter(({ refused }) => refused === null).length
}

/** Fewer than the whole was tried; what a network declined to read was tried. `stackImages`: what the stack holds now. */
export function isPartial(result: AnalysisResult, stackImages: number): boolean {
  return result.incomplete !== null || result.images.length < Math.max(result.imagesTotal, stackImages)
}

/** "Analysed 120 of 140 images", or nothing. */
export function partialWords(result: AnalysisResult, stackImages: number): string {
  if (!isPartial(result, stackImages)) return ''
  return `Analysed ${analysedImages(result)} of ${plural(Math.max(result.imagesTotal, stackImages), 'image')}`
}

/** "By 1.0; 1.1 is active", or nothing; null: the model is not installed. */
export function staleWords({ model }: AnalysisResult, active: ActiveModel | null): string {
  if (!active) return ''
  if (active.version !== model.version) return `By ${model.version}; ${active.version} is active`
  return active.sha256 === model.sha256 ? '' : `By other weights of ${model.version} than those active`
}

/** Or nothing. */
export function untrustedWords({ signature }: AnalysisResult): string {
  return isUntrusted(signature) ? 'No trusted key stands for this network’s package' : ''
}

/** Or nothing. */
export function overriddenNote({ overridden }: AnalysisResult): string {
  return overridden ? 'Run although the network refused, on record' : ''
}

/** With what spoke against it, or nothing. */
export function overriddenWords(result: AnalysisResult): string {
  if (!result.overridden) return ''
  const against = result.gate.contradictions.map(({ message }) => message).join(' ')
  return `${overriddenNote(result)}${against === '' ? '' : `: ${against}`}`
}
