/** What Overread itself does with a network's outputs, which no layer of the graph shows. */
import type { ModelOutput, PictureModel } from '../../../contracts/model-package'

const activations: Record<ModelOutput['activation'], string | null> = {
  none: null,
  sigmoid: 'makes a score between 0 and 1 of each value by the sigmoid',
  softmax: 'makes shares of the classes that sum to 1 by the softmax',
}

/** In sentences; none where the graph's outputs are taken as they are. */
export function stepsAfter({ outputs, calibration, testTimeFlips }: PictureModel): string[] {
  const steps = outputs.flatMap(({ name, activation }) => {
    const does = activations[activation]
    return does === null ? [] : [`Of the output ${name} Overread then ${does}${calibration ? ', divided by its temperature first' : ''}.`]
  })
  if (testTimeFlips.length > 0)
    steps.push('An analysis runs mirrored forms of the picture too and takes the mean; here the picture itself is shown.')
  return steps.map((step) => step.slice(0, 400))
}
