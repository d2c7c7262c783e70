/** Studies opened, scrolled, analysed, decided and closed one after the other, and what the processes of the app hold after each. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { overread } from '../integration/cli/overread'
import { writeIdentityPackage } from '../integration/inference/tiny-packages'
import { headStudy, patientOf } from '../samples/head-studies'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const slices = 4
/** A network that has found something wherever a pixel is bright. */
const modelId = 'tiny'

export interface HeldByProcesses {
  readonly count: number
  readonly bytes: number
  readonly handles: number
}

export interface Held {
  /** By name; a name that two processes bear counts both. */
  readonly processes: Readonly<Record<string, HeldByProcesses>>
  readonly listeners: number
  readonly documents: number
  readonly nodes: number
  /** What its scripts hold, bytes. */
  readonly heap: number
}

export class ReadingHours {
  readonly #archive: ReturnType<typeof temporaryArchive>
  readonly #running: RunningApp
  readonly #reader: Reader
  readonly #patients: number
  #read = 0

  private constructor(archive: ReturnType<typeof temporaryArchive>, running: RunningApp, patients: number) {
    this.#patients = patients
    this.#archive = archive
    this.#running = running
    this.#reader = new Reader(running.page)
  }

  /** The app on an archive with a study of each of so many patients, and the network. They are read in turn, each found by the search. */
  static async begin(patients: number): Promise<ReadingHours> {
    const archive = temporaryArchive()
    const folder = mkdtempSync(join(tmpdir(), 'overread-hours-'))
    const files = join(folder, 'files')
    mkdirSync(files)
    for (let number = 0; number < patients; number++)
      headStudy(number, 8, slices).forEach((bytes, index) => writeFileSync(join(files, `${number}-${index}.dcm`), bytes))
    writeIdentityPackage(join(folder, 'package'), 64)
    for (const command of [
      ['models', 'add', join(folder, 'package')],
      ['import', files],
    ]) {
      const { code, stderr } = await overread(...command, '--archive', archive.folder)
      expect(code, stderr).toBe(0)
    }
    rmSync(folder, { recursive: true })
    const running = await startApp(archive.folder, [], { switches: ['--js-flags=--expose-gc'] })
    const hours = new ReadingHours(archive, running, patients)
    await hours.#reader.rows.first().waitFor()
    return hours
  }

  async end(): Promise<void> {
    expect(this.#running.errors).toEqual([])
    await this.#running.close()
    this.#archive.remove()
  }

  get page(): Page {
    return this.#running.page
  }

  /** The next study, found by the search. */
  async openNext(): Promise<void> {
    const { id } = patientOf(this.#read++ % this.#patients)
    await this.#running.page.getByTestId(testIds.worklistSearch).fill(id)
    await this.#reader.openStudy(id)
  }

  close(): Promise<void> {
    return this.#reader.backToWorklist()
  }

  /** The next study: opened, scrolled, analysed, its first finding decided, closed. */
  async readNext(): Promise<void> {
    const reader = this.#reader
    await this.openNext()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Home']) await reader.press(key)
    const ids = () => reader.findings.evaluateAll((rows) => rows.map((row) => row.dataset.findingId).join())
    const before = await ids()
    await reader.analyse(modelId)
    // What an earlier result found stands there until the new one is whole.
    await eventually(async () => !['', before].includes(await ids()), true, 'the new findings')
    await reader.waitForState('findings')
    await reader.press('n')
    const chosen = reader.findings.and(this.#running.page.locator('[aria-current="true"]'))
    await eventually(() => chosen.getAttribute('data-shown'), 'true', 'the slice of the finding')
    const verdict = this.#read % 3 === 0 ? 'rejected' : 'accepted'
    await reader.press(verdict === 'accepted' ? 'Enter' : 'Delete')
    await eventually(() => chosen.getAttribute('data-verdict'), verdict, 'the decision')
    await this.close()
  }

  /** After what can be collected was collected, in main, in the window, and in the window's worker, whose frames are its own. */
  async held(): Promise<Held> {
    const { app, page } = this.#running
    const collect = () => (globalThis as unknown as { gc(how: object): Promise<void> }).gc({ type: 'major', execution: 'async' })
    await app.evaluate(collect)
    for (const worker of page.workers()) await worker.evaluate(collect)
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.enable')
    await session.send('HeapProfiler.collectGarbage')
    await session.send('HeapProfiler.collectGarbage')
    // What its allocator keeps for later is given back by itself some time: 40 MB more or less between two readings.
    await session.send('Memory.simulatePressureNotification', { level: 'critical' })
    await session.send('Performance.enable')
    const { metrics } = await session.send('Performance.getMetrics')
    await session.detach()
    const metric = (name: string) => metrics.find((one) => one.name === name)!.value
    const processes = await app.evaluate(({ app: electron }) =>
      electron.getAppMetrics().map(({ pid, type, name, serviceName }) => ({ pid, name: name ?? serviceName ?? type })),
    )
    return {
      processes: byName(processes),
      listeners: metric('JSEventListeners'),
      documents: metric('Documents'),
      nodes: metric('Nodes'),
      heap: metric('JSHeapUsedSize'),
    }
  }
}

function byName(processes: readonly { readonly pid: number; readonly name: string }[]): Record<string, HeldByProcesses> {
  const held: Record<string, HeldByProcesses> = {}
  for (const { pid, name } of processes) {
    const { count, bytes, handles } = held[name] ?? { count: 0, bytes: 0, handles: 0 }
    held[name] = { count: count + 1, bytes: bytes + privateBytes(pid), handles: handles + handlesOf(pid) }
  }
  return held
}

/** What a process alone holds, as Linux counts it. */
function privateBytes(pid: number): number {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1').matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)
  return [...lines].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0)
}

const handlesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length
