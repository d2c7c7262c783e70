/** A bare network as it was found, before anything is known of what it is for. */
import { OverreadError } from '../../../contracts/errors'

export interface SourceInput {
  readonly name: string
  /** Batch first; null: open. */
  readonly shape: readonly (number | null)[]
  /** Where the channels stand in `shape`. */
  readonly channelAxis: number
  /** An ONNX graph of pictures has them last; here and in what a trial gives they stand first, as they do in a package. */
  readonly isTurned: boolean
  /** The sides that the file states although the network was seen to take any, which `shape` leaves open; null where it is as `shape` says. */
  readonly statedSides: readonly number[] | null
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

/** @throws OverreadError 'model.wrap' where the input is neither a picture's nor a volume's. */
export function checkRank({ shape, name }: Pick<SourceInput, 'name' | 'shape'>): 4 | 5 {
  const rank = shape.length
  if (rank !== 4 && rank !== 5)
    throw new OverreadError('model.wrap', `the input ${name} has ${rank} sides; pictures have 4 with batch and channels, volumes 5`)
  return rank
}

/** The shape of the tensor for a trial. @throws OverreadError 'model.wrap' */
export function trialShape(input: SourceInput, sides: readonly number[] | null): number[] {
  const rank = checkRank(input)
  let next = 0
  return input.shape.map((side, axis) => {
    if (axis === 0) return 1
    if (axis === input.channelAxis) return side ?? 1
    const wanted = sides?.[next++]
    return side ?? wanted ?? trialSide[rank]
  })
}

/** Where an ONNX graph that does not say it has its channels: first after the batch, or last. A side that is open counts as one channel where it must. */
export function channelAxisOf(shape: readonly (number | null)[]): number {
  const few = (side: number | null | undefined) => side !== null && side !== undefined && side <= 16
  const last = shape.length - 1
  return !few(shape[1]) && few(shape[last]) ? last : 1
}

/** Sides without batch and channels. */
export function spatialSides<T>({ channelAxis }: Pick<SourceInput, 'channelAxis'>, shape: readonly T[]): T[] {
  return shape.filter((_, axis) => axis !== 0 && axis !== channelAxis)
}
