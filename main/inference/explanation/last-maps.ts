/** The last maps of a classifier: where on the picture its features lie, before they become one number. */
import type { OnnxNode } from '../../networks/onnx/graph'
import { integersAttribute } from '../layers/attributes'
import type { GraphWalk } from './graph-walk'
import type { MapSize } from './pooled-form'

/** Values exposed in one round. */
const mostExposed = 48

/** Nodes whose inputs are looked at before the way goes on behind them. */
const endings = new Set([
  'GlobalAveragePool',
  'GlobalMaxPool',
  'AveragePool',
  'MaxPool',
  'ReduceMean',
  'ReduceMax',
  'Flatten',
  'Resize',
  'Upsample',
])

/** What of a node changes the order of rows, columns and channels: its output is no map. */
const rearranging = new Set(['Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'])

export type SizeOf = (value: string) => MapSize | null

/** Values on the way back from `starts` that may be maps, as far as one look goes. */
export function valuesToLookAt(walk: GraphWalk, starts: readonly string[]): string[] {
  const seen = new Set<string>()
  const waiting = [...starts]
  for (let value = waiting.shift(); value !== undefined && seen.size < mostExposed; value = waiting.shift()) {
    if (seen.has(value)) continue
    seen.add(value)
    const node = walk.makerOf(value)
    if (!node || isConvolution(node)) continue
    for (const input of walk.variableInputs(node)) {
      if (walk.makerOf(input) === null) continue
      if (endings.has(node.op)) seen.add(input)
      else waiting.push(input)
    }
  }
  return [...seen]
}

/**
 * Those maps on the way back that no other map lies behind. `unknown` are the values where the sizes known so far end; from them the way goes on.
 */
export function lastMaps(walk: GraphWalk, start: string, sizeOf: SizeOf, isKnown: (value: string) => boolean) {
  const maps = new Set<string>()
  const unknown = new Set<string>()
  const seen = new Set<string>()
  const visit = (value: string): void => {
    if (seen.has(value)) return
    seen.add(value)
    if (!isKnown(value)) {
      unknown.add(value)
      return
    }
    const node = walk.makerOf(value)
    if (sizeOf(value) !== null && !(node && rearranging.has(node.op))) {
      maps.add(value)
      return
    }
    if (node) for (const input of walk.variableInputs(node)) if (walk.makerOf(input) !== null) visit(input)
  }
  visit(start)
  return { maps: [...maps], unknown: [...unknown] }
}

/** Sides of a map: rank 4 of one picture, more than one row and column. */
export function mapSize(shape: readonly number[]): MapSize | null {
  const [batch, channels, rows, columns] = shape
  return shape.length === 4 && batch === 1 && rows > 1 && columns > 1 ? { channels, rows, columns } : null
}

function isConvolution(node: OnnxNode): boolean {
  return node.op === 'Conv' && integersAttribute(node, 'kernel_shape').some((side) => side > 1)
}
