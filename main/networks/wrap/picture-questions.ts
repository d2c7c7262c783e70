/** What a network of pictures needs besides: how a picture becomes its tensor, and what its outputs mean. */
import type { NetworkSource, SourceOutput } from './source'
import { answerTo, anyText, listIn, matching, numberWithin, oneOf, rangeIn, type Answers, type Question } from './question'

export const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const

const range = (answer: string) => (rangeIn(answer) ? null : 'two numbers like 0..1')

/** In their order; those of an output depend on what was answered of it. */
export function pictureQuestions(source: NetworkSource, answers: Answers): Question[] {
  const { input, outputs, suggestions } = source
  const count = input.shape[input.channelAxis] ?? 1
  const ask = (key: string, text: string, fault: Question['fault'], otherwise: string | null = null): Question => ({
    key,
    ask: text,
    suggestion: suggestions[key] ?? otherwise,
    fault,
  })
  const from = ask(
    'values',
    'What it reads: "display" (0 to 255 as shown) or "modality" (the file\'s own values)',
    oneOf('display', 'modality'),
    'display',
  )
  const ofModality = answerTo(from, answers) === 'modality'
  return [
    ...(count > 1
      ? [
          ask(
            'channels',
            `Its ${count} channels: "repeat" the picture, or "neighbours" of the slice`,
            oneOf('repeat', 'neighbours'),
            count === 3 ? 'repeat' : 'neighbours',
          ),
        ]
      : []),
    from,
    ...(ofModality
      ? [
          ask(
            'levels',
            'Values that become the least and the greatest: "percentiles" (0.5 and 99.5 of the picture) or like -1000..400',
            (answer) => (answer === 'percentiles' ? null : range(answer)),
            'percentiles',
          ),
        ]
      : []),
    ask(
      'range',
      'The range its input has, like 0..1, or "imagenet" for the usual mean and deviation of colour',
      (answer) => (answer === 'imagenet' && count === 3 ? null : range(answer)),
      count === 3 ? 'imagenet' : '0..1',
    ),
    ...outputs.flatMap((output) => outputQuestions(output, ask, answers)),
  ]
}

type Ask = (key: string, text: string, fault: Question['fault'], otherwise?: string | null) => Question

function outputQuestions(output: SourceOutput, ask: Ask, answers: Answers): Question[] {
  const key = (name: string) => `output.${output.name}.${name}`
  const kind = ask(
    key('kind'),
    `${output.name} (${output.shape.join(' × ')}): "probabilities" of the picture, "probability-map" (outlines), "activation-map", "boxes" or "ignore"`,
    oneOf('probabilities', 'probability-map', 'activation-map', 'boxes', 'ignore'),
    likelyKind(output),
  )
  const answered = answerTo(kind, answers)
  if (answered === 'ignore' || answered === null) return [kind]
  const labels = labelCount(output, answered)
  return [
    kind,
    ask(key('labels'), `${output.name}: what its ${labels ?? ''} channels are called, divided by commas`.replace('  ', ' '), (answer) =>
      labelsFault(answer, labels),
    ),
    ask(
      key('activation'),
      `${output.name}: "none" where it gives probabilities, "sigmoid" or "softmax" where it gives logits`,
      oneOf('none', 'sigmoid', 'softmax'),
      labels === 1 ? 'sigmoid' : null,
    ),
    ...(answered === 'activation-map'
      ? []
      : [ask(key('threshold'), `${output.name}: from which probability on it counts as found (not measured)`, numberWithin(0, 1), '0.5')]),
    ...(answered === 'boxes' ? boxQuestions(output, ask, key) : []),
  ]
}

function boxQuestions({ name }: SourceOutput, ask: Ask, key: (name: string) => string): Question[] {
  return [
    ask(key('arrangement'), `${name}: "box-by-box" or "value-by-value"`, oneOf('box-by-box', 'value-by-value'), 'box-by-box'),
    ask(
      key('coordinates'),
      `${name}: "left-top-right-bottom", "top-left-bottom-right" or "centre-width-height"`,
      oneOf('left-top-right-bottom', 'top-left-bottom-right', 'centre-width-height'),
      'left-top-right-bottom',
    ),
    ask(key('unit'), `${name}: in "pixels" or "fractions" of the sides`, oneOf('pixels', 'fractions'), 'pixels'),
    ask(
      key('scores'),
      `${name}: scores "after-coordinates", "after-objectness", or "output NAME" with ", classes NAME" where these stand apart`,
      matching(/^(after-coordinates|after-objectness|output [^,]+(, classes .+)?)$/, 'like "output scores, classes labels"'),
      'after-coordinates',
    ),
    ask(key('overlap'), `${name}: two boxes of a label overlap too much above this share`, numberWithin(0, 1), '0.5'),
  ]
}

function likelyKind({ shape }: SourceOutput): string | null {
  if (shape.length === 2 && shape[0] === 1 && shape[1] <= 256) return 'probabilities'
  return shape.length === 4 && shape[0] === 1 && shape[1] <= 256 ? 'probability-map' : null
}

/** Null where the shape does not tell. */
function labelCount({ shape }: SourceOutput, kind: string): number | null {
  return kind === 'boxes' ? null : (shape[1] ?? null)
}

export function labelsFault(answer: string, count: number | null): string | null {
  const labels = listIn(answer)
  if (count !== null && labels.length !== count) return `${count} names, not ${labels.length}`
  if (labels.length === 0) return 'a name is needed'
  const long = labels.find((label) => anyText(80)(label) !== null)
  if (long !== undefined) return 'a name has at most 80 characters'
  return new Set(labels.map(labelName)).size === labels.length ? null : 'two names are alike'
}

/** The key of a label from what it is called. */
export function labelName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 64)
  return plain === '' ? 'label' : plain
}
