/** What networks said of the open study and what the reader decided: results, decisions, jobs, the chosen finding. */
import type { AnalysisResult, Decision, Finding, FrameReference, Job, ProviderName, StackReference } from '../../contracts/analysis'
import { errorCatalogue } from '../../contracts/errors'
import type { Suggestion } from '../../contracts/protocol'
import {
  agreementWith,
  standingEntries,
  type AgreedEntry,
  type EntryOutline,
  type ReaderEntry,
  type StandingEntry,
} from '../../contracts/reader-entries'
import { EngineFault, type EngineClient } from '../engine/engine-client'
import { pictureId } from '../reading/picture-id'
import { stackKey } from '../reading/stack-key'
import {
  isOfStack,
  isStructure,
  latestByModel,
  ordered,
  reviewOf,
  undoOf,
  type FindingOrder,
  type FindingReview,
  type Verdict,
} from './decisions'
import { foundNothing, lastActIsEntry, looksForFindings, undoOfEntry, type EntryWish } from './reader-acts'
import type { ActiveModel } from './result-caveats'
import { standingOf, type Standing } from './series-standing'

export interface AnalysisRequest {
  /** Null: every stack of the study that the model reads. */
  readonly series: StackReference | null
  readonly frames: readonly FrameReference[] | null
  readonly modelId: string
  readonly override: boolean
  readonly provider: ProviderName | null
}

export class ReviewState {
  results = $state.raw<readonly AnalysisResult[]>([])
  decisions = $state.raw<readonly Decision[]>([])
  entries = $state.raw<readonly ReaderEntry[]>([])
  jobs = $state.raw<readonly Job[]>([])
  /** By the key of a stack: the models for it, the best match first. */
  suggestions = $state.raw<ReadonlyMap<string, readonly Suggestion[]>>(new Map())
  loaded = $state(false)
  /** What went wrong with the reader's last wish, as a sentence. */
  fault = $state<string | null>(null)
  order = $state<FindingOrder>('score')
  chosenId = $state<string | null>(null)
  /** Of the models with a result for this series, the one looked at; null: the newest. */
  modelId = $state<string | null>(null)
  /** The open stack. */
  series = $state.raw<StackReference | null>(null)
  /** When the running job was first seen and how many images it had then, for the time left. */
  readonly #firstSeen = new Map<string, { readonly at: number; readonly done: number }>()
  readonly #engine: EngineClient
  readonly #studyKey: number
  readonly #forget: (() => void)[]

  constructor(engine: EngineClient, studyKey: number) {
    this.#engine = engine
    this.#studyKey = studyKey
    this.#forget = [
      engine.onEvent((event) => {
        if (event.event === 'job.changed' && event.studyKey === studyKey) void this.#hearOfJob(event.job)
        if (event.event === 'results.changed' && event.studyKey === studyKey) void this.readResults()
        // Another version may be in use now, and a result be by one that is not.
        if (event.event === 'models.changed') this.#suggestAgain()
      }),
      engine.onReconnect(() => void this.readAll()),
    ]
  }

  close(): void {
    for (const forget of this.#forget) forget()
  }

  readonly seriesResults: readonly AnalysisResult[] = $derived(this.series === null ? [] : latestByModel(this.results, this.series))
  readonly result: AnalysisResult | null = $derived(
    this.seriesResults.find(({ model }) => model.id === this.modelId) ?? this.seriesResults[0] ?? null,
  )
  readonly seriesJobs: readonly Job[] = $derived(this.jobs.filter((job) => this.series !== null && isOfStack(job, this.series)))
  readonly standing: Standing = $derived(standingOf(this.seriesJobs, this.seriesResults))
  readonly findings: readonly Finding[] = $derived(this.result ? ordered(this.result.findings, this.order) : [])
  readonly chosen: Finding | null = $derived(this.findings.find(({ findingId }) => findingId === this.chosenId) ?? null)
  readonly models: readonly Suggestion[] = $derived((this.series && this.suggestions.get(stackKey(this.series))) ?? [])
  readonly suggested: Suggestion | null = $derived(this.models.find(({ gate }) => gate.verdict !== 'contradicts') ?? null)

  readonly standingEntries: readonly StandingEntry[] = $derived(standingEntries(this.entries))
  readonly agreement: AgreedEntry | null = $derived(this.result && agreementWith(this.result, this.standingEntries))
  /** What is installed now of the model of the result shown; null: it is not among those for this stack. */
  readonly active: ActiveModel | null = $derived(this.models.find(({ modelId }) => modelId === this.result?.model.id) ?? null)

  review(finding: Finding): FindingReview {
    return reviewOf(finding.findingId, this.decisions)
  }

  /** How the outline of a picture is drawn: as its findings were decided, where they were all decided alike. */
  outlineKind(picture: string): 'network' | 'accepted' | 'rejected' {
    const here =
      this.result?.findings.filter((finding) => !isStructure(finding) && finding.frames.some((frame) => pictureId(frame) === picture)) ?? []
    const verdicts = new Set(here.map((finding) => this.review(finding).verdict))
    const [only] = verdicts
    return verdicts.size === 1 && only !== undefined && only !== 'undecided' ? only : 'network'
  }

  async readAll(): Promise<void> {
    await Promise.all([this.readResults(), this.#readJobs()])
    this.loaded = true
  }

  async readResults(): Promise<void> {
    try {
      const { results, decisions, entries } = await this.#engine.request('results.list', { studyKey: this.#studyKey })
      this.results = results
      this.decisions = decisions
      this.entries = entries
    } catch (error) {
      this.#report(error, 'The results could not be read.')
    }
  }

  async #readJobs(): Promise<void> {
    try {
      this.jobs = (await this.#engine.request('jobs.list', { studyKey: this.#studyKey })).jobs
    } catch (error) {
      this.#report(error, 'The analyses could not be listed.')
    }
  }

  async openSeries({ seriesInstanceUid, stack }: StackReference): Promise<void> {
    const reference = { seriesInstanceUid, stack }
    const key = stackKey(reference)
    if (this.series === null || stackKey(this.series) !== key) this.series = reference
    if (this.suggestions.has(key)) return
    try {
      const { suggestions } = await this.#engine.request('models.suggest', { studyKey: this.#studyKey, ...reference })
      this.suggestions = new Map([...this.suggestions, [key, suggestions]])
    } catch (error) {
      this.#report(error, 'The models could not be listed.')
    }
  }

  #suggestAgain(): void {
    this.suggestions = new Map()
    if (this.series) void this.openSeries(this.series)
  }

  async analyse(request: AnalysisRequest): Promise<void> {
    this.fault = null
    const frames = request.frames?.map(({ sopInstanceUid, frameIndex }) => ({ sopInstanceUid, frameIndex })) ?? null
    try {
      const { jobs } = await this.#engine.request('analysis.start', {
        ...request,
        frames,
        studyKey: this.#studyKey,
        requestId: crypto.randomUUID(),
      })
      for (const job of jobs) this.#takeJob(job, true)
      if (jobs.length === 0) this.fault = 'No series of this study is read by this network.'
      else this.modelId = request.modelId
    } catch (error) {
      this.#report(error, 'The analysis could not be started.')
    }
  }

  async cancel(job: Job): Promise<void> {
    try {
      await this.#engine.request('analysis.cancel', { jobId: job.jobId })
    } catch (error) {
      this.#report(error, 'The analysis could not be cancelled.')
    }
  }

  /** Appends a decision and shows it once the archive holds it. */
  async decide(findingId: string, verdict: Verdict | 'comment', comment = ''): Promise<void> {
    this.fault = null
    const request = { studyKey: this.#studyKey, decisionId: crypto.randomUUID(), findingId, verdict, comment: comment.slice(0, 4000) }
    try {
      const decision = await this.#engine.request('decision.add', request)
      if (!this.decisions.some(({ decisionId }) => decisionId === decision.decisionId)) this.decisions = [...this.decisions, decision]
    } catch (error) {
      this.#report(error, 'The decision could not be stored.')
    }
  }

  /** What the reader marked on a picture. */
  missesOn(picture: string): EntryOutline[] {
    return this.standingEntries.flatMap((entry) => (entry.kind === 'missed' && pictureId(entry) === picture ? [entry.outline] : []))
  }

  /** A network can miss something only where it has looked for findings; says so where it has not. */
  canMiss(picture: string): boolean {
    const { result } = this
    const read = result?.images.some((image) => image.refused === null && pictureId(image) === picture) ?? false
    const can = result !== null && read && looksForFindings(result)
    this.fault = can ? null : errorCatalogue['entry.not-read'].sentence
    return can
  }

  async enterMiss({ sopInstanceUid, frameIndex }: FrameReference, outline: EntryOutline): Promise<void> {
    if (!this.result || !this.canMiss(pictureId({ sopInstanceUid, frameIndex }))) return
    await this.enter({ kind: 'missed', resultId: this.result.resultId, sopInstanceUid, frameIndex, outline })
  }

  /** With a result that found nothing in the whole stack, once a picture of it was shown; and once. */
  canAgree(shown: ReadonlySet<string>, stackImages: number): boolean {
    const { result } = this
    return result !== null && !this.agreement && this.standing.state === 'result' && foundNothing(result, shown, stackImages)
  }

  async agree(): Promise<void> {
    if (this.result) await this.enter({ kind: 'nothing-found', resultId: this.result.resultId })
  }

  /** Appends an entry and shows it once the archive holds it. */
  async enter(wish: EntryWish): Promise<void> {
    this.fault = null
    try {
      const entry = await this.#engine.request('reader-entry.add', {
        studyKey: this.#studyKey,
        entry: { ...wish, entryId: crypto.randomUUID() },
      })
      if (!this.entries.some(({ entryId }) => entryId === entry.entryId)) this.entries = [...this.entries, entry]
    } catch (error) {
      this.#report(error, 'The entry could not be stored.')
    }
  }

  async undo(): Promise<void> {
    if (lastActIsEntry(this.decisions, this.entries)) {
      const wish = undoOfEntry(this.entries)
      if (wish) await this.enter(wish)
      return
    }
    const ids = new Set(this.results.flatMap(({ findings }) => findings.map(({ findingId }) => findingId)))
    const undo = undoOf(this.decisions, ids)
    if (undo) await this.decide(undo.findingId, undo.verdict)
  }

  /** Milliseconds since a job was first seen running and the images done since then. */
  pace(job: Job, now: number): { ms: number | null; done: number } {
    const first = this.#firstSeen.get(job.jobId)
    return first ? { ms: now - first.at, done: job.imagesDone - first.done } : { ms: null, done: 0 }
  }

  /** Results are read before a job counts as ended: a half-written one must not be seen as "nothing found". */
  async #hearOfJob(job: Job): Promise<void> {
    if (job.state !== 'queued' && job.state !== 'running') await this.readResults()
    this.#takeJob(job)
  }

  /** `fromReply`: the answer to the wish that queued it; an event that came before it knows more. */
  #takeJob(job: Job, fromReply = false): void {
    const index = this.jobs.findIndex(({ jobId }) => jobId === job.jobId)
    if (index >= 0 && fromReply) return
    if (job.state === 'running' && !this.#firstSeen.has(job.jobId)) this.#firstSeen.set(job.jobId, { at: Date.now(), done: job.imagesDone })
    this.jobs = index >= 0 ? this.jobs.with(index, job) : [...this.jobs, job]
  }

  #report(error: unknown, otherwise: string): void {
    this.fault = error instanceof EngineFault ? error.message : otherwise
  }
}
