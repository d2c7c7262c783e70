/** A bare network as it was found, before anything is known of what it is for. */
import { OverreadError } from '../../../contracts/errors'

export interface SourceInput {
  readonly name: string
  /** Batch first; null: open. */
  readonly shape: readonly (number | null)[]
}

export interface SourceOutput {
  readonly name: string
  /** As a trial run gave it. */
  readonly shape: readonly number[]
}

export interface NetworkSource {
  readonly engine: 'onnx' | 'tfjs'
  readonly input: SourceInput
  readonly outputs: readonly SourceOutput[]
  /** What the files say of themselves, by the key of the question that it answers. */
  readonly suggestions: Readonly<Record<string, string>>
}

/** What is taken for a side that the graph leaves open, to try it. */
const trialSide = { 4: 224, 5: 32 } as const

/**
 * The shape of the tensor for a trial.
 *
 * @throws OverreadError 'model.wrap' where the input is neither a picture's nor a volume's.
 */
export function trialShape({ shape, name }: SourceInput, sides: readonly number[] | null): number[] {
  const rank = shape.length
  if (rank !== 4 && rank !== 5)
    throw new OverreadError('model.wrap', `the input ${name} has ${rank} sides; pictures have 4 with batch and channels, volumes 5`)
  const channelAxis = channelsOf(shape).axis
  let next = 0
  return shape.map((side, axis) => {
    if (axis === 0) return 1
    if (axis === channelAxis) return side ?? 1
    const wanted = sides?.[next++]
    return side ?? wanted ?? trialSide[rank]
  })
}

/** Where the channels stand: first after the batch, or last. A side that is open counts as one channel where it must. */
export function channelsOf(shape: readonly (number | null)[]): { readonly axis: number; readonly count: number } {
  const few = (side: number | null | undefined) => side !== null && side !== undefined && side <= 16
  const last = shape.length - 1
  const axis = !few(shape[1]) && few(shape[last]) ? last : 1
  return { axis, count: shape[axis] ?? 1 }
}
