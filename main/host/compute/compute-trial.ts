/** A trial of a bare graph in the compute process: of no package yet, so nothing is kept open. */
import { readFile, stat } from 'node:fs/promises'
import { OverreadError } from '../../../contracts/errors'
import { sha256 as hashOf } from '../../base/hashing'
import type { RawOutput } from '../../inference/outputs'
import { checkOnnxFile } from '../../networks/onnx/check-onnx-file'
import { largestWeights } from '../../networks/package'
import type { ToCompute } from './compute-protocol'
import type { ComputeEngine } from './compute-sessions'

/** What a network says at once is less; a volume's classes at a full grid are tried on a small one. */
const mostValues = 64 * 1024 * 1024

/** @throws OverreadError 'model.weights', 'model.hash', 'model.path', 'request.invalid', 'inference.output' */
export async function tryGraph(
  { openGraph }: Pick<ComputeEngine, 'openGraph'>,
  { file, sha256, shape }: Extract<ToCompute, { type: 'trial' }>,
  tensor: Float32Array,
): Promise<(RawOutput & { readonly name: string })[]> {
  if (tensor.length !== shape.reduce((product, side) => product * side, 1)) throw new OverreadError('request.invalid', 'tensor')
  if ((await stat(file)).size > largestWeights) throw new OverreadError('model.weights', 'it is larger than Overread takes')
  const graph = new Uint8Array(await readFile(file))
  if (hashOf(graph) !== sha256) throw new OverreadError('model.hash')
  checkOnnxFile(graph)
  const session = await openGraph(graph, 'cpu')
  try {
    if (session.inputs.length !== 1) throw new OverreadError('model.weights', `its inputs are ${session.inputs.join(', ')}, not one alone`)
    const outputs = await session.run(tensor, shape, session.outputs)
    if (outputs.reduce((sum, { values }) => sum + values.length, 0) > mostValues)
      throw new OverreadError('inference.output', 'more values than a trial takes')
    return outputs.map((output, index) => ({ ...output, name: session.outputs[index] }))
  } finally {
    await session.release()
  }
}
