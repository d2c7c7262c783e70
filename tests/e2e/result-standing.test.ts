/** A partial, stale, overridden or untrusted result, or one that pictures came after, is said where it is shown and counts as no current one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { headStudy, patientOf } from '../samples/head-studies'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { installedModel, networkResult, prepareArchive } from './prepared-archive'
import { eventually, Reader } from './reader'

const archive = temporaryArchive()
const more = mkdtempSync(join(tmpdir(), 'overread-more-'))
const active = installedModel('brain-flair-abnormality')
let running: RunningApp
let reader: Reader

/** By number of the patient. */
const [whole, partial, stale, overridden, grown, reweighted, untrusted, many] = [1, 2, 3, 4, 5, 6, 7, 8]
const message = 'This network reads another kind of picture (modality).'

beforeAll(async () => {
  const numbers = [whole, partial, stale, overridden, grown, reweighted, untrusted, many]
  await prepareArchive(
    archive.folder,
    numbers.map((number) => ({ number, first: 10, count: 3 })),
    (filled, studies) => {
      const made = {
        [whole]: {},
        [partial]: { read: 2, incomplete: { code: 'compute.cancelled', message: 'Cancelled.' } as const },
        [stale]: { model: { ...active, version: '0.9.0' } },
        [overridden]: {
          overridden: true,
          gate: { verdict: 'contradicts' as const, contradictions: [{ code: 'gate.modality' as const, message }], unchecked: [] },
        },
        [grown]: {},
        [reweighted]: { model: { ...active, sha256: 'c'.repeat(64) } },
        [many]: {},
        [untrusted]: {
          unlabelled: { by: 'Brain tissue, light', share: 0.288 },
          signature: { state: 'unsigned' as const, signer: null, publicKey: null },
        },
      }
      for (const study of studies) {
        const findingsAt = study.number === many ? [0, 1, 2, 0, 1, 2, 0] : [1]
        filled.appendResult(study.studyKey, networkResult(study, findingsAt, made[study.number]))
      }
    },
  )
  // A fourth slice of the grown study arrives as the app starts.
  writeFileSync(join(more, 'late.dcm'), headStudy(grown, 13, 1)[0])
  running = await startApp(archive.folder, [join(more, 'late.dcm')])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(more, { recursive: true, force: true })
})

const row = (number: number) => reader.rows.filter({ hasText: patientOf(number).id })
const caveats = () =>
  running.page
    .getByTestId(testIds.resultCaveat)
    .evaluateAll((notes) => notes.map((note) => [note.dataset.kind, note.textContent?.trim().replaceAll(/\s+/g, ' ')] as const))

describe.sequential('results that are no current ones', () => {
  test('the worklist says so of each, and counts a finding of the whole one alone', async () => {
    // The arrived slice opens its study; the list is what is asked for here.
    await reader.waitForPicture()
    await reader.backToWorklist()
    await reader.waitForStudies(8)
    const expected = {
      [whole]: '1 finding',
      [partial]: 'analysed 2 of 3',
      [stale]: `by 0.9.0; ${active.version} is active`,
      [overridden]: 'run anyway: 1 finding',
      [grown]: 'analysed 3 of 4',
      [reweighted]: `by other weights of ${active.version}`,
      [untrusted]: 'untrusted network: 1 finding',
      [many]: '7 findings',
    }
    for (const [number, words] of Object.entries(expected))
      await eventually(async () => (await row(Number(number)).textContent())?.includes(words) ?? false, true, words)
    await running.page.getByLabel('AI state').selectOption({ label: 'With findings' })
    await reader.waitForStudies(2)
    await running.page.getByLabel('AI state').selectOption({ label: 'Failed, partial, of another version or an untrusted network' })
    await reader.waitForStudies(5)
    await running.page.getByLabel('AI state').selectOption({ label: 'Not suitable or run anyway' })
    await reader.waitForStudies(1)
    await running.page.getByLabel('AI state').selectOption({ label: 'Any AI state' })
    await reader.waitForStudies(8)
  })

  test.each([
    [whole, []],
    [partial, [['partial', 'Analysed 2 of 3 images. What was done is kept. Analyse the series']]],
    [stale, [['stale', `By 0.9.0; ${active.version} is active. Analyse again`]]],
    [overridden, [['overridden', 'Run although the network refused, on record.']]],
    [grown, [['partial', 'Analysed 3 of 4 images. What was done is kept. Analyse the series']]],
    [reweighted, [['stale', `By other weights of ${active.version} than those active. Analyse again`]]],
    [
      untrusted,
      [
        ['unlabelled', '29 % of what “Brain tissue, light” outlines got no label here: structures are missed, or too small.'],
        ['untrusted', 'No trusted key stands for this network’s package.'],
      ],
    ],
  ])('the panel says so where the result of patient %i is shown', async (number, expected) => {
    await row(number).dblclick()
    await reader.waitForPicture()
    await eventually(() => reader.findings.count(), 1, 'findings')
    await eventually(async () => JSON.stringify(await caveats()), JSON.stringify(expected), 'what is said of the result')
    if (number === overridden) expect(await running.page.getByTestId(testIds.resultFacts).textContent()).toContain(message)
    await reader.backToWorklist()
  })

  test('the preview says so too', async () => {
    await row(partial).click()
    const preview = running.page.getByTestId(testIds.worklistPreview)
    await eventually(async () => (await preview.textContent())?.includes('Analysed 2 of 3 images') ?? false, true, 'the preview')
    await row(overridden).click()
    await eventually(async () => (await preview.textContent())?.includes('Run although the network refused') ?? false, true, 'the preview')
    await row(untrusted).click()
    await eventually(async () => (await preview.textContent())?.includes('No trusted key stands') ?? false, true, 'the preview')
  })

  test('of more findings than the preview lists it says how many more there are', async () => {
    await row(many).click()
    const preview = running.page.getByTestId(testIds.worklistPreview)
    await eventually(async () => (await preview.textContent())?.includes('and 2 more') ?? false, true, 'the preview')
    await row(whole).click()
    await eventually(async () => (await preview.textContent())?.includes(patientOf(whole).id) ?? false, true, 'the preview')
    expect(await preview.textContent()).not.toContain('more')
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
