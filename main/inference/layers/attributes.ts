/** Attributes of a node as numbers. */
import type { OnnxNode } from '../../networks/onnx/graph'

export function integerAttribute({ attributes }: OnnxNode, name: string, fallback: number): number {
  const attribute = attributes[name]
  return attribute?.kind === 'int' ? attribute.value : fallback
}

export function floatAttribute<T extends number | null>({ attributes }: OnnxNode, name: string, fallback: T): number | T {
  const attribute = attributes[name]
  return attribute?.kind === 'float' ? attribute.value : fallback
}

/** Empty where the node has none. */
export function integersAttribute({ attributes }: OnnxNode, name: string): readonly number[] {
  const attribute = attributes[name]
  return attribute?.kind === 'ints' ? attribute.values : []
}

/** "3 × 3". */
export function times(sides: readonly number[]): string {
  return sides.slice(0, 8).join(' × ')
}
