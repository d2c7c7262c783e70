/** What the compute process does to explain a score. Its sessions are its own, and end with it. */
import { OverreadError } from '../../../contracts/errors'
import type { ExplanationFacts } from '../../../contracts/explanation'
import { isPictureModel } from '../../../contracts/model-package'
import { explain } from '../../inference/explanation/explain'
import { isTfjsProvider, runByTfjs } from '../../inference/providers'
import { ExplainedNetwork, type BetweenPasses } from '../../inference/explanation/explained-network'
import { labelOf } from '../../inference/explanation/label'
import type { PlaceMap } from '../../inference/explanation/place-map'
import type { ExplainWanted } from './explain-messages'
import { loadModel } from './load-model'

export async function runExplanation(
  { folder, sha256, provider, threadCount, label, method }: ExplainWanted,
  tensor: Float32Array,
  between: (passes: number) => Promise<void>,
): Promise<{ facts: ExplanationFacts; map: PlaceMap }> {
  const { package: model, weights } = await loadModel({ folder, sha256 })
  if (!isPictureModel(model)) throw new OverreadError('explanation.none', 'it reads volumes')
  if (weights.length === 0 || isTfjsProvider(provider)) throw new OverreadError('explanation.none', runByTfjs)
  if (tensor.length !== model.input.shape.reduce((product, side) => product * side, 1)) throw new OverreadError('request.invalid', 'tensor')
  let passes = 0
  const count: BetweenPasses = async (made) => {
    passes += made
    await between(passes)
  }
  const engine = { provider, threads: threadCount ?? undefined }
  const network = await ExplainedNetwork.open({ package: model, weights }, labelOf(model, label), engine, tensor, count)
  try {
    const { facts, map } = await explain(network, tensor, method)
    return { facts: { ...facts, passes }, map }
  } finally {
    await network.release()
  }
}
