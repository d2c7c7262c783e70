/** Which results of a study count. Pure. */
import type { AnalysisResult, Decision, Finding } from '../../contracts/analysis'
import { isDecided } from './decisions'

/** Frames with a picture that a series holds now. */
export type FramesOfSeries = (seriesInstanceUid: string) => number

/** Every picture it was asked for was answered, and it was asked for the whole series. */
export function isComplete(result: AnalysisResult, framesOf: FramesOfSeries): boolean {
  if (result.incomplete !== null) return false
  const needed = result.requested === null ? result.imagesTotal : framesOf(result.seriesInstanceUid)
  return result.images.length >= needed
}

/**
 * The newest complete result of each series and model: these count, and no other.
 *
 * @param results of one study, newest first.
 */
export function currentResults(results: readonly AnalysisResult[], framesOf: FramesOfSeries): AnalysisResult[] {
  const seen = new Set<string>()
  return results.filter((result) => {
    if (!isComplete(result, framesOf)) return false
    const pair = pairOf(result)
    if (seen.has(pair)) return false
    seen.add(pair)
    return true
  })
}

/** Where a series and model have no complete result: the newest that holds pictures. "Analysed 120 of 140 images." */
export function partialResults(results: readonly AnalysisResult[], framesOf: FramesOfSeries): AnalysisResult[] {
  const seen = new Set(currentResults(results, framesOf).map(pairOf))
  return results.filter((result) => {
    const pair = pairOf(result)
    if (result.images.length === 0 || seen.has(pair)) return false
    seen.add(pair)
    return true
  })
}

/** True: by another version of the model than the one in use, so it is shown as "by 1.0; 1.1 is active". */
export function isStale(result: AnalysisResult, active: { readonly version: string; readonly sha256: string } | undefined): boolean {
  return active !== undefined && (active.version !== result.model.version || active.sha256 !== result.model.sha256)
}

/** What the reader is to decide: findings above their operating point, of current results. */
export function countedFindings(results: readonly AnalysisResult[], framesOf: FramesOfSeries): Finding[] {
  return currentResults(results, framesOf).flatMap((result) =>
    result.findings.filter((finding) => finding.above && finding.kind !== 'structure'),
  )
}

export function reviewCounts(
  results: readonly AnalysisResult[],
  decisions: readonly Decision[],
  framesOf: FramesOfSeries,
): { count: number; decided: number } {
  const counted = countedFindings(results, framesOf)
  return { count: counted.length, decided: counted.filter((finding) => isDecided(finding, decisions)).length }
}

function pairOf(result: AnalysisResult): string {
  return `${result.seriesInstanceUid} ${result.model.id}`
}
