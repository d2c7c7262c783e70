/** A model's operating points in words. */
import type { ModelReference, PointInForce } from '../../contracts/analysis'
import type { OperatingPoint } from '../../contracts/model-package'
import { changesOf, parseThreshold, thresholdWords, type PointChoice, type PointSetting } from '../../contracts/operating-points'
import { instant } from '../ui/words'

export const notMeasured = 'Not measured at this threshold; run evaluate on your own data.'

/** What a reader has picked and typed; null where that is no threshold. */
export function choiceOf(picked: string | null, typed: string): PointChoice | null {
  if (picked !== null) return { kind: 'named', name: picked }
  const threshold = parseThreshold(typed)
  return threshold === null ? null : { kind: 'typed', threshold }
}

/** The threshold of a choice. */
export function thresholdOf(choice: PointChoice, points: readonly OperatingPoint[]): number | null {
  if (choice.kind === 'typed') return choice.threshold
  return (choice.kind === 'named' ? points.find(({ name }) => name === choice.name) : points[0])?.threshold ?? null
}

/** True for a threshold of which the package states nothing. */
export function isUnmeasured(threshold: number, points: readonly OperatingPoint[]): boolean {
  return points.every((point) => point.threshold !== threshold)
}

export interface ChangeWords {
  readonly key: number
  /** "0.42 to 0.30" */
  readonly what: string
  /** "Reader One, 25 Nov 2026, 19:05, version 1.0.0" */
  readonly by: string
  readonly comment: string
}

/** Newest first. `titleOf` a label: empty where the model has one alone. */
export function historyWords(history: readonly PointSetting[], model: ModelReference, titleOf: (label: string) => string): ChangeWords[] {
  return changesOf(history)
    .toReversed()
    .map(({ setting, from, to }) => {
      const title = titleOf(setting.label)
      const back = setting.threshold === null ? ", the package's" : ''
      const version = isOf(setting, model) ? [] : [`version ${setting.modelVersion}`]
      return {
        key: setting.sequence,
        what: `${title === '' ? '' : `${title}: `}${thresholdWords(from)} to ${thresholdWords(to)}${back}`,
        by: [setting.reader, instant(setting.setAt), ...version].join(', '),
        comment: setting.comment,
      }
    })
}

/** That a setting of an earlier version holds no more; null where there was none, or this version has its own. */
export function leftBehind(history: readonly PointSetting[], model: ModelReference, inForce: readonly PointInForce[]): string | null {
  if (inForce.some(({ source }) => source === 'site') || history.some((setting) => isOf(setting, model))) return null
  const last = history.at(-1)
  // Of the version before, label by label: what stood there at the end.
  const standing = new Map(history.filter((setting) => last && isOf(setting, referenceOf(last))).map((setting) => [setting.label, setting]))
  if (!last || [...standing.values()].every(({ threshold }) => threshold === null)) return null
  return last.modelVersion === model.version
    ? "What this site had set was for other weights. These start from their package's own points."
    : `What this site had set was for version ${last.modelVersion}. ${model.version} starts from its package's own points.`
}

function referenceOf({ modelVersion, modelSha256 }: PointSetting) {
  return { version: modelVersion, sha256: modelSha256 }
}

function isOf({ modelVersion, modelSha256 }: PointSetting, { version, sha256 }: Pick<ModelReference, 'version' | 'sha256'>): boolean {
  return modelVersion === version && modelSha256 === sha256
}
