/** A session in TensorFlow.js, for a package whose network was not translated, or not so that it repeats the golden case. */
import { OverreadError } from '../../../contracts/errors'
import type { LoadedPackage } from '../../networks/package'
import { graphOutputs } from '../../networks/graph-outputs'
import { withSides } from '../../networks/tfjs/with-sides'
import { fixedShape, inputShape } from '../input-shape'
import type { EngineSession } from '../onnx-session'
import type { TfjsProvider } from '../providers'
import { openTfjsModel } from './tfjs-model'

/**
 * @throws OverreadError 'inference.provider' where the backend cannot be had; 'model.weights' where TensorFlow.js does not take
 * the model or it has other outputs.
 */
export async function openTfjsSession({ package: model, tfjs }: LoadedPackage, backend: TfjsProvider): Promise<EngineSession> {
  if (!tfjs || model.normaliseAfter !== undefined)
    throw new OverreadError('inference.provider', 'TensorFlow.js would not run it as it is meant')
  let opened = await openTfjsModel(tfjs.model, backend)
  let openedFor = ''
  const names = graphOutputs(model)
  const places = names.map((name) => opened.outputs.indexOf(name))
  const areNamed = places.every((place) => place >= 0)
  const hasOpenSides = model.dimension === 3 && model.input.sides === null
  /** TensorFlow.js takes no other sides than the topology states. */
  const openFor = async (sides: readonly number[]) => {
    if (!hasOpenSides || openedFor === sides.join()) return
    opened.dispose()
    opened = await openTfjsModel(withSides(tfjs.model, sides), backend)
    openedFor = sides.join()
  }
  return {
    async run(tensor, shape = fixedShape(inputShape(model))) {
      await openFor(shape.slice(2))
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
