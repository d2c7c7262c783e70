/** The real app killed while it works, and started on archives it cannot use: nothing is lost, and what is wrong is said. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { adviceFor, errorCatalogue, type ErrorCode } from '../../contracts/errors'
import { testIds } from '../../contracts/test-ids'
import { openArchive } from '../../main/archive/archive'
import { checkArchive } from '../../main/archive/check'
import { connect } from '../../main/archive/database'
import { drawnPhantoms } from '../samples/drawn-phantoms'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const kills = process.env.OVERREAD_FULL === '1' ? 100 : 1
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
let running: RunningApp | null = null
let reader: Reader

async function start(archive: string, paths: readonly string[] = []): Promise<void> {
  running = await startApp(archive, paths)
  reader = new Reader(running.page)
}

/** Electron main and with it the whole app, as a crash or a pulled plug would end it. */
async function kill(): Promise<void> {
  const { app } = running!
  const gone = new Promise((resolve) => app.process().once('exit', resolve))
  app.process().kill('SIGKILL')
  await gone
  running = null
}

const byId = (testId: string) => running!.page.getByTestId(testId)

afterEach(async () => {
  await running?.close()
  running = null
})
afterAll(() => rmSync(files, { recursive: true, force: true }))

describe.sequential('the app is killed', () => {
  const archive = temporaryArchive()
  afterAll(() => archive.remove())

  test('while importing: the archive is whole, and the import can be run again', { timeout: kills * 60_000 + 120_000 }, async () => {
    drawnPhantoms().forEach(({ bytes }, index) => writeFileSync(join(files, `IM${String(index).padStart(3, '0')}`), bytes))
    for (let round = 1; round <= kills; round++) {
      await start(archive.folder, [files])
      await new Promise((resolve) => setTimeout(resolve, (round * 997) % 400))
      await kill()
      // Killed before the engine had made one, there is no archive yet.
      try {
        expect(checkArchive(archive.folder).problems).toEqual([])
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/archive\.(absent|older)/) as string })
      }
    }
    await start(archive.folder, [files])
    await reader.waitForStudies(2)
    await eventually(() => byId(testIds.importBar).getAttribute('data-state'), 'done', 'the import')
    expect(checkArchive(archive.folder)).toMatchObject({ problems: [], instances: drawnPhantoms().length })
  })

  test('while analysing: the job goes on by itself after the start, and ends', { timeout: kills * 60_000 + 120_000 }, async () => {
    await start(archive.folder)
    await reader.waitForStudies(2)
    for (let round = 1; round <= kills; round++) {
      await reader.openStudy('HEAD')
      // A job that was killed goes on; one that ended, or was killed too often, is asked for anew.
      const state = await reader.waitForState('not-analysed', 'queued', 'running', 'partial', 'failed', 'findings')
      if (state !== 'queued' && state !== 'running') {
        await reader.analyse('brain-flair-abnormality')
        await reader.waitForState('queued', 'running')
      }
      await new Promise((resolve) => setTimeout(resolve, (round * 613) % 1500))
      await kill()
      expect(checkArchive(archive.folder).problems).toEqual([])
      await start(archive.folder)
      await reader.waitForStudies(2)
    }
    await reader.openStudy('HEAD')
    if ((await reader.waitForState('findings', 'failed')) === 'failed') await reader.analyse('brain-flair-abnormality')
    await reader.waitForState('findings')
  })

  test('right after a decision is shown: it stands after the start', { timeout: kills * 60_000 + 120_000 }, async () => {
    for (let round = 1; round <= kills; round++) {
      await start(archive.folder)
      await reader.waitForStudies(2)
      await reader.openStudy('HEAD')
      await reader.waitForState('findings', 'reviewed')
      const verdict = round % 2 === 1 ? 'accepted' : 'rejected'
      await reader.findings.first().click()
      const findingId = await reader.findings.first().getAttribute('data-finding-id')
      const row = running!.page.locator(`[data-finding-id="${findingId}"]`)
      await reader.waitForPicture()
      await reader.press(verdict === 'accepted' ? 'Enter' : 'Delete')
      await eventually(() => row.getAttribute('data-verdict'), verdict, 'the decision')
      await kill()
      expect(checkArchive(archive.folder).problems).toEqual([])
      const kept = openArchive(archive.folder, { readOnly: true })
      const decisions = [1, 2].flatMap((studyKey) => kept.listResults(studyKey).decisions)
      kept.close()
      expect(decisions.at(-1)).toMatchObject({ findingId, verdict })
      expect(decisions).toHaveLength(round)
    }
  })
})

describe('an archive that cannot be used', () => {
  /** The window is there and says why, with what to do. */
  async function says(code: ErrorCode): Promise<void> {
    await eventually(() => byId(testIds.engineStopped).count(), 1, 'the word of the engine')
    const text = (await byId(testIds.engineStopped).textContent()) ?? ''
    expect(text).toContain(errorCatalogue[code].sentence.slice(0, -1))
    expect(text).toContain(adviceFor(code))
  }

  test('one of a newer version', async () => {
    const archive = temporaryArchive()
    openArchive(archive.folder).close()
    const db = connect(join(archive.folder, 'overread.sqlite'))
    db.exec('PRAGMA user_version = 99990')
    db.close()
    await start(archive.folder)
    await says('archive.newer')
    await running!.close()
    running = null
    archive.remove()
  })

  test('one that another program holds', async () => {
    const archive = temporaryArchive()
    const owner = openArchive(archive.folder)
    await start(archive.folder)
    await says('archive.in-use')
    await running!.close()
    running = null
    owner.close()
    archive.remove()
  })

  const parent = mkdtempSync(join(tmpdir(), 'overread-e2e-'))
  const view = join(parent, 'view')
  const mount = (...args: string[]) => process.platform === 'linux' && spawnSync('mount', args, { stdio: 'ignore' }).status === 0
  mkdirSync(join(parent, 'written'))
  mkdirSync(view)
  const readOnly = mount('--bind', join(parent, 'written'), view) && mount('-o', 'remount,bind,ro', view)
  afterAll(() => {
    spawnSync('umount', ['-l', view], { stdio: 'ignore' })
    rmSync(parent, { recursive: true, force: true })
  })

  test.skipIf(!readOnly)('one on a read-only file system', async () => {
    openArchive(join(parent, 'written', 'archive')).close()
    await start(join(view, 'archive'))
    await says('archive.unwritable')
  })
})
