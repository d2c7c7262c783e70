/** The number of the greatest class found within the graph, so that one byte a voxel leaves it instead of every score. */
import type { VolumeModel } from '../../../contracts/model-package'
import { withAdditions } from '../../networks/onnx/encode-onnx'
import { dataTypes, type OnnxNode } from '../../networks/onnx/graph'

/** Output of the graph with the head: uint8, [1, depth, rows, columns]. */
export const classOutput = 'overread.class'
/** The sum of all scores: no number where one of them is none, which a greatest class would hide. */
export const sumOutput = 'overread.sum'

/** The same graph with two more outputs; the scores stay, for the golden case. */
export function withClassHead(
  graph: Uint8Array,
  { input, outputs: [{ name }] }: Pick<VolumeModel, 'input' | 'outputs'>,
): Uint8Array<ArrayBuffer> {
  const numbers = `${classOutput}.whole`
  const nodes: OnnxNode[] = [
    {
      op: 'ArgMax',
      domain: '',
      name: '',
      inputs: [name],
      outputs: [numbers],
      attributes: { axis: { kind: 'int', value: input.layout === 'NCDHW' ? 1 : 4 }, keepdims: { kind: 'int', value: 0 } },
    },
    {
      op: 'Cast',
      domain: '',
      name: '',
      inputs: [numbers],
      outputs: [classOutput],
      attributes: { to: { kind: 'int', value: dataTypes.uint8 } },
    },
    { op: 'ReduceSum', domain: '', name: '', inputs: [name], outputs: [sumOutput], attributes: { keepdims: { kind: 'int', value: 0 } } },
  ]
  return withAdditions(graph, { nodes, outputs: [classOutput, sumOutput] })
}
