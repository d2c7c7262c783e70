/**
 * A reading session by script: study after study, each decided with at most three keys, interrupted on the way and the app
 * killed in between. Every decision stands on the right finding of the right patient.
 *
 * OVERREAD_SESSION=full reads 40 studies with 20 interruptions and 10 kills; else the same in short.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { checkArchive } from '../../main/archive/check'
import { standingDecision } from '../../main/review/decisions'
import { standingEntries } from '../../contracts/reader-entries'
import { patientOf } from '../samples/head-studies'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { networkResult, prepareArchive, readBeside, type PreparedStudy } from './prepared-archive'
import { eventually, Reader } from './reader'

const full = process.env.OVERREAD_SESSION === 'full'
const count = full ? 40 : 6
/** After every so many studies. */
const [interruptEvery, killEvery] = full ? [2, 4] : [3, 3]
const slices = 4

/** What the reader means to do with each study; by its number, so that a failure can be repeated. */
type Plan = { readonly at: number; readonly verdict: 'accepted' | 'rejected' } | 'agree'
const planOf = (number: number): Plan =>
  number % 5 === 4 ? 'agree' : { at: (number * 7) % slices, verdict: number % 3 === 0 ? 'rejected' : 'accepted' }

const archive = temporaryArchive()
const numbers = Array.from({ length: count }, (_, index) => index)
let studies: PreparedStudy[]
/** The finding that each study's network result holds; none where there is nothing to find. */
const findingOf = new Map<number, string>()
let running: RunningApp
let reader: Reader
/** Keys pressed in the study that is open. */
let keys = 0

beforeAll(async () => {
  studies = await prepareArchive(
    archive.folder,
    numbers.map((number) => ({ number, first: 4 + (number % 12), count: slices })),
    (filled, prepared) => {
      for (const study of prepared) {
        const plan = planOf(study.number)
        const made = networkResult(study, plan === 'agree' ? [] : [plan.at])
        filled.appendResult(study.studyKey, made)
        if (made.findings[0]) findingOf.set(study.number, made.findings[0].findingId)
      }
    },
  )
  await start()
}, 300_000)
afterAll(async () => {
  await running?.close()
  archive.remove()
})

async function start(): Promise<void> {
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
  await reader.page.getByTestId(testIds.worklistRow).first().waitFor()
}

/** As the out-of-memory killer would: main and with it every process of the app. */
async function kill(): Promise<void> {
  const child = running.app.process()
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await gone
  await start()
}

async function press(key: string): Promise<void> {
  keys++
  await reader.press(key)
}

async function open({ number }: PreparedStudy): Promise<void> {
  await reader.openStudy(patientOf(number).id)
  await running.page.getByTestId(testIds.findingsState).waitFor()
}

/** The third key: on to the next study of the list, whose picture is there. */
async function goOn({ studyKey }: PreparedStudy): Promise<void> {
  await press(']')
  await eventually(() => reader.page.getByTestId(testIds.reading).getAttribute('data-study-key'), String(studyKey), 'the next study')
  await reader.waitForPicture()
  await running.page.getByTestId(testIds.findingsState).waitFor()
}

/** The study on the screen is that of this patient, by its head. */
async function expectPatient(number: number): Promise<void> {
  expect(await running.page.getByTestId(testIds.studyHead).textContent()).toContain(patientOf(number).id)
}

/** Closed and opened again, or the window reloaded, with a finding chosen and not yet decided. */
async function interrupt(study: PreparedStudy, byReload: boolean): Promise<void> {
  await reader.press('n')
  if (byReload) {
    await running.page.reload()
    await reader.page.getByTestId(testIds.worklistRow).first().waitFor()
  } else await reader.backToWorklist()
  await open(study)
}

async function read(number: number): Promise<void> {
  const plan = planOf(number)
  await expectPatient(number)
  keys = 0
  // Scrolling is no key of a decision.
  await reader.viewport.hover()
  await running.page.mouse.wheel(0, 100)
  if (plan === 'agree') {
    await eventually(() => running.page.getByTestId(testIds.findingAgree).isEnabled(), true, 'a picture was shown')
    await press('Shift+Enter')
    await reader.waitForState('agreed')
  } else {
    await press('n')
    await eventually(() => reader.findings.first().getAttribute('data-shown'), 'true', 'the slice of the finding')
    await eventually(() => reader.slice(), plan.at + 1, 'the slice of the finding')
    await press(plan.verdict === 'accepted' ? 'Enter' : 'Delete')
    await eventually(() => reader.findings.first().getAttribute('data-verdict'), plan.verdict, 'verdict')
  }
}

/** What the archive holds of a study, beside the app. */
function kept(study: PreparedStudy): string[] {
  return readBeside(archive.folder, (beside) => {
    const { results, decisions, entries } = beside.listResults(study.studyKey)
    const standing = results.flatMap(({ findings }) =>
      findings.flatMap(({ findingId }) => {
        const decision = standingDecision(findingId, decisions)
        return decision ? [`${findingId} ${decision.verdict}`] : []
      }),
    )
    const agreed = standingEntries(entries).map((entry) => `${entry.kind} ${entry.resultId}`)
    expect(decisions.length + entries.length).toBe(standing.length + agreed.length)
    return [...standing, ...agreed]
  })
}

function planned(study: PreparedStudy): string[] {
  const plan = planOf(study.number)
  if (plan !== 'agree') return [`${findingOf.get(study.number)} ${plan.verdict}`]
  const [only] = readBeside(archive.folder, (beside) => beside.listResults(study.studyKey).results)
  return [`nothing-found ${only.resultId}`]
}

test(
  `a session of ${count} studies: each decision on its finding and its patient, with at most three keys a study`,
  async () => {
    let interruptions = 0
    let kills = 0
    const order = await reader.rows.evaluateAll((rows) => rows.map((row) => Number(row.dataset.studyKey)))
    expect(order).toHaveLength(count)
    const inOrder = order.map((key) => studies.find(({ studyKey }) => studyKey === key)!)
    await open(inOrder[0])
    for (const [index, study] of inOrder.entries()) {
      if (index % interruptEvery === 0) await interrupt(study, ++interruptions % 2 === 0)
      await read(study.number)
      const next = inOrder[index + 1]
      if (index % killEvery === killEvery - 1) {
        // Acknowledged is kept: the app is killed as soon as the window shows it.
        await kill()
        kills++
        if (next) await open(next)
      } else if (next) await goOn(next)
      expect(keys).toBeLessThanOrEqual(3)
      expect(kept(study)).toEqual(planned(study))
    }
    expect([interruptions, kills]).toEqual([Math.ceil(count / interruptEvery), Math.floor(count / killEvery)])
    // And nothing was added to a study that was read before.
    for (const study of studies) expect(kept(study)).toEqual(planned(study))
    expect(checkArchive(archive.folder).problems).toEqual([])
  },
  full ? 1_500_000 : 300_000,
)
