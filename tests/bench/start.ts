/**
 * Start and search at hospital size: 10,000 studies and 1,000,000 instances in the archive, beside an archive of ten studies.
 * From the start of the process to the first painted window, to the filled list, and from a key in the search to its rows.
 * The times are those of this machine; the ratio says what the archive's size costs.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { appSwitches } from '../e2e/app'
import { repository } from '../shared-data'
import { useDisplay } from './support/display'
import { fillArchive } from './support/hospital-archive'
import { median, percentile, rounds } from './support/measure'

const folder = mkdtempSync(join(tmpdir(), 'overread-bench-'))
const names = ['muller', 'garcia', 'nowak', 'angstrom', 'yamada', 'neill', 'silva', 'kim', 'dupont', 'jane', 'zoe', 'anna', 'omar']

useDisplay()
afterAll(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

interface Started {
  /** ms from the start of the process. */
  readonly windowMs: number
  readonly listMs: number
  /** ms from a key to the changed rows. */
  readonly searchMs: readonly number[]
}

async function until<T>(ask: () => T | null | Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((done) => setTimeout(done, 10))
  }
}

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}

async function hasPage(port: number): Promise<true | null> {
  try {
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { url: string }[]
    return pages.some(({ url }) => url.startsWith('overread:')) || null
  } catch {
    return null
  }
}

async function start(archive: string, search: boolean): Promise<Started> {
  const runtime = join(process.env.ELECTRON_OVERRIDE_DIST_PATH!, 'electron')
  const port = await freePort()
  const begun = Date.now()
  const app = spawn(runtime, [`--remote-debugging-port=${port}`, ...appSwitches, repository, '--archive', archive], { stdio: 'ignore' })
  try {
    // Who asks before there is a page gets no answer.
    await until(() => hasPage(port))
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const [page] = browser.contexts()[0].pages()
    const row = page.getByTestId(testIds.worklistRow).first()
    await row.waitFor()
    const listed = Date.now()
    const painted = await page.evaluate(async () => {
      const paint = () => performance.getEntriesByName('first-contentful-paint').at(0)
      while (!paint()) await new Promise((done) => setTimeout(done, 5))
      return performance.timeOrigin + paint()!.startTime
    })
    const searchMs = search ? await searchTimes(page) : []
    await browser.close()
    return { windowMs: painted - begun, listMs: listed - begun, searchMs }
  } finally {
    await end(app)
  }
}

function end(app: ChildProcess): Promise<void> {
  return new Promise((done) => {
    app.once('exit', () => done())
    app.kill('SIGTERM')
  })
}

/** Each prefix of each name, the names in turn, so that each asks for other rows than the one before. */
const searchTimes = (page: Page) =>
  page.evaluate(
    async ({ names, searchId, tableId }) => {
      const input = document.querySelector<HTMLInputElement>(`[data-testid="${searchId}"]`)!
      const table = document.querySelector(`[data-testid="${tableId}"]`)!
      const times: number[] = []
      for (let length = 1; length <= 6; length++) {
        for (const name of names) {
          await new Promise((done) => setTimeout(done, 30))
          const changed = new Promise<void>((done) => {
            const watcher = new MutationObserver(() => (watcher.disconnect(), done()))
            watcher.observe(table, { childList: true, subtree: true, characterData: true })
          })
          input.value = name.slice(0, length)
          const begun = performance.now()
          input.dispatchEvent(new InputEvent('input', { bubbles: true }))
          await changed
          times.push(performance.now() - begun)
        }
      }
      return times
    },
    { names, searchId: testIds.worklistSearch, tableId: testIds.worklistTable },
  )

test('start, list and search with 10,000 studies and 1,000,000 instances', async () => {
  const archives = { small: join(folder, 'small'), large: join(folder, 'large') }
  fillArchive(archives.small, 10)
  fillArchive(archives.large, 10_000)
  const started: Record<keyof typeof archives, Started[]> = { small: [], large: [] }
  // They take turns; the first turn warms the system's cache and is not counted.
  for (let turn = -1; turn < rounds; turn++) {
    for (const size of ['small', 'large'] as const) {
      const one = await start(archives[size], size === 'large' && turn >= 0)
      if (turn >= 0) started[size].push(one)
    }
  }
  const rows = (['windowMs', 'listMs'] as const).map((what) => {
    const [small, large] = (['small', 'large'] as const).map((size) => median(started[size].map((one) => one[what])))
    const worst = Math.max(...started.large.map((one) => one[what]))
    return {
      what,
      'ten studies': small.toFixed(0),
      '10,000 studies': large.toFixed(0),
      worst: worst.toFixed(0),
      ratio: (large / small).toFixed(2),
    }
  })
  console.table(rows)
  const search = started.large.flatMap(({ searchMs }) => searchMs)
  // The first keys come while decoders are still loaded and the window's scripts compiled: faster than a hand could type.
  const settled = started.large.flatMap(({ searchMs }) => searchMs.slice(names.length))
  for (const [what, times] of Object.entries({
    'from the first frame of the list': search,
    [`from the ${names.length + 1}th key`]: settled,
  }))
    console.log(
      `search, ${what}: ${times.length} keys, p50 ${percentile(times, 0.5).toFixed(1)}, p95 ${percentile(times, 0.95).toFixed(1)} ms`,
    )
  expect(search.length).toBe(rounds * names.length * 6)
})
