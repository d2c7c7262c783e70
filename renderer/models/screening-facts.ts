/** How a package finds out that it does not know, for its card. */
import { isPictureModel, type ModelPackage } from '../../contracts/model-package'

export interface ScreeningFact {
  readonly term: string
  readonly text: string
}

/** Terms with their sentences, in the order in which they act; `titleOf` gives the title of an installed package. */
export function screeningFacts(model: ModelPackage, titleOf: (id: string) => string | null): ScreeningFact[] {
  const { accepts, task } = model
  const facts: ScreeningFact[] = []
  if (task === 'input-check') facts.push({ term: 'Use', text: 'Asked by other networks before they answer; it is not run by itself.' })
  if (accepts.pixels) {
    const title = titleOf(accepts.pixels.model)
    const text = title === null ? `${accepts.pixels.model}, which is not installed: the pixels are not checked` : title
    facts.push({ term: 'Pixel check', text })
  }
  if (!isPictureModel(model)) return facts
  const { distribution, testTimeVariants, testTimeFlips } = model
  if (distribution) {
    const what = distribution.of === 'series' ? 'series' : 'picture'
    const text = `withheld where a ${what} lies further than ${distribution.threshold.toFixed(1)} from the training data; ${distribution.measuredOn}`
    facts.push({ term: 'Distance', text })
  }
  if (testTimeVariants.length > 0) {
    const runs = testTimeVariants.length + testTimeFlips.length
    facts.push({ term: 'Doubt', text: `the spread of ${runs} runs on the picture changed a little` })
  }
  return facts
}
