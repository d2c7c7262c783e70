/** A network that is open: tensors in, probabilities out. */
import type { ModelPackage } from '../../contracts/model-package'
import type { EngineSession } from './onnx-session'
import { activate, type NetworkOutput } from './outputs'
import { averageRuns, mirrored } from './test-time-flips'

/**
 * Runs a tensor, and its mirrored forms where the package says so.
 *
 * @throws OverreadError 'inference.output'
 */
export async function runNetwork(session: EngineSession, model: ModelPackage, tensor: Float32Array): Promise<NetworkOutput[]> {
  const [, , rows, columns] = model.input.shape
  const once = async (input: Float32Array) => {
    const raw = await session.run(input)
    return model.outputs.map((output, index) => activate(raw[index], output, model.calibration))
  }
  const plain = await once(tensor)
  const flips: { axis: 'rows' | 'columns'; outputs: NetworkOutput[] }[] = []
  for (const axis of model.testTimeFlips) flips.push({ axis, outputs: await once(mirrored(tensor, rows, columns, axis)) })
  return averageRuns(plain, flips)
}
