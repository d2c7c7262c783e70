/**
 * A study with a name, an id, a description and pixels that occur nowhere else is imported, read, analysed, commented, exported
 * and lived through crashes. Whatever the app could write to lies in a folder of this test; outside the archive and the folder
 * of exports none of it is found.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { replaceText } from '../samples/replace-element'
import { repository } from '../shared-data'
import { drawnChest } from '../samples/drawn-phantoms'
import { startApp, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const parent = mkdtempSync(join(tmpdir(), 'overread-canary-'))
const place = (name: string) => join(parent, name)
const surroundings = {
  HOME: place('home'),
  TMPDIR: place('tmp'),
  XDG_CONFIG_HOME: place('config'),
  XDG_CACHE_HOME: place('cache'),
  XDG_DATA_HOME: place('data'),
  XDG_STATE_HOME: place('state'),
  XDG_RUNTIME_DIR: place('runtime'),
}
const workingFolder = place('work')
const archive = place('archive')
/** As a reader has it: what is silent under tests is not to pass for what is silent. */
const { CI: _ci, ORT_DISABLE_TELEMETRY: _off, ORT_RUNNING_UNIT_TESTS: _tests, ...usual } = process.env
const env = { ...usual, ...surroundings }

const mark = () => randomBytes(8).toString('hex')
const words = { name: mark(), id: mark(), description: mark(), series: mark(), comment: mark() }
/** 32 pixels of 12 bits. */
const pattern = Buffer.from(Uint16Array.from(randomBytes(64), (byte, index) => (byte * 17 + index) & 0xfff).buffer).subarray(0, 64)

/** What is looked for, in each way it could be written: the words are plain letters, the same in UTF-8 and in Latin-1. */
const sought: readonly { what: string; bytes: Buffer }[] = [
  ...Object.entries(words).flatMap(([what, word]) =>
    (['latin1', 'utf16le'] as const).map((encoding) => ({ what: `${what} in ${encoding}`, bytes: Buffer.from(word, encoding) })),
  ),
  ...Object.entries(words).map(([what, word]) => ({ what: `${what} in UTF-16BE`, bytes: Buffer.from(word, 'utf16le').swap16() })),
  { what: 'pixels', bytes: pattern },
]

function foundIn(bytes: Buffer): string[] {
  return sought.filter((one) => bytes.includes(one.bytes)).map(({ what }) => what)
}

/** Every file under a folder that holds any of it, with what. */
function searchFolder(folder: string, leftOut: readonly string[] = []): string[] {
  if (!existsSync(folder) || leftOut.includes(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const inName = foundIn(Buffer.from(entry.name)).map((what) => `${relative(parent, path)}: ${what} in its name`)
    if (entry.isDirectory()) return [...inName, ...searchFolder(path, leftOut)]
    if (!entry.isFile()) return inName
    return [...inName, ...foundIn(readFileSync(path)).map((what) => `${relative(parent, path)}: ${what}`)]
  })
}

/** The app is started as by someone who lets every program dump as much as it likes. */
const setOwnLimit = (limit: string) => spawnSync('prlimit', ['--pid', String(process.pid), `--core=${limit}`]).status === 0
const canLimit = process.platform === 'linux' && setOwnLimit('unlimited')

let running: RunningApp
let reader: Reader
const byId = (testId: string) => running.page.getByTestId(testId)

beforeAll(async () => {
  for (const folder of [...Object.values(surroundings), workingFolder, place('source'), place('export')]) mkdirSync(folder, { mode: 0o700 })
  let bytes: Uint8Array = drawnChest().bytes
  bytes = replaceText(bytes, 0x00100010, 'PN', `Müller${words.name}^Jürgen`)
  bytes = replaceText(bytes, 0x00100020, 'LO', words.id)
  bytes = replaceText(bytes, 0x00081030, 'LO', words.description)
  bytes = replaceText(bytes, 0x0008103e, 'LO', words.series)
  // The last rows: the networks look at the middle.
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).set(pattern, bytes.length - 64)
  writeFileSync(place('source/IM0'), bytes)
  running = await startApp(archive, [place('source')], { env, workingFolder })
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  if (canLimit) setOwnLimit('0:')
  rmSync(parent, { recursive: true, force: true, maxRetries: 5 })
})

function descendants(processId: number): number[] {
  const children = readdirSync(`/proc/${processId}/task`).flatMap((thread) =>
    readFileSync(`/proc/${processId}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [...children, ...children.flatMap(descendants)]
}

const pidOf = (name: string) =>
  running.app.evaluate(
    ({ app }, wanted) => app.getAppMetrics().find((metric) => metric.name === wanted || metric.type === wanted)?.pid ?? -1,
    name,
  )

/** Ends a process as a fault of its own would. */
const crash = (pid: number) => process.kill(pid, 'SIGSEGV')

describe.sequential('a canary', () => {
  test('is imported, read, analysed and commented', async () => {
    // One study alone is opened by itself.
    await reader.waitForPicture()
    await reader.backToWorklist()
    await reader.waitForStudies(1)
    await reader.openStudy(words.id)
    await reader.analyse('chest-pneumonia')
    expect(['findings', 'no-finding']).toContain(await reader.waitForState('findings', 'no-finding', 'failed', 'refused'))
    await reader.findings.first().click()
    await byId(testIds.findingComment).click()
    await byId(testIds.findingCommentInput).fill(`seen before ${words.comment}`)
    await byId(testIds.findingCommentInput).press('Enter')
    await eventually(async () => (await reader.findings.first().textContent())?.includes(words.comment) ?? false, true, 'the comment')
    await reader.press('v')
    await reader.viewport.hover()
  })

  test('stands on the screen, and in no title, clipboard or storage of the window', async () => {
    expect(await byId(testIds.studyHead).textContent()).toContain(words.name)
    const outside = await running.app.evaluate(async ({ BrowserWindow, clipboard, session }) => {
      const [window] = BrowserWindow.getAllWindows()
      const text = clipboard as unknown as { readText(kind?: 'selection'): string | Promise<string> }
      return {
        titles: [window.getTitle(), window.webContents.getTitle()],
        clipboard: [await text.readText(), ...(process.platform === 'linux' ? [await text.readText('selection')] : [])],
        cookies: (await session.fromPartition('overread').cookies.get({})).length,
        lasting: window.webContents.session.isPersistent(),
      }
    })
    expect(outside.titles).toEqual(['Overread', 'Overread'])
    expect(foundIn(Buffer.from(outside.clipboard.join('\n')))).toEqual([])
    expect(outside.cookies).toBe(0)
    expect(outside.lasting).toBe(false)
    const stored = await running.page.evaluate(async () => ({
      address: location.href,
      local: JSON.stringify(Object.entries(localStorage)),
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: 'caches' in globalThis ? await caches.keys().then((keys) => keys.length, () => 0) : 0,
    })) // prettier-ignore
    // The viewer's parts keep what the machine can do there, in memory.
    expect(foundIn(Buffer.from(stored.local))).toEqual([])
    expect(stored).toMatchObject({ address: 'overread://app/', session: 0, databases: 0, caches: 0 })
  })

  test.runIf(process.platform === 'linux')('no process of the app would leave a dump, and none its memory', () => {
    const main = running.app.process().pid!
    const settings = [main, ...descendants(main)].map((pid) => ({
      filter: parseInt(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8'), 16),
      limit: /^Max core file size +(\S+ +\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1].split(/ +/),
    }))
    expect(settings.length).toBeGreaterThan(4)
    expect(settings.filter(({ filter }) => filter !== 0)).toEqual([])
    if (canLimit) expect(settings.filter(({ limit }) => limit.join() !== '1,1')).toEqual([])
  })

  test('is lived through crashes of the compute process, the engine and the window', async () => {
    crash(await pidOf('Overread compute'))
    const engine = await pidOf('Overread engine')
    crash(engine)
    await eventually(async () => ![-1, engine].includes(await pidOf('Overread engine')), true, 'a new engine host')
    await eventually(async () => (await reader.findings.first().textContent())?.includes(words.comment) ?? false, true, 'the comment kept')
    const gone = running.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<string>((done) => BrowserWindow.getAllWindows()[0].webContents.once('render-process-gone', (_event, { reason }) => done(reason))),
    ) // prettier-ignore
    crash(await pidOf('Tab'))
    expect(await gone).toMatch(/crash|killed|abnormal/)
  })

  test('is exported by the command line, to the folder that was chosen', async () => {
    await running.close()
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [join(repository, 'out/node/cli.js'), ...args], { cwd: workingFolder, env, encoding: 'utf8' })
    const frame = run('frame', place('source/IM0'), '--stage', 'stored', '--out', place('export/frame.raw'))
    expect(frame.status, frame.stderr).toBe(0)
    const analysis = run('analyze', place('source'), '--model', 'chest-lungs', '--out', place('export/analysis'))
    expect(analysis.status, analysis.stderr).toBe(0)
    expect(run('archive', 'check', '--archive', archive).status).toBe(0)
    expect(run('import', join(place('source'), words.name), '--archive', archive).status).toBe(1)
    expect(foundIn(readFileSync(place('export/frame.raw')))).toContain('pixels')
  })

  test('is found in the archive, by the very search that finds it nowhere else', () => {
    const found = searchFolder(archive, [join(archive, '.shell')]).map((line) => line.replace(/^.*: /, ''))
    for (const what of ['name', 'id', 'description', 'series', 'comment'])
      expect(found.some((line) => line.startsWith(what)), what).toBe(true) // prettier-ignore
    expect(found).toContain('pixels')
    if (canLimit) expect(readdirSync(workingFolder)).toEqual([])
    // A log has none of it.
    expect(searchFolder(join(archive, 'logs'))).toEqual([])
    expect(readdirSync(archive).filter((name) => name.endsWith('.log')).flatMap((name) => foundIn(readFileSync(join(archive, name))))).toEqual([]) // prettier-ignore
    expect(searchFolder(parent, [archive, place('source'), place('export')])).toEqual([])
    expect(searchFolder(join(archive, '.shell'))).toEqual([])
    expect(searchFolder(join(archive, 'tmp'))).toEqual([])
  })

  test('no runtime kept an identifier or a record of its use', () => {
    const kept = Object.values(surroundings).flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    console.log(`left in the folders of the user: ${kept.join(', ')}`)
    expect(kept.filter((name) => /onnx|microsoft|telemetry|tensorflow|crash/i.test(name))).toEqual([])
  })

  test('nothing of Chromium or of ours was left in the folder of temporary files that all share', () => {
    const since = statSync(parent).birthtimeMs
    const shared = ['/dev/shm', tmpdir()].filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))) // prettier-ignore
    const ours = shared.filter((path) => /chromium|crash|electron/i.test(path) && existsSync(path) && statSync(path).birthtimeMs > since)
    expect(ours.flatMap((path) => (statSync(path).isDirectory() ? searchFolder(path) : foundIn(readFileSync(path))))).toEqual([])
  })
})
