/** What a network's input check and the distance from its training data say of a picture or series, in a sentence for a reader. */
import { OverreadError, type ErrorReport } from '../../contracts/errors'
import type { PictureModel } from '../../contracts/model-package'

export type Screened = 'picture' | 'series'

/** Of an input check: what it said, by label; what a suitable picture is. */
export interface CheckAnswer {
  readonly check: PictureModel
  readonly suitable: string
  readonly probabilities: Readonly<Record<string, number>>
}

/**
 * The contradiction where `suitable` lies below its operating point; null where it does not.
 *
 * @throws OverreadError 'model.operating-point' where the check states none for it.
 */
export function inputCheckFault({ check, suitable, probabilities }: CheckAnswer, what: Screened): ErrorReport | null {
  const point = check.operatingPoints.find(({ label }) => label === suitable)
  if (!point) throw new OverreadError('model.operating-point', `${check.id} for ${suitable}`)
  if (probabilities[suitable] >= point.threshold) return null
  const labels = check.outputs.flatMap((output) => (output.kind === 'probabilities' ? output.labels : []))
  const others = labels.filter(({ name }) => name !== suitable)
  const likeliest = others.reduce((a, b) => (probabilities[b.name] > probabilities[a.name] ? b : a))
  const wanted = labels.find(({ name }) => name === suitable)
  return {
    code: 'gate.pixels',
    message:
      `This ${what} looks ${likeliest.title} (${probabilities[likeliest.name].toFixed(2)}), ` +
      `not like a ${wanted?.title ?? suitable}; by ${check.title} ${check.version}.`,
  }
}

/** The contradiction where `distance` lies beyond the package's threshold; null where it does not. */
export function distanceFault(
  distribution: NonNullable<PictureModel['distribution']>,
  distance: number,
  what: Screened,
): ErrorReport | null {
  if (distance <= distribution.threshold) return null
  return {
    code: 'gate.distribution',
    message:
      `This ${what} is unlike those the network was trained on (distance ${distance.toFixed(1)}, ` +
      `at most ${distribution.threshold.toFixed(1)} is usual), so its result is withheld.`,
  }
}
