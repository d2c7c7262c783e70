/** How a series stands with the networks, and the sentence that says so (SCREENS, "States, in words"). */
import type { AnalysisResult, Job } from '../../contracts/analysis'
import { withAdvice } from '../../contracts/errors'
import { score } from '../ui/words'
import { pointWords, type MadePoint } from './result-points'

export type Standing =
  | { readonly state: 'not-analysed' }
  | { readonly state: 'busy'; readonly job: Job }
  | { readonly state: 'refused'; readonly job: Job }
  | { readonly state: 'failed'; readonly job: Job }
  | { readonly state: 'result' }

/** Latest last; what is under way goes before what failed, and a newer result before both. */
export function standingOf(jobs: readonly Job[], results: readonly AnalysisResult[]): Standing {
  const busy = jobs.findLast(({ state }) => state === 'running') ?? jobs.find(({ state }) => state === 'queued')
  if (busy) return { state: 'busy', job: busy }
  const last = jobs.at(-1)
  if (last?.state === 'refused') return { state: 'refused', job: last }
  if (last?.state === 'failed') return { state: 'failed', job: last }
  return results.length > 0 ? { state: 'result' } : { state: 'not-analysed' }
}

/** The network's highest score of a result and the slice it belongs to, counted from 1. */
export function highest(
  result: AnalysisResult,
  sliceOf: (image: AnalysisResult['images'][number]) => number | null,
): { score: number; slice: number } | null {
  let best: { score: number; slice: number } | null = null
  for (const image of result.images) {
    const slice = sliceOf(image)
    if (slice === null) continue
    for (const value of Object.values(image.probabilities)) {
      if (!best || value > best.score) best = { score: value, slice }
    }
  }
  return best
}

/** "Nothing above the operating point (0.42). Highest 0.18 on slice 61." Never "normal". */
export function nothingAbove(made: MadePoint | null, top: { score: number; slice: number } | null, ofOneImage: boolean): string {
  const point = made === null ? '' : ` (${pointWords(made)})`
  const rest = top === null ? '' : ofOneImage ? ` Score ${score(top.score)}.` : ` Highest ${score(top.score)} on slice ${top.slice}.`
  return `Nothing above the operating point${point}.${rest}`
}

/** What a job says of itself while it runs: "12 of 140 images, about 20 s left". */
export function progressWords(job: Job, msSinceFirst: number | null, doneSinceFirst: number): string {
  if (job.state === 'queued') return 'Queued'
  const count = job.imagesTotal > 0 ? `${job.imagesDone} of ${job.imagesTotal} ${job.imagesTotal === 1 ? 'image' : 'images'}` : job.step
  if (msSinceFirst === null || doneSinceFirst < 2) return count
  const left = (msSinceFirst / doneSinceFirst) * (job.imagesTotal - job.imagesDone)
  return left < 1500 ? count : `${count}, about ${Math.ceil(left / 1000)} s left`
}

export function failureWords(job: Job): string {
  if (!job.error) return 'The analysis failed. Nothing was lost.'
  return withAdvice(job.error)
}
