/** The right patient in the real app: what comes again under another header, patient or with other pixels is shown as what it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import { drawnChest } from '../samples/drawn-phantoms'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
const original = Buffer.from(drawnChest().bytes)
let running: RunningApp
let reader: Reader

/** The object with one text of its header replaced by another of the same length. */
function withText(bytes: Buffer, from: string, to: string): Buffer {
  expect(to).toHaveLength(from.length)
  const at = bytes.indexOf(from, 0, 'latin1')
  expect(at, from).toBeGreaterThan(0)
  const changed = Buffer.from(bytes)
  changed.write(to, at, 'latin1')
  return changed
}

// (0028,1050) Window Center, DS of four bytes.
const centre = '\x28\x00\x50\x10DS\x04\x00'
const corrected = withText(withText(original, 'PHANTOM^CHEST', 'PHANTOM^THORA'), `${centre}2048`, `${centre}1024`)
const otherPatient = withText(original, 'OVERREAD-PHANTOM-CHEST', 'OVERREAD-PHANTOM-OTHER')
const otherPixels = Buffer.from(original)
otherPixels[otherPixels.length - 1000] ^= 0x08

function write(name: string, bytes: Buffer): string {
  const path = join(files, name)
  writeFileSync(path, bytes)
  return path
}

/** As a second start hands its paths to the first. */
const handOver = (path: string) =>
  running.app.evaluate(({ app }, argv) => void app.emit('second-instance', {}, argv, '/'), ['overread', repository, path])

/** Imports from the worklist; what belongs to one study is opened after that, and left again. The bar then says what became of it. */
async function importNow(path: string, words: RegExp): Promise<void> {
  await handOver(path)
  await eventually(() => byId(testIds.reading).count(), 1, 'the study that was imported')
  await reader.backToWorklist()
  const bar = byId(testIds.importBar)
  await eventually(async () => (await bar.count()) > 0 && words.test((await bar.textContent()) ?? ''), true, `import bar saying ${words}`)
}

const byId = (testId: string) => running.page.getByTestId(testId)
const cautionOf = (text: string) => reader.rows.filter({ hasText: text }).getByTestId(testIds.studyCaution)
const windowText = async () => ((await byId(testIds.cornerWindow).textContent()) ?? '').trim()

async function studyNotes(): Promise<string> {
  await byId(testIds.studyNotes).click()
  const text = ((await byId(testIds.studyNotesPanel).textContent()) ?? '').replace(/\s+/g, ' ')
  await running.page.keyboard.press('Escape')
  return text
}

beforeAll(async () => {
  running = await startApp(archive.folder, [write('first.dcm', original)])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

describe.sequential('the right patient', () => {
  test('a study is read, with nothing odd about it', async () => {
    await reader.waitForPicture()
    expect(await windowText()).toMatch(/2048/)
    await reader.analyse('chest-pneumonia')
    await reader.waitForState('findings', 'no-finding')
    expect(await byId(testIds.beforeCorrection).count()).toBe(0)
    expect(await byId(testIds.studyNotes).count()).toBe(0)
  })

  test('a corrected header takes effect while the study is open: head, picture, notes, and the result says it was before', async () => {
    await running.app.evaluate(
      ({ app }, argv) => void app.emit('second-instance', {}, argv, '/'),
      ['overread', repository, write('corrected.dcm', corrected)],
    )
    await eventually(async () => /THORA/.test((await byId(testIds.studyHead).textContent()) ?? ''), true, 'the corrected name')
    await reader.waitForPicture()
    await eventually(async () => /1024/.test(await windowText()), true, 'the corrected window')
    await eventually(() => byId(testIds.beforeCorrection).count(), 1, 'the word at the result')
    expect(await byId(testIds.beforeCorrection).textContent()).toContain('Before correction of the header.')
    const notes = await studyNotes()
    expect(notes).toContain('The header of 1 object was corrected after it was stored.')
    expect(notes).toContain('Patient Name: “PHANTOM^THORA” instead of “PHANTOM^CHEST”')
  })

  test('in the worklist the result does not count any more, until the series is analysed again', async () => {
    await reader.backToWorklist()
    await reader.waitForStudies(1)
    expect(await reader.rows.first().getAttribute('data-ai-state')).toBe('not-run')
    expect(await cautionOf('THORA').getAttribute('title')).toContain('was corrected')
    await reader.openStudy('THORA')
    await byId(testIds.beforeCorrection).getByRole('button').click()
    await eventually(() => byId(testIds.beforeCorrection).count(), 0, 'nothing said of a result under the header in force')
    await reader.waitForState('findings', 'no-finding')
    await reader.backToWorklist()
    await eventually(
      async () => ['findings', 'no-finding'].includes((await reader.rows.first().getAttribute('data-ai-state')) ?? ''),
      true,
      'a result that counts',
    )
  })

  test('the same identifiers under another patient are a study of their own; both say so, and the results stay with the first', async () => {
    await importNow(write('other-patient.dcm', otherPatient), /1 image stored/)
    await reader.waitForStudies(2)
    for (const id of ['OVERREAD-PHANTOM-CHEST', 'OVERREAD-PHANTOM-OTHER'])
      expect(await cautionOf(id).getAttribute('title')).toContain('another patient identity')
    expect(await reader.rows.filter({ hasText: 'OVERREAD-PHANTOM-OTHER' }).getAttribute('data-ai-state')).toBe('not-run')
    expect(await reader.rows.filter({ hasText: 'OVERREAD-PHANTOM-CHEST' }).getAttribute('data-ai-state')).toMatch(/finding/)
    await reader.openStudy('OVERREAD-PHANTOM-OTHER')
    expect(await byId(testIds.studyHead).textContent()).toContain('OVERREAD-PHANTOM-OTHER')
    expect(await windowText()).toMatch(/2048/)
    await reader.backToWorklist()
  })

  test('other pixels under a known identifier are kept out, said at the import and in the study', async () => {
    await importNow(write('other-pixels.dcm', otherPixels), /1 damaged or kept out/)
    await reader.openStudy('OVERREAD-PHANTOM-CHEST')
    const notes = await studyNotes()
    expect(notes).toContain('1 object with an identifier of this study and other pixels was kept out.')
    expect(notes).toContain('other-pixels.dcm')
    await reader.backToWorklist()
  })

  test('the first file imported again changes nothing: what gave way does not come back', async () => {
    await importNow(write('first-again.dcm', original), /1 already here/)
    await reader.openStudy('OVERREAD-PHANTOM-CHEST')
    expect(await byId(testIds.studyHead).textContent()).toContain('THORA')
    expect(await byId(testIds.beforeCorrection).count()).toBe(0)
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
