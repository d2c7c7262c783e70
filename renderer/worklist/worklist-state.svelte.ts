/** What the worklist asks for and holds: a sparse list of pages, refreshed without moving rows under the pointer. */
import type { RequestInput } from '../../contracts/protocol'
import type { AiStateFilter, StudyRow, WorklistColumn } from '../../contracts/worklist'
import { Abandoned, EngineFault, type EngineClient } from '../engine/engine-client'

export const pageSize = 100
const refreshAfterMs = 400
/** A pointer that moved over the list within this time may be about to click. */
const pointerRestsAfterMs = 2000

export type Period = 'any' | 'today' | 'week' | 'month' | 'year'
type Query = Omit<RequestInput<'studies.list'>, 'offset' | 'limit'>

/** The first day of a period as DICOM writes dates; null for no bound. */
export function periodStart(period: Period, now: Date): string | null {
  const days = { any: null, today: 0, week: 7, month: 31, year: 366 }[period]
  if (days === null) return null
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}${two(day.getMonth() + 1)}${two(day.getDate())}`
}

export class WorklistState {
  search = $state('')
  modality = $state<string | null>(null)
  period = $state<Period>('any')
  aiState = $state<AiStateFilter | null>(null)
  sort = $state<WorklistColumn>('studyDate')
  descending = $state(true)

  total = $state(0)
  rows = $state.raw<ReadonlyMap<number, StudyRow>>(new Map())
  modalities = $state.raw<readonly string[]>([])
  loaded = $state(false)
  fault = $state<string | null>(null)
  /** Studies that came while the pointer was on the list; shown when it rests, leaves, or the reader asks. */
  held = $state(false)
  selectedKey = $state<number | null>(null)
  selectedIndex = $state(0)
  scrollTop = 0
  /** When the pointer last moved over the rows, by the page's clock. */
  pointerMovedAt = Number.NEGATIVE_INFINITY

  readonly #engine: EngineClient
  #visible: readonly [number, number] = [0, 0]
  #generation = 0
  /** The question that the rows held answer. */
  #rowsOf = 0
  readonly #asked = new Map<number, AbortController>()
  #refreshTimer: ReturnType<typeof setTimeout> | null = null

  constructor(engine: EngineClient) {
    this.#engine = engine
    engine.onEvent(({ event }) => {
      if (event === 'studies.changed' || event === 'job.changed' || event === 'results.changed') this.#refreshSoon()
    })
    engine.onReconnect(() => this.#refreshSoon())
    void this.#read(0)
  }

  get filtered(): boolean {
    return this.search.trim() !== '' || this.modality !== null || this.period !== 'any' || this.aiState !== null
  }

  get selected(): StudyRow | null {
    const row = this.rows.get(this.selectedIndex)
    return row && row.studyKey === this.selectedKey ? row : null
  }

  #query(): Query {
    return {
      search: this.search.trim().slice(0, 200),
      sort: this.sort,
      descending: this.descending,
      modality: this.modality,
      dateFrom: periodStart(this.period, new Date()),
      dateTo: null,
      state: this.aiState,
    }
  }

  /** The question changed: begins again at the top, the old rows stay until the new ones are there. */
  requery(): void {
    this.#generation++
    for (const asked of this.#asked.values()) asked.abort()
    this.#asked.clear()
    this.scrollTop = 0
    this.selectedKey = null
    this.selectedIndex = 0
    void this.#read(0, true)
  }

  sortBy(column: WorklistColumn): void {
    if (this.sort === column) this.descending = !this.descending
    else {
      this.sort = column
      this.descending = column === 'studyDate'
    }
    this.requery()
  }

  clearFilters(): void {
    this.search = ''
    this.modality = null
    this.period = 'any'
    this.aiState = null
    this.requery()
  }

  /** Rows `first` up to `last` come into view: reads the pages that are missing. */
  show(first: number, last: number): void {
    this.#visible = [first, last]
    for (let page = Math.floor(first / pageSize); page * pageSize <= last; page++) {
      if (!this.rows.has(page * pageSize) && page * pageSize < this.total && !this.#asked.has(page)) void this.#read(page)
    }
  }

  select(index: number): void {
    if (this.total === 0) return
    this.selectedIndex = Math.max(0, Math.min(this.total - 1, index))
    this.selectedKey = this.rows.get(this.selectedIndex)?.studyKey ?? null
  }

  /** The study before or after another in the list's order; null at the ends and where it is not loaded. */
  neighbour(studyKey: number, step: 1 | -1): number | null {
    for (const [index, row] of this.rows) {
      if (row.studyKey === studyKey) return this.rows.get(index + step)?.studyKey ?? null
    }
    return null
  }

  #pointerBusy(): boolean {
    return performance.now() - this.pointerMovedAt < pointerRestsAfterMs
  }

  /** Takes over what was held back, unless the pointer is at work on the list. */
  release(): void {
    if (!this.held) return
    if (this.#pointerBusy()) {
      setTimeout(() => this.release(), pointerRestsAfterMs)
      return
    }
    this.held = false
    void this.#refresh()
  }

  #refreshSoon(): void {
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = null
      void this.#refresh()
    }, refreshAfterMs)
  }

  async #refresh(): Promise<void> {
    const [first, last] = this.#visible
    const pages = new Set([Math.floor(first / pageSize), Math.floor(Math.max(first, last) / pageSize)])
    for (const page of pages) await this.#read(page, true)
  }

  /** `replace`: the pages held before are forgotten, as the order may have changed. */
  async #read(page: number, replace = false): Promise<void> {
    const generation = this.#generation
    const abort = new AbortController()
    this.#asked.get(page)?.abort()
    this.#asked.set(page, abort)
    try {
      const request = { ...this.#query(), offset: page * pageSize, limit: pageSize }
      const reply = await this.#engine.request('studies.list', request, { signal: abort.signal })
      if (generation !== this.#generation) return
      this.fault = null
      this.modalities = reply.modalities
      this.#take(page, reply.rows, reply.total, replace)
    } catch (error) {
      if (error instanceof Abandoned) return
      this.fault = error instanceof EngineFault ? error.message : 'The worklist could not be read.'
    } finally {
      if (this.#asked.get(page) === abort) this.#asked.delete(page)
      this.loaded = true
    }
  }

  #take(page: number, rows: readonly StudyRow[], total: number, replace: boolean): void {
    const offset = page * pageSize
    const moved = rows.some((row, index) => {
      const before = this.rows.get(offset + index)
      return before !== undefined && before.studyKey !== row.studyKey
    })
    if (replace && moved && this.rows.size > 0 && this.#pointerBusy()) {
      // The order waits for the pointer to leave; what the rows say does not.
      const fresh = new Map(rows.map((row) => [row.studyKey, row]))
      this.rows = new Map([...this.rows].map(([index, row]) => [index, fresh.get(row.studyKey) ?? row]))
      this.held = true
      setTimeout(() => this.release(), pointerRestsAfterMs)
      return
    }
    const stale = this.#rowsOf !== this.#generation
    this.#rowsOf = this.#generation
    const next = new Map(stale || (replace && (moved || total !== this.total)) ? [] : this.rows)
    rows.forEach((row, index) => next.set(offset + index, row))
    this.rows = next
    this.total = total
    this.#keepSelection()
  }

  #keepSelection(): void {
    if (this.selectedKey === null) return
    for (const [index, row] of this.rows) {
      if (row.studyKey === this.selectedKey) {
        this.selectedIndex = index
        return
      }
    }
  }
}
