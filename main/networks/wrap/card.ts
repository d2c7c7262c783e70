/** The card of a package that was made of a bare network: what is known, and that nothing was measured. */
import type { ModelPackage } from '../../../contracts/model-package'

export function cardOf(model: ModelPackage): string {
  const labels = model.outputs.flatMap((output) => output.labels.map(({ title }) => title))
  return [
    `# ${model.title} ${model.version}`,
    '',
    'Research use only. Not a medical device; not for diagnosis or patient management.',
    '',
    '## What it is for',
    '',
    model.intendedUse,
    '',
    '## What it is not for',
    '',
    ...model.notFor.map((sentence) => `- ${sentence}`),
    '',
    '## What it says',
    '',
    ...labels.map((title) => `- ${title}`),
    '',
    '## What was measured',
    '',
    'Nothing, by those who made this package. Its thresholds were chosen, not measured. `overread evaluate` measures it on pictures with known answers.',
    '',
    '## Where it comes from',
    '',
    `Training data: ${model.training.data}`,
    '',
    `Licence: ${model.licence}`,
    '',
  ].join('\n')
}
