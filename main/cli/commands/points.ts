/** overread points: which operating points hold for a network at this site, and setting one. */
import type { PointInForce } from '../../../contracts/analysis'
import { changesOf, parseThreshold, thresholdWords, type PointChange, type PointChoice } from '../../../contracts/operating-points'
import { readPoints, setPoint, type NamedPoints } from '../../host/command-line/cli-points'
import { textOption, UsageError, type Command, type Invocation } from '../command'
import { entryUrl } from '../entry'
import { plainText } from '../plain-text'

const longestComment = 4000

export const points: Command = {
  name: 'points',
  summary:
    'Lists the operating points of a network and how they were set, or sets one for this site.\nResults that are there keep the point they were made with; `overread analyze` uses that of the package.',
  usage: 'points MODEL [--threshold T | --name NAME | --package] [--label LABEL] [--comment TEXT] [--archive DIR]',
  options: {
    threshold: { type: 'string' },
    name: { type: 'string' },
    package: { type: 'boolean' },
    label: { type: 'string' },
    comment: { type: 'string' },
    archive: { type: 'string' },
  },
  help: [
    ['--threshold T', 'set a threshold from 0 to 1, with at most four decimals'],
    ['--name NAME', 'set the point that the package names so'],
    ['--package', "set the package's own again"],
    ['--label LABEL', 'of which label, where the network has several'],
    ['--comment TEXT', 'why; kept in the history'],
    ['--archive DIR', "the archive's folder (default: that of the app)"],
  ],
  positionals: [1, 1],
  async run(invocation) {
    const [modelId] = invocation.positionals
    const choice = choiceOf(invocation)
    const label = textOption(invocation, 'label')
    const comment = textOption(invocation, 'comment')
    const archive = textOption(invocation, 'archive')
    if (choice === null && (label !== null || comment !== null))
      throw new UsageError('--label and --comment go with --threshold, --name or --package')
    if (comment !== null && comment.length > longestComment) throw new UsageError(`--comment takes ${longestComment} characters`)
    const known =
      choice === null
        ? await readPoints(entryUrl(), archive, modelId)
        : await setPoint(entryUrl(), archive, modelId, { label, choice, comment: comment ?? '' })
    return { document: documentOf(known), text: textOf(known), failed: false }
  },
}

function choiceOf(invocation: Invocation): PointChoice | null {
  const threshold = textOption(invocation, 'threshold')
  const name = textOption(invocation, 'name')
  const back = invocation.values.package === true
  const given = [threshold !== null, name !== null, back].filter(Boolean).length
  if (given > 1) throw new UsageError('one of --threshold, --name and --package')
  if (name !== null) return { kind: 'named', name }
  if (back) return { kind: 'package' }
  if (threshold === null) return null
  const value = parseThreshold(threshold)
  if (value === null) throw new UsageError('--threshold is a number from 0 to 1 with at most four decimals')
  return { kind: 'typed', threshold: value }
}

function documentOf({ model, inForce, package: described, history }: NamedPoints) {
  return { model, inForce, package: described.operatingPoints, history }
}

function textOf({ inForce, package: described, history }: NamedPoints): string {
  const lines = inForce.flatMap((point) => [
    `${plainText(point.label)}: ${inForceWords(point)}`,
    ...described.operatingPoints
      .filter(({ label }) => label === point.label)
      .map(({ name, threshold, sensitivity, specificity, measuredOn }) => {
        const measured = `sensitivity ${percent(sensitivity)}, specificity ${percent(specificity)}`
        return `  ${plainText(name)} ${thresholdWords(threshold)}: ${measured}; ${plainText(measuredOn)}`
      }),
  ])
  return [`${plainText(described.title)} ${described.version}`, ...lines, ...changesOf(history).map(changeLine), ''].join('\n')
}

function inForceWords({ threshold, source, name }: PointInForce): string {
  const value = `${thresholdWords(threshold)}${name === null ? '' : ` (${plainText(name)})`}`
  if (source === 'package') return `${value}, the package's`
  return name === null ? `${value}, site setting, not measured at this threshold` : `${value}, site setting`
}

function changeLine({ setting, from, to }: PointChange): string {
  const { setAt, modelVersion, label, threshold, reader, comment } = setting
  const back = threshold === null ? ", the package's" : ''
  const why = comment === '' ? '' : `: ${plainText(comment)}`
  return `${setAt} ${plainText(label)} of ${modelVersion}: ${thresholdWords(from)} to ${thresholdWords(to)}${back}, by ${plainText(reader)}${why}`
}

const percent = (value: number | null) => (value === null ? 'not measured' : `${(value * 100).toFixed(1)} %`)
