/** What was seen of the pixels before a network's word was taken, in words. */
import type { AnalysisResult, Screening } from '../../contracts/analysis'
import { score } from '../ui/words'

/** Of the stack where it was looked at as one; of a single picture where the result holds but one. */
export function screeningWords({ screening, images }: Pick<AnalysisResult, 'screening' | 'images'>): string[] {
  const only = images.length === 1 ? (images[0]?.screening ?? null) : null
  return [screening, only].flatMap((seen) => (seen ? wordsOf(seen) : []))
}

function wordsOf({ inputCheck, distance }: Screening): string[] {
  const words: string[] = []
  if (inputCheck) {
    const { model, probabilities } = inputCheck
    const said = Object.entries(probabilities).reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number])
    words.push(`${model.title} ${model.version}: ${said[0]} ${score(said[1])}`)
  }
  if (distance)
    words.push(`Distance from the training data ${distance.value.toFixed(1)}, at most ${distance.threshold.toFixed(1)} is usual`)
  return words
}
