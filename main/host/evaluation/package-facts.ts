/** What an evaluation asks of a package. */
import type { PointInForce } from '../../../contracts/analysis'
import type { PictureModel } from '../../../contracts/model-package'
import type { StatedPoint } from '../../evaluation/discrimination'
import { needsSeries } from '../analysis/series-statistics'

/** The thresholds that are measured for a label. */
export type PointsOfLabel = (label: string) => readonly StatedPoint[]

/** The package's own, the one in force where a site has set another, and those asked for besides. */
export function pointsOfLabel(model: PictureModel, inForce: readonly PointInForce[], more: readonly number[]): PointsOfLabel {
  return (label) => {
    const holding = inForce.find((point) => point.label === label)
    const siteSetting = holding?.source === 'site'
    const own = model.operatingPoints
      .filter((point) => point.label === label)
      .map(({ name, threshold, sensitivity, specificity }) => {
        const holds = holding?.threshold === threshold && holding.name === name
        return { name, threshold, inForce: holds, siteSetting: holds && siteSetting, sensitivity, specificity }
      })
    const site = holding && !own.some((point) => point.inForce) ? [unmeasured('set for the site', holding.threshold, true)] : []
    return [...own, ...site, ...more.map((threshold) => unmeasured('asked for', threshold, false))]
  }
}

function unmeasured(name: string, threshold: number, inForce: boolean): StatedPoint {
  return { name, threshold, inForce, siteSetting: inForce, sensitivity: null, specificity: null }
}

export function titleOf({ outputs }: PictureModel, label: string): string {
  return outputs.flatMap(({ labels }) => labels).find(({ name }) => name === label)?.title ?? label
}

/** Whether a picture's answer depends on the others of its series. */
export function readsSeries(model: PictureModel): boolean {
  return model.input.kind === 'stack' || needsSeries(model)
}
