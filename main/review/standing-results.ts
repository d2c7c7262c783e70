/** Which results of a study count. Pure. */
import type { AnalysisResult, Decision, Finding } from '../../contracts/analysis'
import { isUntrusted } from '../../contracts/model-store'
import { isDecided } from './decisions'

/** Frames with a picture that a series holds now. */
export type FramesOfSeries = (seriesInstanceUid: string) => number

/** Pictures it holds whose header has not been corrected since they were read. */
export function imagesStanding(result: AnalysisResult): number {
  return result.images.length - (result.headersCorrected ?? 0)
}

/** Every picture it was asked for was answered, under the header it has now, and it was asked for the whole series. */
export function isComplete(result: AnalysisResult, framesOf: FramesOfSeries): boolean {
  if (result.incomplete !== null) return false
  const needed = result.requested === null ? result.imagesTotal : framesOf(result.seriesInstanceUid)
  return imagesStanding(result) >= needed
}

/**
 * The newest complete result of each stack and model: these count, and no other.
 *
 * @param results of one study, newest first.
 */
export function currentResults(results: readonly AnalysisResult[], framesOf: FramesOfSeries): AnalysisResult[] {
  const seen = new SeenStacks()
  return results.filter((result) => isComplete(result, framesOf) && seen.take(result))
}

/** Where a stack and model have no complete result: the newest that holds pictures that stand. "Analysed 120 of 140 images." */
export function partialResults(results: readonly AnalysisResult[], framesOf: FramesOfSeries): AnalysisResult[] {
  const seen = new SeenStacks()
  for (const result of currentResults(results, framesOf)) seen.take(result)
  return results.filter((result) => imagesStanding(result) > 0 && seen.take(result))
}

/** What names a stack and model: of a result or of a job. */
export interface OfStack {
  readonly seriesInstanceUid: string
  readonly stack: string
  readonly modelId: string
}

/** Of the newest first: a stack and model stands once, and what is of an undivided series gives way to any of its stacks. */
export class SeenStacks {
  readonly #stacks = new Set<string>()
  readonly #series = new Set<string>()

  /** True where nothing newer stands before it. */
  take(result: AnalysisResult): boolean {
    return this.takeOf({ seriesInstanceUid: result.seriesInstanceUid, stack: result.stack, modelId: result.model.id })
  }

  takeOf({ seriesInstanceUid, stack, modelId }: OfStack): boolean {
    const series = `${seriesInstanceUid} ${modelId}`
    const key = `${series} ${stack}`
    if (this.#stacks.has(key) || (stack === '' && this.#series.has(series))) return false
    this.#stacks.add(key)
    this.#series.add(series)
    return true
  }
}

/** True: by another version of the model than the one in use, so it is shown as "by 1.0; 1.1 is active". */
export function isStale(result: AnalysisResult, active: { readonly version: string; readonly sha256: string } | undefined): boolean {
  return active !== undefined && (active.version !== result.model.version || active.sha256 !== result.model.sha256)
}

/** The installed version of a model; undefined: it is not installed, and no result of it is stale. */
export type ActiveModel = (modelId: string) => { readonly version: string; readonly sha256: string } | undefined

/** Of whole results: those by the active version of a trusted package that the network agreed to give. Only these are "2 findings" or "no finding". */
export function countedResults(current: readonly AnalysisResult[], active: ActiveModel): AnalysisResult[] {
  return current.filter((result) => !result.overridden && !isUntrusted(result.signature) && !isStale(result, active(result.model.id)))
}

/** An outline of normal anatomy has not looked for findings. */
export function lookedForFindings(result: AnalysisResult): boolean {
  return !result.hasLabelMaps && result.findings.every(({ kind }) => kind !== 'structure')
}

/** Whether the network read any picture of it. */
export function readAny(result: AnalysisResult): boolean {
  return result.images.some((image) => image.refused === null)
}

/** What the reader is to decide: findings above their operating point. */
export function countedFindings(results: readonly AnalysisResult[]): Finding[] {
  return results.flatMap((result) => result.findings.filter((finding) => finding.above && finding.kind !== 'structure'))
}

export function reviewCounts(results: readonly AnalysisResult[], decisions: readonly Decision[]): { count: number; decided: number } {
  const counted = countedFindings(results)
  return { count: counted.length, decided: counted.filter((finding) => isDecided(finding, decisions)).length }
}
