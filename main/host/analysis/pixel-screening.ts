/** Looks at the pixels before a network's word is taken: by its input check, and by the distance from its training data. */
import type { Screening } from '../../../contracts/analysis'
import { OverreadError, type ErrorReport } from '../../../contracts/errors'
import type { PictureModel } from '../../../contracts/model-package'
import { distanceFault, inputCheckFault, type Screened } from '../../networks/pixel-verdict'
import type { NetworkRuns } from './network-runs'

/** What was seen, and what of it speaks against the network. */
export interface ScreeningResult {
  readonly screening: Screening
  readonly contradictions: readonly ErrorReport[]
}

/** The input check that a package names, and its runs over the same slices. */
export interface InputCheck {
  readonly package: PictureModel
  /** The label that a suitable picture has. */
  readonly suitable: string
  readonly runs: NetworkRuns
}

/** Slices asked for a series' own screening, at most. */
const mostSampled = 9
/** Of a stack, the share in the middle that is sampled: ends show little of what the network reads. */
const sampledShare = 0.7

/** Places evenly spread over the middle of a stack of `count` slices, rising. */
export function sampledPlaces(count: number): number[] {
  const first = Math.floor((count * (1 - sampledShare)) / 2)
  const span = Math.max(1, count - 2 * first)
  const places = Math.min(mostSampled, span)
  return Array.from({ length: places }, (_, i) => first + Math.floor(((i + 0.5) * span) / places))
}

/** The check's answer to one picture. */
export async function screenPicture(check: InputCheck, index: number): Promise<ScreeningResult> {
  const { outputs } = await check.runs.run(index)
  return judgeCheck(check, probabilitiesOf(check.package, outputs), 'picture')
}

/** The distance of one picture, which is known once the network ran. */
export function screenDistance({ distribution }: PictureModel, distance: number | null): ScreeningResult {
  if (!distribution || distance === null) return nothingSeen
  return judgeDistance(distribution, distance, 'picture')
}

/**
 * Check and distance of a whole stack: probabilities averaged, distances by their median, over sampled slices.
 *
 * A slice that cannot be read or holds one value is left out; where none is left nothing is said.
 */
export async function screenSeries(
  model: PictureModel,
  runs: NetworkRuns,
  check: InputCheck | null,
  eligible: readonly number[],
  signal: AbortSignal | undefined,
  onSlice: (done: number, total: number) => void,
): Promise<ScreeningResult> {
  const sampled = sampledPlaces(eligible.length).map((place) => eligible[place])
  const ofSeries = model.distribution?.of === 'series' ? model.distribution : null
  const distances: number[] = []
  const answers: Record<string, number>[] = []
  for (const [done, index] of sampled.entries()) {
    onSlice(done, sampled.length)
    await leavingOut(signal, async () => {
      if (check) answers.push(probabilitiesOf(check.package, (await check.runs.run(index)).outputs))
      const distance = ofSeries ? (await runs.sample(index)).distance : null
      if (distance !== null) distances.push(distance)
    })
  }
  return joined(
    check && answers.length > 0 ? judgeCheck(check, meanOf(answers), 'series') : nothingSeen,
    ofSeries && distances.length > 0 ? judgeDistance(ofSeries, medianOf(distances), 'series') : nothingSeen,
  )
}

export const nothingSeen: ScreeningResult = { screening: { inputCheck: null, distance: null }, contradictions: [] }

export function joined(a: ScreeningResult, b: ScreeningResult): ScreeningResult {
  return {
    screening: {
      inputCheck: a.screening.inputCheck ?? b.screening.inputCheck,
      distance: a.screening.distance ?? b.screening.distance,
    },
    contradictions: [...a.contradictions, ...b.contradictions],
  }
}

function judgeCheck(check: InputCheck, probabilities: Record<string, number>, what: Screened): ScreeningResult {
  const { id, version, sha256, title } = check.package
  const fault = inputCheckFault({ check: check.package, suitable: check.suitable, probabilities }, what)
  return {
    screening: { inputCheck: { model: { id, version, sha256, title }, probabilities }, distance: null },
    contradictions: fault ? [fault] : [],
  }
}

function judgeDistance(distribution: NonNullable<PictureModel['distribution']>, value: number, what: Screened): ScreeningResult {
  const fault = distanceFault(distribution, value, what)
  return {
    screening: { inputCheck: null, distance: { value, threshold: distribution.threshold } },
    contradictions: fault ? [fault] : [],
  }
}

/** Faults of one picture; others end the analysis. */
const pictureFaults = /^(pixels|dicom|file|plane|worker)\.|^inference\.(constant|output)$/

async function leavingOut(signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (signal?.aborted || !(error instanceof OverreadError) || !pictureFaults.test(error.code)) throw error
  }
}

function probabilitiesOf(check: PictureModel, outputs: readonly { readonly values: Float32Array }[]): Record<string, number> {
  return Object.fromEntries(
    check.outputs.flatMap(({ kind, labels }, output) =>
      kind === 'probabilities' ? labels.map(({ name }, label) => [name, outputs[output].values[label]]) : [],
    ),
  )
}

function meanOf(answers: readonly Record<string, number>[]): Record<string, number> {
  return Object.fromEntries(
    Object.keys(answers[0]).map((name) => [name, answers.reduce((sum, answer) => sum + answer[name], 0) / answers.length]),
  )
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
