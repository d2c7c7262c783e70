/** The shape of a network's tensor, as its package states it. */
import { OverreadError } from '../../contracts/errors'
import type { ModelPackage } from '../../contracts/model-package'

/** Batch first; null where a side is as long as the picture wants it. */
export function inputShape(model: ModelPackage): readonly (number | null)[] {
  if (model.dimension !== 3) return model.input.shape
  const sides = model.input.sides ?? [null, null, null]
  return model.input.layout === 'NCDHW' ? [1, 1, ...sides] : [1, ...sides, 1]
}

/** @throws OverreadError 'request.invalid' where a side is open. */
export function fixedShape(shape: readonly (number | null)[]): readonly number[] {
  return shape.map((side) => {
    if (side === null) throw new OverreadError('request.invalid', 'a tensor of no stated shape')
    return side
  })
}
