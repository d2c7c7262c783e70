/** What the schema of a package cannot say: that its parts fit each other. */
import type { ModelPackage, PictureModel, VolumeModel } from '../../contracts/model-package'
import { graphOutputs } from './graph-outputs'

/** The first contradiction between the parts of a description, in words; null where they fit. */
export function inconsistencyOf(model: ModelPackage): string | null {
  if (model.engine === 'onnx' && (model.weightFiles.length > 0 || model.normaliseAfter !== undefined))
    return 'an ONNX network has its weights in its file, and is run as it stands'
  if (model.engine === 'tfjs' && new Set([model.file, ...model.weightFiles]).size !== model.weightFiles.length + 1)
    return 'a file is named twice'
  if (model.engine === 'tfjs' && model.input.layout.endsWith('C'))
    return 'a TensorFlow.js network is given the channels first, and turned by Overread'
  return model.dimension === 3
    ? volumeFault(model)
    : (stepsFault(model) ?? outputsFault(model) ?? distributionFault(model) ?? operatingPointsFault(model) ?? goldenFault(model))
}

function volumeFault(model: VolumeModel): string | null {
  const { input, preprocess, slidingWindow, outputs } = model
  const along = (axis: string) => (axis === 'L' || axis === 'R' ? 'x' : axis === 'A' || axis === 'P' ? 'y' : 'z')
  if (new Set(input.axes.map(along)).size !== 3) return `the axes ${input.axes.join(', ')} do not span a volume`
  if (input.sides === null && slidingWindow) return 'a sliding window needs a fixed size'
  if (input.sides?.some((side, axis) => side > preprocess.conform.sides[axis]))
    return 'the network takes more than the conformed volume holds'
  if (
    slidingWindow === null &&
    input.sides !== null &&
    (preprocess.crop !== null || input.sides.some((side, axis) => side !== preprocess.conform.sides[axis]))
  )
    return 'a network of a fixed size reads the whole conformed volume or slides over it'
  if (preprocess.crop && 'model' in preprocess.crop.to && preprocess.crop.to.model === model.id)
    return 'a network cannot point itself at its own box'
  const fault = landmarksFault(preprocess)
  if (fault !== null) return fault
  const [{ labels, countsAs }] = outputs
  if (countsAs?.some((label) => label >= labels.length)) return 'a class counts as a label that is not there'
  if (new Set(labels.map((label) => label.name)).size !== labels.length) return 'a label stands twice'
  return goldenFault(model)
}

function landmarksFault({ landmarks, crop, conform }: VolumeModel['preprocess']): string | null {
  if (!landmarks) return null
  if (crop === null || !('model' in crop.to)) return 'landmarks are labels of the network that says where to look, and none does'
  if (conform.levels !== 'eight-bit') return 'landmarks are levels of eight bits'
  if (landmarks.some(({ level }, index) => index > 0 && level <= landmarks[index - 1].level)) return 'the levels of landmarks rise'
  return null
}

function stepsFault({ input, preprocess }: PictureModel): string | null {
  const [, channels, rows, columns] = input.shape
  if (input.kind === 'image' && channels !== 1 && channels !== 3) return `an image has one channel or three, not ${channels}`
  if (input.channels && input.channels.length !== channels) return `${input.channels.length} channels are described, not ${channels}`
  if (input.kind === 'stack' && channels % 2 === 0)
    return `a stack has its picture in the middle, so an odd number of channels, not ${channels}`
  let size: readonly [number, number] | null = null
  for (const [index, step] of preprocess.steps.entries()) {
    if (step.op === 'resize' || step.op === 'pad') size = [step.rows, step.columns]
    if ((step.op === 'orient' || step.op === 'crop-valid' || step.op === 'crop-foreground') && size) {
      return `step ${index}: ${step.op} belongs before resize and pad`
    }
    const needsForeground =
      step.op === 'crop-foreground' ||
      (step.op === 'scale' && [step.low, step.high].some((level) => 'percentile' in level && level.of === 'foreground'))
    if (needsForeground && !preprocess.foreground) return `step ${index}: no rule says what foreground is`
    if (step.op === 'clip' && step.min > step.max) return `step ${index}: min exceeds max`
  }
  if (!size || size[0] !== rows || size[1] !== columns) return `the steps do not end at ${rows} × ${columns}`
  return null
}

/** The kind of output that answers what a network is for. */
const answerOf = {
  classification: 'probabilities',
  'input-check': 'probabilities',
  segmentation: 'probability-map',
  detection: 'boxes',
} as const

function outputsFault(model: PictureModel): string | null {
  const wanted = answerOf[model.task]
  if (!model.outputs.some((output) => output.kind === wanted)) return `a ${model.task} has an output of the kind ${wanted}`
  for (const kind of ['probabilities', 'activation-map', 'probability-map', 'boxes'] as const) {
    const ofKind = model.outputs.filter((output) => output.kind === kind)
    const labels = ofKind.flatMap((output) => output.labels.map((label) => label.name))
    if (new Set(labels).size !== labels.length) return `a label stands twice among the outputs of the kind ${kind}`
    if (kind === 'activation-map' && ofKind.some((output) => output.activation === 'softmax')) return 'an activation map holds local logits'
  }
  if (model.calibration && model.outputs.some((output) => output.activation === 'none')) {
    return 'a calibration divides logits, but an output holds none'
  }
  return boxesFault(model)
}

function boxesFault({ outputs, testTimeFlips, testTimeVariants }: PictureModel): string | null {
  for (const { name, kind, boxes, activation } of outputs) {
    if ((kind === 'boxes') !== (boxes !== undefined)) return `${name}: boxes are described where the kind is boxes, and nowhere else`
    if (!boxes) continue
    if (activation === 'softmax' && boxes.scores === 'after-objectness') return `${name}: scores with a factor of their own are no softmax`
    if (testTimeFlips.length + testTimeVariants.length > 0) return 'boxes of mirrored or changed pictures cannot be averaged'
  }
  return null
}

function distributionFault({ distribution, outputs, accepts, task, testTimeVariants, input }: PictureModel): string | null {
  if (task === 'input-check' && accepts.pixels) return 'an input check asks no other one'
  const [, , rows, columns] = input.shape
  if (testTimeVariants.some(({ shift: [down, right] }) => Math.abs(down) >= rows || Math.abs(right) >= columns))
    return 'a variant shifts the picture out of sight'
  if (!distribution) return null
  if (outputs.some(({ name }) => name === distribution.output)) return `${distribution.output} is both an output and the distance`
  if (distribution.of === 'series' && input.kind !== 'stack') return 'a distance of the series needs a stack'
  return null
}

function goldenFault(model: ModelPackage): string | null {
  const missing = graphOutputs(model).find((name) => !Object.hasOwn(model.golden.outputs, name))
  return missing === undefined ? null : `the golden case lacks the output ${missing}`
}

function operatingPointsFault(model: PictureModel): string | null {
  const labels = new Set(model.outputs.flatMap((output) => output.labels.map((label) => label.name)))
  const stranger = model.operatingPoints.find((point) => !labels.has(point.label))
  return stranger ? `an operating point names the label ${stranger.label}, which no output has` : null
}
