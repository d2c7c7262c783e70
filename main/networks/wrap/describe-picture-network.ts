/** From answers to the description of a network of pictures. */
import type { ModelOutput, OperatingPoint, PictureModel, PreprocessStep } from '../../../contracts/model-package'
import { describeCommon, type PackageFiles } from './describe-common'
import { imageNet, labelName } from './picture-questions'
import { listIn, rangeIn } from './question'
import type { NetworkSource, SourceOutput } from './source'

/** Answers of every question asked, checked. */
export type Answered = (key: string) => string

const notMeasured = 'not measured: chosen when the package was made'

/** `shape`: of the tensor in the order batch, channels, rows, columns. `golden`: names of its files by output. */
export function describePictureNetwork(
  source: NetworkSource,
  answer: Answered,
  shape: readonly [1, number, number, number],
  files: PackageFiles,
): PictureModel {
  const [, channels, rows, columns] = shape
  const outputs = source.outputs.filter(({ name }) => answer(`output.${name}.kind`) !== 'ignore')
  const described = outputs.map((output) => describeOutput(output, answer))
  const isStack = channels > 1 && answer('channels') === 'neighbours'
  return {
    ...describeCommon(source, answer, files),
    task: taskOf(described),
    input: {
      name: source.input.name,
      kind: isStack ? 'stack' : 'image',
      shape: [1, channels, rows, columns],
      layout: source.input.isTurned ? 'NHWC' : 'NCHW',
      type: 'float32',
      ...(answer('range') === 'imagenet'
        ? { channels: imageNet.mean.map((mean, channel) => ({ mean, deviation: imageNet.deviation[channel] })) }
        : {}),
    },
    preprocess: {
      from: answer('values') === 'modality' ? 'modality' : 'display',
      steps: [{ op: 'resize', rows, columns, interpolation: 'area' }, ...valueSteps(answer)],
    },
    testTimeFlips: [],
    testTimeVariants: [],
    outputs: described,
    operatingPoints: outputs.flatMap((output) => pointsOf(output, answer)),
    findings: { minimumPixels: 1, minimumAreaMm2: null, acrossSlices: isStack, structures: false },
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: files.golden, tolerance: 1e-3 },
  }
}

function taskOf(outputs: readonly ModelOutput[]): PictureModel['task'] {
  if (outputs.some(({ kind }) => kind === 'boxes')) return 'detection'
  return outputs.some(({ kind }) => kind === 'probability-map') ? 'segmentation' : 'classification'
}

/** To 0..1, then to the network's own range. */
function valueSteps(answer: Answered): PreprocessStep[] {
  const levels = answer('values') === 'modality' ? answer('levels') : '0..255'
  const [least, greatest] = rangeIn(levels) ?? [null, null]
  const low = least === null ? ({ percentile: 0.5, of: 'valid' } as const) : { value: least }
  const high = greatest === null ? ({ percentile: 99.5, of: 'valid' } as const) : { value: greatest }
  const scale: PreprocessStep = { op: 'scale', low, high, statistics: 'slice', clip: true }
  const range = rangeIn(answer('range'))
  if (!range || (range[0] === 0 && range[1] === 1)) return [scale]
  const width = range[1] - range[0]
  return [scale, { op: 'standardise', mean: -range[0] / width, deviation: 1 / width }]
}

function describeOutput({ name }: SourceOutput, answer: Answered): ModelOutput {
  const of = (key: string) => answer(`output.${name}.${key}`)
  const kind = of('kind') as ModelOutput['kind']
  return {
    name,
    kind,
    activation: of('activation') as ModelOutput['activation'],
    labels: listIn(of('labels')).map((title) => ({ name: labelName(title), title })),
    ...(kind === 'boxes' ? { boxes: describeBoxes(of) } : {}),
  }
}

function describeBoxes(of: (key: string) => string): NonNullable<ModelOutput['boxes']> {
  const apart = /^output ([^,]+?)(?:, classes (.+))?$/.exec(of('scores'))
  return {
    arrangement: of('arrangement') as 'box-by-box' | 'value-by-value',
    coordinates: of('coordinates') as NonNullable<ModelOutput['boxes']>['coordinates'],
    unit: of('unit') as 'pixels' | 'fractions',
    scores: apart ? { output: apart[1], classes: apart[2] ?? null } : (of('scores') as 'after-coordinates' | 'after-objectness'),
    mostOverlap: Number(of('overlap')),
    leastScore: Math.min(0.05, Number(of('threshold'))),
    mostBoxes: 100,
  }
}

function pointsOf({ name }: SourceOutput, answer: Answered): OperatingPoint[] {
  const of = (key: string) => answer(`output.${name}.${key}`)
  if (of('kind') === 'activation-map') return []
  return listIn(of('labels')).map((title) => ({
    label: labelName(title),
    name: 'as wrapped',
    threshold: Number(of('threshold')),
    sensitivity: null,
    specificity: null,
    measuredOn: notMeasured,
  }))
}
