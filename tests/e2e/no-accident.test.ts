/** Nothing is decided by accident: not by a key held from the screen before, not unseen, not unchosen; undo is a decision too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { patientOf } from '../samples/head-studies'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { networkResult, prepareArchive, readBeside, type PreparedStudy } from './prepared-archive'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
/** With a finding on each of two slices; with one; with none. */
const [two, one, none] = [1, 2, 3]
let studies: PreparedStudy[]
let running: RunningApp
let reader: Reader

beforeAll(async () => {
  const findingsAt: Record<number, number[]> = { [two]: [0, 2], [one]: [1], [none]: [] }
  studies = await prepareArchive(
    archive.folder,
    [two, one, none].map((number) => ({ number, first: 10, count: 4 })),
    (filled, prepared) => {
      for (const study of prepared) filled.appendResult(study.studyKey, networkResult(study, findingsAt[study.number]))
    },
  )
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
  await reader.waitForStudies(3)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
})

const keyOf = (number: number) => studies.find((study) => study.number === number)!.studyKey
const row = (number: number) => reader.rows.filter({ hasText: patientOf(number).id })
const stored = () =>
  readBeside(archive.folder, (open) =>
    studies.flatMap(({ studyKey }) => {
      const { decisions, entries } = open.listResults(studyKey)
      return [...decisions.map(({ verdict }) => verdict as string), ...entries.map(({ kind }) => kind as string)]
    }),
  )
/** What is under way by then has reached the archive: requests are answered in their order. */
const settle = () => running.page.evaluate(() => new Promise((done) => setTimeout(done, 300)))

/** Presses a key and keeps it down; each further call is a repeat, as the system sends it. */
async function hold(key: string, repeats: number): Promise<void> {
  for (let time = 0; time <= repeats; time++) await running.page.keyboard.down(key)
}

async function open(number: number): Promise<void> {
  await row(number).dblclick()
  await reader.waitForPicture()
  await running.page.getByTestId(testIds.findingsState).waitFor()
}

describe.sequential('nothing by accident', () => {
  test('Enter held since the worklist opens the study and decides nothing, also when a finding is chosen meanwhile', async () => {
    await row(two).click()
    await hold('Enter', 5)
    await reader.waitForPicture()
    await eventually(() => reader.findings.count(), 2, 'findings')
    await hold('Enter', 10)
    expect(await reader.findings.evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-current')))).toEqual([null, null])
    // Their scores are equal, their order is none: the one on the slice that is shown, as the place is kept for later.
    const seen = reader.findings.filter({ hasText: 'slice 1' })
    await seen.click()
    await eventually(() => seen.getAttribute('data-shown'), 'true', 'its slice was shown')
    await hold('Enter', 10)
    await settle()
    expect(stored()).toEqual([])
    await running.page.keyboard.up('Enter')
    await running.page.keyboard.press('Escape')
  })

  test.each(['Enter', 'Delete', 'Control+z', 'Shift+Enter'])('%s decides nothing while no finding is chosen', async (key) => {
    await eventually(
      async () => (await reader.findings.evaluateAll((rows) => rows.filter((each) => each.ariaCurrent === 'true').length)) === 0,
      true,
      'nothing chosen',
    )
    await reader.press(key)
    await settle()
    expect(stored()).toEqual([])
  })

  test('a finding whose slice has not been shown is not decided, however fast the keys', async () => {
    await running.page.getByTestId(testIds.backToWorklist).click()
    await open(two)
    await reader.press('Home')
    await eventually(() => reader.slice(), 1, 'the first slice')
    // Both keys in one task: nothing is rendered between them.
    const press = (keys: readonly string[]) =>
      running.page.evaluate((names) => {
        for (const key of names) window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      }, keys)
    // Previous: the last of the list. One of the two findings lies on the slice shown, the other on the third.
    const unseen = reader.findings.filter({ hasText: 'slice 3' })
    const last = (await reader.findings.last().textContent())?.includes('slice 3') ?? false
    expect(await unseen.getAttribute('data-shown')).toBe('false')
    await press([last ? 'p' : 'n', 'Enter'])
    await eventually(() => reader.slice(), 3, 'the slice of the finding')
    expect(await unseen.getAttribute('aria-current')).toBe('true')
    await settle()
    expect(stored()).toEqual([])
  })

  test('pressed anew it accepts, once however long it is held, by key and on the button', async () => {
    const unseen = reader.findings.filter({ hasText: 'slice 3' })
    await eventually(() => unseen.getAttribute('data-shown'), 'true', 'its slice is shown')
    await reader.viewport.focus()
    await hold('Enter', 10)
    await running.page.keyboard.up('Enter')
    await eventually(() => unseen.getAttribute('data-verdict'), 'accepted', 'verdict')
    await unseen.getByTestId(testIds.findingReject).focus()
    await hold('Enter', 10)
    await running.page.keyboard.up('Enter')
    await eventually(() => unseen.getAttribute('data-verdict'), 'rejected', 'verdict')
    await settle()
    expect(stored()).toEqual(['accepted', 'rejected'])
  })

  test('undo appends a decision and removes none, once however long it is held', async () => {
    await reader.viewport.focus()
    await running.page.keyboard.down('Control')
    await hold('z', 10)
    await running.page.keyboard.up('z')
    await running.page.keyboard.up('Control')
    await eventually(async () => stored().join(), 'accepted,rejected,accepted', 'decisions')
    await eventually(() => reader.findings.filter({ hasText: 'slice 3' }).getAttribute('data-verdict'), 'accepted', 'verdict')
    await settle()
    expect(stored()).toHaveLength(3)
  })

  test('what is typed into a comment decides nothing', async () => {
    await running.page.getByTestId(testIds.findingComment).click()
    await running.page.getByTestId(testIds.findingCommentInput).fill('')
    await running.page.keyboard.type('n p w a [ ] Delete')
    await running.page.keyboard.press('Delete')
    await running.page.keyboard.press('Shift+Enter')
    await settle()
    expect(stored()).toHaveLength(3)
    await running.page.keyboard.press('Escape')
  })

  test('held on the way to the next study, Enter decides nothing there, nor does it agree', async () => {
    const ordered = await reader.page.evaluate(() => document.querySelector('[data-study-key]')?.getAttribute('data-study-key'))
    expect(Number(ordered)).toBe(keyOf(two))
    await reader.viewport.focus()
    await running.page.keyboard.down('Shift')
    await hold('Enter', 3)
    for (const number of [one, none]) {
      await running.page.getByTestId(testIds.backToWorklist).click()
      await open(number)
      if (number === one) {
        await reader.findings.first().click()
        await eventually(() => reader.findings.first().getAttribute('data-shown'), 'true', 'its slice was shown')
      } else await eventually(() => running.page.getByTestId(testIds.findingAgree).isEnabled(), true, 'it could be agreed with')
      await hold('Enter', 10)
    }
    await running.page.keyboard.up('Shift')
    await hold('Enter', 10)
    await running.page.keyboard.up('Enter')
    await settle()
    expect(stored()).toHaveLength(3)
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
