/** When figures must not be trusted far, in sentences. */
import type { ClassificationFigures } from './classification'
import type { SegmentationFigures } from './segmentation'

/** Below this a share moves by several hundredths with a single case. */
const few = 30

export function cautionsOf(
  patients: number,
  classification: readonly ClassificationFigures[],
  segmentation: readonly SegmentationFigures[],
): string[] {
  return [
    ...(patients < 2 ? ['All pictures belong to one patient: there are no intervals.'] : []),
    ...classification.flatMap(({ title, positives, negatives }) => [
      ...fewOf(positives, title, 'pictures that have it'),
      ...fewOf(negatives, title, 'pictures that have it not'),
    ]),
    ...segmentation.flatMap(({ title, dicePerPatient, falseFindings }) => [
      ...fewOf(dicePerPatient.values, title, 'patients with an outline'),
      ...(falseFindings.pictures > 0 ? fewOf(falseFindings.pictures, title, 'pictures without an outline') : []),
    ]),
  ]
}

function fewOf(count: number, title: string, what: string): string[] {
  if (count >= few) return []
  return [`${title}: only ${count} ${what}. Fewer than ${few} say little, and a figure of 1 or 0 on so few is no certainty.`]
}
