/** What of a graph's outputs a package takes. */
import type { ModelPackage } from '../../contracts/model-package'

/** Their names: the outputs, the distance from the training data where there is one, then what boxes have in outputs of their own. */
export function graphOutputs(model: ModelPackage): string[] {
  const names = model.outputs.map(({ name }) => name)
  if (model.dimension === 3) return names
  const distance = model.distribution ? [model.distribution.output] : []
  return [...new Set([...names, ...distance, ...model.outputs.flatMap(boxOutputs)])]
}

function boxOutputs({
  boxes,
}: {
  readonly boxes?: { readonly scores: string | { readonly output: string; readonly classes: string | null } }
}): string[] {
  if (!boxes || typeof boxes.scores === 'string') return []
  const { output, classes } = boxes.scores
  return classes === null ? [output] : [output, classes]
}
