/** A network that is open: tensors in, probabilities out, with how far they move and how far the picture lies from the training data. */
import type { ModelOutput, PictureModel } from '../../contracts/model-package'
import type { EngineSession } from './onnx-session'
import { graphOutputs } from '../networks/graph-outputs'
import { boxesOf, packBoxes } from './boxes'
import { activate, distanceOf, type NetworkOutput, type RawOutput } from './outputs'
import { averageRuns, mirrored } from './test-time-flips'
import { SpreadOf, varied, type Spread } from './test-time-variants'

/** An output with its spread where the package runs variants; an activation map has none. */
export interface NetworkAnswer extends NetworkOutput {
  readonly spread: Spread | null
}

export interface NetworkRun {
  readonly outputs: NetworkAnswer[]
  /** Mahalanobis distance of the plain tensor; null where the package has none. */
  readonly distance: number | null
}

/**
 * Runs a tensor, its mirrored forms and its variants as the package says.
 *
 * The mean of the plain and mirrored runs is the answer; variants widen the spread alone.
 *
 * @throws OverreadError 'inference.output'
 */
export async function runNetwork(session: EngineSession, model: PictureModel, tensor: Float32Array): Promise<NetworkRun> {
  const [, , rows, columns] = model.input.shape
  const activated = async (input: Float32Array) => {
    const raw = await session.run(input)
    return { raw, outputs: model.outputs.map((output, index) => answerOf(model, output, raw, index)) }
  }
  const plain = await activated(tensor)
  const flips: { axis: 'rows' | 'columns'; outputs: NetworkOutput[] }[] = []
  for (const axis of model.testTimeFlips) {
    const { outputs } = await activated(mirrored(tensor, rows, columns, axis))
    flips.push({
      axis,
      outputs: outputs.map((output) => ({ ...output, values: mirrored(output.values, output.rows, output.columns, axis) })),
    })
  }
  const averaged = averageRuns(
    plain.outputs,
    flips.map(({ outputs }) => outputs),
  )
  const spreads = await spreadsOf(
    model,
    plain.outputs,
    flips,
    async (variant) => (await activated(varied(tensor, rows, columns, variant))).outputs,
  )
  return {
    outputs: averaged.map((output, index) => ({ ...output, spread: spreads[index] })),
    distance: model.distribution ? distanceOf(plain.raw[model.outputs.length], model.distribution.output) : null,
  }
}

function answerOf(model: PictureModel, output: ModelOutput, raw: readonly RawOutput[], index: number): NetworkOutput {
  const { boxes } = output
  if (!boxes) return activate(raw[index], output, model.calibration)
  const [, , rows, columns] = model.input.shape
  const names = graphOutputs(model)
  const found = boxesOf({ ...output, boxes }, (name) => raw[names.indexOf(name)], { rows, columns })
  return { name: output.name, rows: found.length, columns: 6, values: packBoxes(found) }
}

type RunVariant = (variant: PictureModel['testTimeVariants'][number]) => Promise<readonly NetworkOutput[]>

async function spreadsOf(
  model: PictureModel,
  plain: readonly NetworkOutput[],
  flips: readonly { readonly outputs: readonly NetworkOutput[] }[],
  run: RunVariant,
): Promise<(Spread | null)[]> {
  if (model.testTimeVariants.length === 0) return plain.map(() => null)
  const [, , rows, columns] = model.input.shape
  const spreads = plain.map((output, index) => (model.outputs[index].kind === 'activation-map' ? null : new SpreadOf(output)))
  for (const { outputs } of flips) for (const [index, spread] of spreads.entries()) spread?.add(outputs[index].values)
  for (const variant of model.testTimeVariants) {
    const outputs = await run(variant)
    for (const [index, spread] of spreads.entries()) spread?.addShifted(outputs[index], variant.shift, { rows, columns })
  }
  return spreads.map((spread) => spread && { low: spread.low, high: spread.high })
}
