/** What a network of volumes needs besides: its grid, its values, its structures. */
import { labelsFault } from './picture-questions'
import { answerTo, matching, oneOf, rangeIn, numberWithin, type Answers, type Question } from './question'
import { spatialSides, type NetworkSource } from './source'

const threeNumbers = matching(/^\s*\d+(\.\d+)?(\s*,\s*\d+(\.\d+)?){2}\s*$/, 'three numbers, divided by commas')

/** A network that states more voxels than this was made for the whole head at once. */
const largestWindow = 128 ** 3

/** In their order; what follows from an answer is asked once that is there. */
export function volumeQuestions({ input, outputs, suggestions }: NetworkSource, answers: Answers): Question[] {
  const ask = (key: string, text: string, fault: Question['fault'], otherwise: string | null = null): Question => ({
    key,
    ask: text,
    suggestion: suggestions[key] ?? otherwise,
    fault,
  })
  const { statedSides } = input
  const classes = outputs[0]?.shape[input.channelAxis] ?? null
  const size =
    statedSides &&
    ask(
      'size',
      `Its layers take any size, its file states ${statedSides.join(' × ')}: "any", or "stated" for windows of this size`,
      oneOf('any', 'stated'),
      statedSides.reduce((product, side) => product * side, 1) > largestWindow ? 'any' : 'stated',
    )
  const open = size ? answerTo(size, answers) === 'any' : spatialSides(input, input.shape).includes(null)
  return [
    ...(size ? [size] : []),
    ask(
      'axes',
      'Whither in the patient its three axes run, slowest first: L, R, A, P, H, F',
      matching(/^[LRAPHF]{3}$/, 'three letters like RAH'),
    ),
    ask('spacing', 'Size of its voxels along these axes, mm', threeNumbers, '1, 1, 1'),
    ask(
      'grid',
      'Voxels along these axes of the grid that the series is resampled to',
      matching(/^\s*\d{1,3}(\s*,\s*\d{1,3}){2}\s*$/, 'three whole numbers'),
      '256, 256, 256',
    ),
    ask('eightBit', 'Values become 0 to 255 first, as FreeSurfer does: "yes" or "no"', oneOf('yes', 'no'), 'no'),
    ask('scale', 'Then: "range" (0 to 1), "mean-and-deviation", "quantiles 0.05..0.95", or "values -1000..400" (to 0..1, cut)', scaleFault),
    ask(
      'crop',
      'It sees: "all", or the box above a share of the greatest value, like 0.2',
      (answer) => (answer === 'all' ? null : numberWithin(0, 1)(answer)),
      'all',
    ),
    ...(open ? [] : [ask('overlap', 'Overlap of its windows, a share of their sides', numberWithin(0, 0.9), '0.25')]),
    ask('labels', `What its ${classes ?? ''} classes are called, the background first, divided by commas`.replace('  ', ' '), (answer) =>
      labelsFault(answer, classes),
    ),
    ask('keepLargest', 'Only the largest connected part stays: "yes" or "no"', oneOf('yes', 'no'), 'no'),
  ]
}

function scaleFault(answer: string): string | null {
  if (answer === 'range' || answer === 'mean-and-deviation') return null
  const [word, range = ''] = answer.split(' ')
  if ((word === 'quantiles' || word === 'values') && rangeIn(range)) return null
  return '"range", "mean-and-deviation", "quantiles A..B" or "values A..B"'
}
