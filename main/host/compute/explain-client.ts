/** The engine host's request to the compute process to explain a score. */
import { OverreadError } from '../../../contracts/errors'
import type { ExplanationFacts, ExplanationMethod } from '../../../contracts/explanation'
import type { PlaceMap } from '../../inference/explanation/place-map'
import type { ComputeClient, PreparedModel } from './compute-client'
import { bytesOf, floatsOf } from './compute-protocol'

export interface ScoreToExplain {
  readonly prepared: PreparedModel
  readonly tensor: Float32Array
  readonly label: string
  readonly method: ExplanationMethod | null
}

/** @throws OverreadError 'explanation.none', 'explanation.method', 'inference.output', 'compute.died', 'compute.cancelled' */
export async function askExplanation(
  compute: Pick<ComputeClient, 'ask'>,
  { prepared: { model, provider, threads }, tensor, label, method }: ScoreToExplain,
  signal?: AbortSignal,
  onPasses?: (passes: number) => void,
): Promise<{ facts: ExplanationFacts; map: PlaceMap }> {
  const { message, bytes } = await compute.ask(
    { type: 'explain', ...model, provider, threadCount: threads?.threads ?? null, label, method },
    [bytesOf(tensor)],
    signal,
    onPasses,
  )
  if (message.type !== 'explained' || !bytes[0]) throw new OverreadError('inference.output')
  const { facts, rows, columns } = message
  const values = floatsOf(bytes[0])
  if (values.length !== rows * columns || !values.every((value) => value >= 0 && value <= 1)) throw new OverreadError('inference.output')
  return { facts, map: { rows, columns, values } }
}
