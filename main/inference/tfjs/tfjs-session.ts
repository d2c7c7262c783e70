/** A session in TensorFlow.js, for a package whose network could not be translated. */
import type { ProviderName } from '../../../contracts/analysis'
import { OverreadError } from '../../../contracts/errors'
import type { LoadedPackage } from '../../networks/package'
import { graphOutputs } from '../../networks/graph-outputs'
import { fixedShape, inputShape } from '../input-shape'
import type { EngineSession } from '../onnx-session'
import { openTfjsModel, type TfjsBackend } from './tfjs-model'

export function isTfjsProvider(provider: ProviderName): provider is TfjsBackend {
  return provider.startsWith('tensorflow') || provider.startsWith('tfjs')
}

/**
 * @throws OverreadError 'inference.provider' where the backend cannot be had; 'model.weights' where TensorFlow.js does not take
 * the model or it has other outputs.
 */
export async function openTfjsSession({ package: model, tfjs }: LoadedPackage, backend: TfjsBackend): Promise<EngineSession> {
  if (!tfjs || model.normaliseAfter !== undefined)
    throw new OverreadError('inference.provider', 'TensorFlow.js would not run it as it is meant')
  const opened = await openTfjsModel(tfjs.model, backend)
  const names = graphOutputs(model)
  const places = names.map((name) => opened.outputs.indexOf(name))
  const areNamed = places.every((place) => place >= 0)
  return {
    async run(tensor, shape = fixedShape(inputShape(model))) {
      const outputs = await opened.run({ values: new Float32Array(tensor), shape })
      if (areNamed) return places.map((place) => outputs[place])
      // A package may have names of its own for them; then they go by the order of the topology.
      if (outputs.length !== names.length) throw new OverreadError('model.weights', `it has ${outputs.length} outputs, not ${names.length}`)
      return outputs
    },
    async release() {
      opened.dispose()
    },
  }
}
