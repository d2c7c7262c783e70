/** Which score is explained. Without the runtime: the host looks it up too. */
import { OverreadError } from '../../../contracts/errors'
import type { ModelOutput, PictureModel } from '../../../contracts/model-package'

export interface Label {
  readonly output: ModelOutput
  /** Its place among the labels of that output. */
  readonly place: number
}

/** Where a label's probability stands among the outputs. @throws OverreadError 'explanation.none' */
export function labelOf(model: PictureModel, name: string): Label {
  for (const output of model.outputs) {
    const place = output.kind === 'probabilities' ? output.labels.findIndex((label) => label.name === name) : -1
    if (place >= 0) return { output, place }
  }
  throw new OverreadError('explanation.none', name)
}
