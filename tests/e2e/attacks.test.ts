/**
 * What a script that got into the window could try: each attack is made from the window's own console, and none reaches
 * Node, a file, another page or the network. A server of this test on the same machine counts what knocks.
 */
import { createSocket, type Socket } from 'node:dgram'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShellApi } from '../../contracts/shell'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import { drawnChest, drawnHead } from '../samples/drawn-phantoms'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { addresses, attackGroups, type Targets } from './attack-list'
import { eventually, Reader } from './reader'

declare const overread: ShellApi<File>

const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-attacks-'))
let running: RunningApp
let reader: Reader
let knocks = 0
let server: Server
let socket: Socket
let targets: Targets

beforeAll(async () => {
  server = createServer((connection) => {
    knocks++
    connection.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  socket = createSocket('udp4')
  socket.on('message', () => knocks++)
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  mkdirSync(join(files, 'study'))
  writeFileSync(join(files, 'secret.txt'), 'secret')
  mkdirSync(join(files, 'other'))
  writeFileSync(join(files, 'study', 'IM0'), drawnHead()[0].bytes)
  writeFileSync(join(files, 'other', 'IM0'), drawnChest().bytes)
  targets = {
    http: `http://127.0.0.1:${port}/`,
    webSocket: `ws://127.0.0.1:${port}/`,
    stun: `stun:127.0.0.1:${socket.address().port}`,
    file: `file://${join(files, 'secret.txt')}`,
  }
  running = await startApp(archive.folder)
  reader = new Reader(running.page)
})
afterAll(async () => {
  await running?.close()
  server?.close()
  socket?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

/**
 * Makes an attack in the page, outside the reach of the debugger, which would lift the ban on `eval`. The answer is `refused`
 * or what came of it; an attack that throws or rejects was refused.
 */
async function attack(attempt: (given: Targets) => unknown): Promise<unknown> {
  return running.page.evaluate(
    ([source, given]) =>
      new Promise<unknown>((answer) => {
        // Made here, where the debugger lets it: what it does later stands under the page's own policy.
        // eslint-disable-next-line no-eval
        const attempt = (0, eval)(`(${source})`) as (given: unknown) => unknown
        const refused = () => answer('refused')
        setTimeout(() => {
          setTimeout(() => answer('refused'), 4000)
          try {
            Promise.resolve(attempt(given)).then((value) => answer(value || 'refused'), refused)
          } catch {
            refused()
          }
        }, 0)
      }),
    [attempt.toString(), targets] as const,
  )
}

async function engine(): Promise<number | undefined> {
  const pids = await running.app.evaluate(({ app }) =>
    app.getAppMetrics().filter(({ name }) => name === 'Overread engine').map(({ pid }) => pid),
  ) // prettier-ignore
  return pids[0]
}

describe.sequential('attacks from the console of the window', () => {
  test('its own files are served, under a policy that lets no text become code', async () => {
    const served = await running.page.evaluate(async () => {
      const response = await fetch('overread://app/index.html')
      return { status: response.status, policy: response.headers.get('content-security-policy') ?? '' }
    })
    expect(served.status).toBe(200)
    expect(served.policy).toContain(`default-src 'none'`)
    expect(served.policy).not.toContain(`'unsafe-eval'`)
    expect(served.policy).not.toMatch(/script-src[^;]*'unsafe-inline'/)
  })

  test('the window is sandboxed and isolated, without Node and without webviews', async () => {
    const preferences = await running.app.evaluate(({ BrowserWindow }) => {
      const [{ webContents }] = BrowserWindow.getAllWindows()
      return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()
    })
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
    for (const name of ['nodeIntegrationInWorker', 'nodeIntegrationInSubFrames', 'webviewTag', 'allowRunningInsecureContent'])
      expect(preferences[name] ?? false, name).toBe(false)
    expect(preferences.webSecurity ?? true).toBe(true)
  })

  test('preload offers what the contract names and no more', async () => {
    const names = await running.page.evaluate(() => Object.getOwnPropertyNames(overread).sort())
    expect(names).toEqual([
      'chooseFiles',
      'chooseFolder',
      'chooseModelFile',
      'chooseModelFolder',
      'connect',
      'importDropped',
      'onCommand',
      'onEngineStopped',
    ])
  })

  for (const [group, attacks] of Object.entries(attackGroups))
    test.each(attacks)(`${group}: $what`, async ({ attempt }) => {
      const before = running.page.url()
      expect(await attack(attempt)).toBe('refused')
      expect(running.page.url()).toBe(before)
      expect(running.app.windows().length).toBe(1)
    })

  test.each(addresses)('%s is not served', async (address) => {
    const answer = await running.page.evaluate(async (url) => {
      try {
        const response = await fetch(url)
        return response.ok ? (await response.text()).slice(0, 60) : 'refused'
      } catch {
        return 'refused'
      }
    }, address)
    expect(answer).toBe('refused')
  })

  test('a page that went to nothing comes back, and to its engine', async () => {
    await running.page.evaluate(() => void setTimeout(() => location.assign('about:blank'), 0))
    await running.page.waitForEvent('framenavigated', { predicate: (frame) => frame.url() === 'about:blank' })
    await eventually(() => Promise.resolve(running.page.url()), 'overread://app/', 'the address of the page')
    await running.page.getByTestId(testIds.worklistEmpty).waitFor()
  })

  test('garbage on a port of its own: refused with a code or dropped, and the engine lives on', async () => {
    const enginePid = await engine()
    const replies = await running.page.evaluate(async () => {
      const port = await new Promise<MessagePort>((done) => {
        // The page hands its port to a worker before any later script hears of it: that is where it is taken.
        const send = Worker.prototype.postMessage
        Worker.prototype.postMessage = (message: { port?: MessagePort }) => {
          Worker.prototype.postMessage = send
          done(message.port!)
        }
        overread.connect()
      })
      const replies: Record<string, string> = {}
      port.onmessage = ({ data }: MessageEvent<{ message: { type: string; requestId: number; error?: { code: string } } }>) => {
        const { type, requestId, error } = data.message
        if (type !== 'event') replies[requestId] = error?.code ?? type
      }
      port.start()
      const send = (message: unknown) => port.postMessage({ message, bytes: [] })
      const polluting: unknown = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}')
      const list = { search: '', sort: 'patientName', descending: false, modality: null, dateFrom: null, dateTo: null, state: null, offset: 0, limit: 1 } // prettier-ignore
      const circle: Record<string, unknown> = {}
      circle.self = circle
      for (const raw of [0, '', 'x', true, [], {}, [null], undefined, new Uint8Array(8), { message: 1 }, { bytes: 'x' }, circle])
        port.postMessage(raw)
      for (const message of [null, 0, 'x', [], {}, circle, polluting, new Map(), { requestId: -1, kind: 'studies.list', input: list }])
        send(message)
      for (const kind of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'x', 7, null])
        send({ requestId: 1, kind, input: {} })
      send({ requestId: 10, kind: 'studies.list', input: polluting })
      send({ requestId: 11, kind: 'studies.list', input: { ...list, polluted: 1 } })
      send({ requestId: 12, kind: 'studies.list', input: { ...list, search: 'x'.repeat(1 << 20) } })
      send({ requestId: 13, kind: 'studies.list', input: { ...list, sort: 'patientName; DROP TABLE studies' } })
      send({ requestId: 14, kind: 'studies.list', input: { ...list, limit: 1e9 } })
      send({ requestId: 15, kind: 'study.open', input: { studyKey: '1 OR 1=1' } })
      send({ requestId: 16, kind: 'study.open', input: { studyKey: Number.NaN } })
      send({ requestId: 17, kind: 'frame.get', input: { studyKey: 1, sopInstanceUid: '../../../../etc/passwd', frameIndex: 0 } })
      send({ requestId: 18, kind: 'operating-points.list', input: { modelId: '../'.repeat(10) } })
      send({ requestId: 19, kind: 'studies.list', input: circle })
      send({ requestId: 99, kind: 'studies.list', input: { ...list, search: `' OR "*^ NEAR( --` } })
      const awaited = [...Array.from({ length: 10 }, (_, index) => 10 + index), 99]
      for (const end = performance.now() + 20_000; performance.now() < end && awaited.some((id) => replies[id] === undefined);)
        await new Promise((done) => setTimeout(done, 20))
      return replies
    })
    const { 17: frame, 18: points, ...others } = replies
    expect(others).toEqual({
      ...Object.fromEntries([10, 11, 12, 13, 14, 15, 16, 19].map((id) => [id, 'request.invalid'])),
      99: 'reply',
    })
    expect(['request.invalid', 'archive.missing', 'request.unknown']).toContain(frame)
    expect(['request.invalid', 'reply']).toContain(points)
    expect(await engine()).toBe(enginePid)
  })

  test('messages and events that look like those of preload do not disturb the page', async () => {
    await running.page.evaluate(() => {
      for (const data of [null, 1, 'overread:port', {}, { type: 'overread:port' }, { type: '__proto__' }]) window.postMessage(data, '*')
      const { port1, port2 } = new MessageChannel()
      window.postMessage({ type: 'overread:ports' }, '*', [port1])
      for (const data of ['x', { message: { type: 'event', payload: { event: 'study.wanted', studyKey: '<img>' } }, bytes: [] }])
        port2.postMessage(data)
      for (const wrong of [null, 1, 'x', {}, [1], ['/etc/passwd'], [{ path: '/etc/passwd' }]])
        try {
          overread.importDropped(wrong as unknown as File[])
        } catch {
          // Refused in preload.
        }
    })
    await running.page.getByTestId(testIds.openExample).first().waitFor()
    expect(await reader.rows.count()).toBe(0)
  })

  test('main takes nothing from another page, nothing malformed from its own, and what is right', async () => {
    const study = join(files, 'study')
    const outcomes = await running.app.evaluate(
      async ({ app, BrowserWindow, dialog, ipcMain, session }, { study, preload }) => {
        let asked = 0
        const before = dialog.showOpenDialog
        dialog.showOpenDialog = () => {
          asked++
          return Promise.resolve({ canceled: false, filePaths: [study] })
        }
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, session: session.fromPartition('foreign') } }) // prettier-ignore
        app.removeAllListeners('web-contents-created')
        foreign.webContents.removeAllListeners('did-navigate')
        await foreign.loadURL('data:text/html,<title>foreign</title>')
        const chosen = (await foreign.webContents.executeJavaScript('overread.chooseFiles()')) as unknown
        const port = (await foreign.webContents.executeJavaScript(
          `new Promise((done) => { addEventListener('message', () => done('port')); overread.connect(); setTimeout(() => done('none'), 1000) })`,
        )) as unknown
        foreign.destroy()
        const [own] = BrowserWindow.getAllWindows()
        const event = { sender: own.webContents, senderFrame: own.webContents.mainFrame }
        const elsewhere = { sender: own.webContents, senderFrame: { parent: null, url: 'https://example.org/' } }
        const below = { sender: own.webContents, senderFrame: { parent: own.webContents.mainFrame, url: 'overread://app/' } }
        const like = { sender: own.webContents, senderFrame: { parent: null, url: 'overread://app.example.org/' } }
        for (const wrong of [null, 0, 'x', {}, [], [0], [''], [study, 0], ['x'.repeat(5000)], { length: 1, 0: study }])
          ipcMain.emit('shell:import-dropped', event, wrong)
        for (const wrong of [elsewhere, below, like]) ipcMain.emit('shell:import-dropped', wrong, [study])
        dialog.showOpenDialog = before
        return { chosen, port, asked }
      },
      { study, preload: join(repository, 'out/preload.cjs') },
    )
    expect(outcomes).toEqual({ chosen: { chosen: false }, port: 'none', asked: 0 })
    // What had been taken would be there before this.
    await running.app.evaluate(
      ({ BrowserWindow, ipcMain }, paths) => {
        const [{ webContents }] = BrowserWindow.getAllWindows()
        ipcMain.emit('shell:import-dropped', { sender: webContents, senderFrame: webContents.mainFrame }, paths)
      },
      [join(files, 'other')],
    )
    await reader.waitForStudies(1)
    expect(await reader.rows.allTextContents()).toEqual([expect.stringContaining('CHEST')])
  })

  test('nothing knocked at the server, nothing was downloaded', async () => {
    expect(knocks).toBe(0)
    const downloads = await running.app.evaluate(({ app }) => app.getPath('downloads'))
    expect(existsSync(downloads) ? readdirSync(downloads).filter((name) => name.startsWith('overread-attack')) : []).toEqual([])
  })

  test('an attack that is not stopped would be told: the server counts one', async () => {
    await fetch(targets.http).catch(() => null)
    expect(knocks).toBe(1)
  })
})
