/** A hospital brings its own network, in the real app: by file, with its card; run, explained, looked into; a newer version, and back. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { overread } from '../integration/cli/overread'
import { filesOf } from '../integration/models/package-files'
import { buildZip } from '../samples/build-zip'
import { repository } from '../shared-data'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'
import { violations } from './violations'

const archive = temporaryArchive()
const folder = mkdtempSync(join(tmpdir(), 'overread-e2e-models-'))
const id = 'stranger'
let running: RunningApp
let reader: Reader

/** A network that PyTorch exported, as a package in a ZIP. */
async function packageOf(version: string, title: string): Promise<string> {
  const answers = {
    id,
    version,
    title,
    intendedUse: 'Tells cats from dogs on slices of heads.',
    notFor: 'Patients',
    licence: 'CC0',
    modality: 'MR',
    trainingData: 'Nothing.',
    'output.pred/0.labels': 'Cat, Dog',
    'output.pred/0.activation': 'softmax',
  }
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers))
  const network = join(repository, 'tests/samples/networks/torch-classifier.onnx')
  const out = join(folder, version)
  const { code, stderr } = await overread(
    'models',
    'wrap',
    network,
    '--out',
    out,
    '--answers',
    join(folder, 'answers.json'),
    '--sides',
    '48,40',
  )
  expect(code, stderr).toBe(0)
  const path = join(folder, `${version}.zip`)
  writeFileSync(path, buildZip(filesOf(out).map((file) => ({ ...file, name: `${id}/${file.name}`, deflated: true }))))
  return path
}

beforeAll(async () => {
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(folder, { recursive: true, force: true })
})

const byId = (testId: string) => running.page.getByTestId(testId)
const card = () => running.page.locator(`[data-testid="${testIds.modelCard}"][data-model-id="${id}"]`)
const versions = async () => {
  const heads = card().getByTestId(testIds.modelVersion)
  return heads.evaluateAll((all) =>
    all.map((head) => `${head.getAttribute('data-version')}${head.hasAttribute('aria-current') ? ' *' : ''}`),
  )
}

async function openModels(): Promise<void> {
  await running.page.keyboard.press('Control+K')
  await byId(testIds.paletteInput).fill('Models')
  await running.page.keyboard.press('Enter')
  await byId(testIds.models).waitFor()
}

/** The system's dialog is not the app's: its answer is given. */
async function addByFile(path: string): Promise<string> {
  await running.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, path)
  await byId(testIds.modelAddFile).click()
  const last = byId(testIds.modelAdding).last()
  await eventually(
    async () => ((await last.count()) > 0 ? (await last.getAttribute('data-state')) !== 'running' : false),
    true,
    'the end of adding',
  )
  return (await last.textContent()) ?? ''
}

describe.sequential('a network of the hospital', () => {
  test('a file that is no package says why, and nothing is there', async () => {
    await byId(testIds.openExample).first().click()
    await reader.waitForStudies(2)
    await openModels()
    writeFileSync(join(folder, 'no.zip'), 'no package')
    expect(await addByFile(join(folder, 'no.zip'))).toContain('was not added. This is no model package that can be read')
    expect(await card().count()).toBe(0)
  })

  test('it is added by file and has a card, which says that nobody signed it', async () => {
    expect(await addByFile(await packageOf('1.0.0', 'Stranger'))).toContain('Stranger 1.0.0 was added.')
    await eventually(async () => (await versions()).join(), '1.0.0 *', 'versions')
    const words = await card().textContent()
    expect(words).toContain('Tells cats from dogs on slices of heads.')
    expect(words).toContain('unsigned')
    await card().getByText('The whole card').click()
    expect(await card().textContent()).toContain('Nothing, by those who made this package.')
    expect(await violations(running.page)).toEqual([])
  })

  test('it runs, and its result says that nobody signed it', async () => {
    await running.page.keyboard.press('Escape')
    await reader.openStudy('HEAD')
    await reader.analyse(id, 'image')
    expect(await reader.waitForState('findings', 'no-finding', 'failed', 'refused')).toMatch(/finding/)
    expect(await byId(testIds.resultFacts).textContent()).toContain('Stranger 1.0.0')
    expect(await byId(testIds.resultSignature).textContent()).toContain('unsigned')
  })

  test('its score is explained, and its layers can be walked through', async () => {
    await reader.findings.first().click()
    await reader.press('q')
    await eventually(async () => byId(testIds.explanation).getAttribute('data-state'), 'shown', 'state of the explanation')
    expect(await byId(testIds.explanationSignature).textContent()).toContain('unsigned')
    await byId(testIds.explanationClose).click()
    await reader.press('y')
    await byId(testIds.inspector).waitFor()
    await eventually(async () => (await byId(testIds.layer).count()) > 3, true, 'layers')
    await eventually(async () => (await byId(testIds.layerMap).count()) > 0, true, 'maps of a layer')
    await running.page.keyboard.press('Escape')
    await reader.waitForPicture()
  })

  test('a newer version is added beside it, put to use, and the older result is said to be by another one', async () => {
    await reader.backToWorklist()
    await openModels()
    expect(await addByFile(await packageOf('1.1.0', 'Stranger, better'))).toContain('Stranger, better 1.1.0 was added.')
    await eventually(async () => (await versions()).join(), '1.1.0,1.0.0 *', 'versions')
    await card().getByTestId(testIds.modelVersions).scrollIntoViewIfNeeded()
    await running.page.screenshot({ path: join(repository, 'assets/screenshots/models.png') })
    await card().getByTestId(testIds.modelUse).click()
    await eventually(async () => (await versions()).join(), '1.1.0 *,1.0.0', 'versions')
    await running.page.keyboard.press('Escape')
    await reader.openStudy('HEAD')
    await eventually(
      async () => ((await byId(testIds.findingsPanel).textContent()) ?? '').includes('By 1.0.0; 1.1.0 is active.'),
      true,
      'the caution of a stale result',
    )
  })

  test('one goes back to the older version by a button that says so; its result is current again', async () => {
    await reader.backToWorklist()
    await openModels()
    const back = card().getByTestId(testIds.modelUse)
    expect(await back.textContent()).toContain('Go back to 1.0.0')
    await back.click()
    await eventually(async () => (await versions()).join(), '1.1.0,1.0.0 *', 'versions')
    await running.page.keyboard.press('Escape')
    await reader.openStudy('HEAD')
    await eventually(async () => byId(testIds.resultFacts).count(), 1, 'the result')
    expect(await byId(testIds.findingsPanel).textContent()).not.toContain('is active.')
  })

  test('the newer one is removed once that was confirmed', async () => {
    await reader.backToWorklist()
    await openModels()
    await card().getByTestId(testIds.modelRemove).first().click()
    await card().getByTestId(testIds.modelRemoveSure).click()
    await eventually(async () => (await versions()).join(), '1.0.0 *', 'versions')
    expect(running.errors).toEqual([])
  })
})
