/** What a network was not made for is refused or withheld, by the pixels alone: every header here says "frontal chest film". */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { asChestFilm, goldenPicture, mishaps, noise, type Grey } from '../samples/wrong-pictures'
import { hasSharedData, sharedData } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { Reader } from './reader'

const archive = temporaryArchive()
const folder = mkdtempSync(join(tmpdir(), 'overread-films-'))
let running: RunningApp
let reader: Reader

const wrong = [...Object.keys(mishaps), 'a head', 'noise']

/** Heads of other contrasts, as their headers say: enough slices of each. */
const otherContrasts = [
  { study: 'Hanke_Stadler', folder: 't1_head_mr', every: 16, said: /FLAIR series; this one is described as "anat-T1w"/ },
  { study: '123565', folder: 'pd_head_mr', every: 1, said: /FLAIR series; the echo time of 22 ms/ },
]

function copyOtherContrasts(): void {
  for (const contrast of otherContrasts) {
    const source = join(sharedData, 'studies', contrast.folder)
    const names = readdirSync(source).sort()
    for (const name of names.filter((_, at) => at % contrast.every === 0))
      copyFileSync(join(source, name), join(folder, `${contrast.folder}-${name}`))
  }
}

beforeAll(async () => {
  if (hasSharedData) copyOtherContrasts()
  const film = await goldenPicture('chest-pneumonia')
  const films: Record<string, Grey> = {
    upright: film,
    ...Object.fromEntries(Object.entries(mishaps).map(([name, befall]) => [name, befall(film)])),
    'a head': await goldenPicture('brain-flair-abnormality', 1),
    noise: noise(256, 256),
  }
  Object.entries(films).forEach(([name, grey], index) =>
    writeFileSync(join(folder, `film${index}.dcm`), asChestFilm(grey, index + 1, name)),
  )
  running = await startApp(archive.folder, [folder])
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(folder, { recursive: true, force: true })
})

const byId = (testId: string) => running.page.getByTestId(testId)

describe.sequential('films that the header calls frontal chest films', () => {
  test('an upright one is read, and what its pixels showed is said', async () => {
    await reader.waitForStudies(wrong.length + 1 + (hasSharedData ? otherContrasts.length : 0))
    await reader.openStudy('upright')
    await reader.analyse('chest-pneumonia')
    expect(await reader.waitForState('findings', 'no-finding', 'refused', 'failed')).toMatch(/finding/)
    expect((await byId(testIds.screening).allTextContents()).join()).toMatch(/Check of chest radiographs \d.*suitable (0\.[5-9]|1\.0)/)
    await reader.backToWorklist()
  })

  for (const network of ['chest-pneumonia', 'chest-lungs']) {
    test.each(wrong)(`%s: ${network} says that it does not know`, async (name) => {
      await reader.openStudy(name)
      await reader.analyse(network)
      expect(await reader.waitForState('findings', 'no-finding', 'structures', 'refused', 'failed')).toBe('refused')
      expect(await byId(testIds.refusal).getAttribute('data-code')).toMatch(/^gate\.(pixels|distribution)$/)
      const sentence = (await byId(testIds.refusal).textContent()) ?? ''
      expect(sentence).toMatch(
        /^This picture (looks .+ \(\d\.\d\d\), not like a frontal, upright chest picture; by Check of chest|is unlike those the network was trained on \(distance)/,
      )
      expect(await reader.findings.count()).toBe(0)
      await reader.backToWorklist()
    })
  }

  test('run anyway gives the result, with what was against it', async () => {
    await reader.openStudy('upside down')
    await reader.waitForState('refused')
    await byId(testIds.runAnyway).click()
    expect(await reader.waitForState('findings', 'no-finding', 'structures', 'failed')).not.toBe('failed')
    expect(await byId(testIds.resultFacts).textContent()).toMatch(/refused, on record: This picture looks upside down/)
    await reader.backToWorklist()
  })

  describe.skipIf(!hasSharedData)('heads of other contrasts', () => {
    test.each(otherContrasts)('$folder is refused by the FLAIR network', async ({ study, said }) => {
      await reader.openStudy(study)
      await reader.analyse('brain-flair-abnormality')
      expect(await reader.waitForState('findings', 'no-finding', 'refused', 'failed')).toBe('refused')
      expect(await byId(testIds.refusal).textContent()).toMatch(said)
      await reader.backToWorklist()
    })
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
