/** Which networks to offer for a stack, the best match first. */
import { OverreadError } from '../../../contracts/errors'
import type { Suggestion } from '../../../contracts/protocol'
import { planeName } from '../../geometry/orientation'
import { suggestPackages } from '../../networks/suggest'
import type { Engine } from '../engine'

/** Judged by the middle slice: a stack may begin with a localiser. */
export async function suggestModels(engine: Engine, studyKey: number, seriesInstanceUid: string, stack: string): Promise<Suggestion[]> {
  const { slices, affine } = await engine.archive.stackInOrder(studyKey, seriesInstanceUid, stack)
  const middle = slices[Math.floor(slices.length / 2)]
  if (!middle) throw new OverreadError('file.not-an-image')
  const packages = (await engine.models()).flatMap((model) =>
    model.package && model.package.task !== 'input-check' ? [model.package] : [],
  )
  return suggestPackages(packages, middle.instance.facts, planeName(middle.geometry.orientation), affine !== null).map(
    ({ package: model, gate }) => ({
      modelId: model.id,
      title: model.title,
      version: model.version,
      sha256: model.sha256,
      gate,
    }),
  )
}
