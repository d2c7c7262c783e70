/** Which operating points hold for a model: the package's first of each label, unless the site set its own. Pure. */
import type { PointInForce } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import type { ModelPackage } from '../../contracts/model-package'
import type { PointChoice, PointSetting } from '../../contracts/operating-points'

/**
 * One for each label that the package states a point for.
 *
 * @param settings of any model, in any order: those of other weights or another version do not hold, as a point is worth
 * what was measured on exactly one pipeline.
 */
export function pointsInForce(model: ModelPackage, settings: readonly PointSetting[]): PointInForce[] {
  const own = settings.filter((setting) => isOfModel(setting, model)).sort((a, b) => b.sequence - a.sequence)
  return labelsWithPoint(model).map((label) => {
    const first = firstPoint(model, label)!
    const setting = own.find((candidate) => candidate.label === label)
    return setting === undefined || setting.threshold === null
      ? { label, threshold: first.threshold, source: 'package', name: first.name }
      : { label, threshold: setting.threshold, source: 'site', name: setting.name }
  })
}

/** As the package states them, whatever a site has set. */
export function packagePoints(model: ModelPackage): PointInForce[] {
  return pointsInForce(model, [])
}

export type ResolvedChoice = Pick<PointSetting, 'threshold' | 'name' | 'packageThreshold'>

/**
 * A choice as it is stored. The package's first point is the package's own, however it was chosen, and a threshold that
 * the package names keeps its name, as what was measured there holds for it.
 *
 * @throws OverreadError 'model.operating-point' for a label without a point, and a name that the package lacks.
 */
export function resolveChoice(model: ModelPackage, label: string, choice: PointChoice): ResolvedChoice {
  const points = model.operatingPoints.filter((point) => point.label === label)
  // An input check answers for other networks: their results would rest on a point that nobody sees.
  if (model.task === 'input-check') throw new OverreadError('model.operating-point', 'an input check keeps the points of its package')
  if (points.length === 0) throw new OverreadError('model.operating-point', `label ${label}`)
  const [first] = points
  const own = { threshold: null, name: first.name, packageThreshold: first.threshold }
  if (choice.kind === 'package') return own
  const named = points.find(
    choice.kind === 'named' ? ({ name }) => name === choice.name : ({ threshold }) => threshold === choice.threshold,
  )
  if (named === first) return own
  if (named) return { threshold: named.threshold, name: named.name, packageThreshold: first.threshold }
  if (choice.kind === 'named') throw new OverreadError('model.operating-point', choice.name)
  return { threshold: choice.threshold, name: null, packageThreshold: first.threshold }
}

function isOfModel({ modelId, modelVersion, modelSha256 }: PointSetting, { id, version, sha256 }: ModelPackage): boolean {
  return modelId === id && modelVersion === version && modelSha256 === sha256
}

/** In the package's order. */
export function labelsWithPoint({ operatingPoints }: ModelPackage): string[] {
  return [...new Set(operatingPoints.map(({ label }) => label))]
}

function firstPoint({ operatingPoints }: ModelPackage, label: string) {
  return operatingPoints.find((point) => point.label === label)
}
