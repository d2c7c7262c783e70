/** What a reader did last, decision or entry, and the entry that takes it back. Pure. */
import type { AnalysisResult, Decision } from '../../contracts/analysis'
import type { NewReaderEntry, ReaderEntry } from '../../contracts/reader-entries'
import { pictureId } from '../reading/picture-id'
import { isStructure } from './decisions'
import { analysedImages, isPartial } from './result-caveats'

/** An entry without its id. */
export type EntryWish = NewReaderEntry extends infer Entry ? (Entry extends NewReaderEntry ? Omit<Entry, 'entryId'> : never) : never

/** The last entry, unless a decision came after it. By sequence, never by time. */
export function lastActIsEntry(decisions: readonly Decision[], entries: readonly ReaderEntry[]): boolean {
  const entry = entries.at(-1)
  if (!entry) return false
  return decisions.every(({ verdict, sequence }) => verdict === 'comment' || sequence <= entry.afterDecision)
}

/** Takes back the last entry: a mark or an agreement is withdrawn, one that was withdrawn is entered again. Null where there is none. */
export function undoOfEntry(entries: readonly ReaderEntry[]): EntryWish | null {
  const last = entries.at(-1)
  if (!last) return null
  if (last.kind !== 'withdrawn') return { kind: 'withdrawn', withdraws: last.entryId }
  const before = entries.find(({ entryId }) => entryId === last.withdraws)
  if (before?.kind === 'nothing-found') return { kind: 'nothing-found', resultId: before.resultId }
  if (before?.kind !== 'missed') return null
  const { resultId, sopInstanceUid, frameIndex, outline } = before
  return { kind: 'missed', resultId, sopInstanceUid, frameIndex, outline }
}

/** What every body has is outlined by a network that looks for nothing. */
export function looksForFindings(result: AnalysisResult): boolean {
  return !result.hasLabelMaps && !result.findings.some(isStructure)
}

/** Nothing to decide in a whole stack that was looked through, of which a picture was shown: the reader can agree with that. */
export function foundNothing(result: AnalysisResult, shown: ReadonlySet<string>, stackImages: number): boolean {
  if (isPartial(result, stackImages) || !looksForFindings(result) || analysedImages(result) === 0) return false
  return result.findings.every(({ above }) => !above) && result.images.some((image) => shown.has(pictureId(image)))
}
