/** The operating points a result was made with, and how they stand to those in force now. */
import type { AnalysisResult, Finding, PointInForce } from '../../contracts/analysis'
import { thresholdWords } from '../../contracts/operating-points'
import type { RequestOutput } from '../../contracts/protocol'

export type MadePoint = Pick<PointInForce, 'label' | 'threshold' | 'source'>

/** As the result says; one of before sites could set their own says it by its findings alone. */
export function madePoints(result: AnalysisResult): readonly MadePoint[] {
  if (result.operatingPoints.length > 0) return result.operatingPoints
  return [...new Map(result.findings.map((finding) => [finding.label, pointOf(finding)])).values()]
}

function pointOf({ label, operatingPoint, operatingPointSource }: Finding): MadePoint {
  return { label, threshold: operatingPoint, source: operatingPointSource }
}

/** The one point of a result; null where none is known, or its labels have several. */
export function onlyPoint(result: AnalysisResult): MadePoint | null {
  const [first, ...others] = madePoints(result)
  return first && others.every(({ threshold, source }) => threshold === first.threshold && source === first.source) ? first : null
}

/** "0.42", "0.30, site setting". */
export function pointWords({ threshold, source }: Pick<MadePoint, 'threshold' | 'source'>): string {
  return source === 'site' ? `${thresholdWords(threshold)}, site setting` : thresholdWords(threshold)
}

/**
 * A sentence for each label whose point is another now: "Made at 0.42; this site now uses 0.30." Nothing where the model
 * in use is not that of the result, which is said elsewhere.
 */
export function changedPoints(result: AnalysisResult, { model, inForce }: RequestOutput<'operating-points.list'>): string[] {
  if (!model || model.version !== result.model.version || model.sha256 !== result.model.sha256) return []
  const made = madePoints(result)
  const named = inForce.length > 1
  return inForce.flatMap((now) => {
    const then = made.find(({ label }) => label === now.label)
    // Whatever it was, it was the package's: a result of a site's own point names it.
    if (!then && now.source === 'package') return []
    if (then?.threshold === now.threshold) return []
    const at = then ? pointWords(then) : "the package's own operating point"
    const uses =
      now.source === 'site'
        ? `this site now uses ${thresholdWords(now.threshold)}`
        : `the package's ${thresholdWords(now.threshold)} is in force`
    return [`${named ? `${titleOf(result, now.label)}: made` : 'Made'} at ${at}; ${uses}.`]
  })
}

function titleOf({ findings }: AnalysisResult, label: string): string {
  return findings.find((finding) => finding.label === label)?.title ?? label
}
