/** One contract for every carrier of a Channel that plain Node has; Electron's own is exercised by the end-to-end tests. */
import { fork, type ChildProcess } from 'node:child_process'
import { MessageChannel, Worker } from 'node:worker_threads'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rolldown } from 'rolldown'
import { forkChannel, threadChannel, type Channel } from '../../../main/host/channel'
import { repository } from '../../shared-data'

/** The other side: says back what it hears, closes when told to, and dies when told to. */
const echo = `
const echo = (channel) => channel.onMessage((message, bytes) => {
  if (message === 'close') channel.close()
  else if (message === 'die') process.kill(process.pid, 'SIGKILL')
  else channel.post(message, bytes)
})`

let folder = ''
let echoFile = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-channel-'))
  const entry = join(folder, 'entry.ts')
  writeFileSync(
    entry,
    `import { parentPort } from 'node:worker_threads'
     import { forkChannel, threadChannel } from '${repository}/main/host/channel'
     ${echo}
     echo(parentPort ? threadChannel(parentPort) : forkChannel(process))`,
  )
  const built = await rolldown({ input: entry, platform: 'node', external: [/^node:/] })
  echoFile = join(folder, 'echo.mjs')
  await built.write({ file: echoFile, format: 'esm' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Carrier {
  readonly name: string
  open(): { near: Channel; dispose(): void }
}

const carriers: Carrier[] = [
  {
    name: 'child process',
    open() {
      const child: ChildProcess = fork(echoFile, { serialization: 'advanced' })
      return { near: forkChannel(child), dispose: () => child.kill('SIGKILL') }
    },
  },
  {
    name: 'worker thread',
    open() {
      const worker = new Worker(echoFile)
      return { near: threadChannel(worker), dispose: () => void worker.terminate() }
    },
  },
  {
    name: 'message port',
    open() {
      const { port1, port2 } = new MessageChannel()
      const far = threadChannel(port2)
      far.onMessage((message, bytes) => (message === 'close' ? far.close() : far.post(message, bytes)))
      return { near: threadChannel(port1), dispose: () => port1.close() }
    },
  },
]

const next = (channel: Channel) =>
  new Promise<{ message: unknown; bytes: readonly Uint8Array[] }>((resolve) =>
    channel.onMessage((message, bytes) => resolve({ message, bytes })),
  )
const closed = (channel: Channel) => new Promise<void>((resolve) => channel.onClose(resolve))

describe.each(carriers)('$name', ({ open }) => {
  test('carries a message and its bytes there and back, and leaves the sender its own', async () => {
    const { near, dispose } = open()
    const bytes = Uint8Array.from({ length: 100_000 }, (_value, index) => index % 251)
    const answer = next(near)
    near.post({ text: 'µ', nothing: null, list: [1, 2] }, [bytes.subarray(10), new Uint8Array(0)])
    const { message, bytes: returned } = await answer
    expect(message).toEqual({ text: 'µ', nothing: null, list: [1, 2] })
    expect(returned.map((part) => part.byteLength)).toEqual([99_990, 0])
    expect(Buffer.compare(returned[0], bytes.subarray(10))).toBe(0)
    expect(returned[0].constructor).toBe(Uint8Array)
    expect(bytes.byteLength).toBe(100_000)
    dispose()
  })

  test('gives each byte array a buffer of its own, so that it can be handed on while the next message comes', async () => {
    const { near, dispose } = open()
    const answers: (readonly Uint8Array[])[] = []
    const both = new Promise<void>((resolve) =>
      near.onMessage((_message, bytes) => {
        for (const { buffer } of bytes) structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
        if (answers.push(bytes) === 50) resolve()
      }),
    )
    for (let count = 0; count < 50; count++) near.post(count, [new Uint8Array(4096).fill(count), new Uint8Array(4096)])
    await both
    expect(answers.flat().every(({ byteLength }) => byteLength === 0)).toBe(true)
    dispose()
  })

  test('keeps the order of messages, also of those sent before anybody listened', async () => {
    const { near, dispose } = open()
    for (let count = 0; count < 100; count++) near.post(count)
    await new Promise((done) => setTimeout(done, 50))
    const heard: unknown[] = []
    await new Promise<void>((done) =>
      near.onMessage((message) => {
        heard.push(message)
        if (heard.length === 100) done()
      }),
    )
    expect(heard).toEqual(Array.from({ length: 100 }, (_value, index) => index))
    dispose()
  })

  test('tells once when the other side closed, and takes messages without a fault afterwards', async () => {
    const { near, dispose } = open()
    let times = 0
    near.onClose(() => times++)
    const gone = closed(near)
    near.post('close')
    await gone
    near.post('too late')
    near.close()
    expect(times).toBe(1)
    dispose()
  })
})

test('a child process that is killed is told as closed', async () => {
  const { near, dispose } = carriers[0].open()
  const gone = closed(near)
  near.post('die')
  await gone
  dispose()
})

test('what is no packet is passed over: the other side may be a window that something has got into', async () => {
  const { port1, port2 } = new MessageChannel()
  const channel = threadChannel(port2)
  const heard: unknown[] = []
  const last = new Promise<void>((done) =>
    channel.onMessage((message) => {
      heard.push(message)
      if (message === 'last') done()
    }),
  )
  const garbage = [0, '', true, undefined, [], {}, new Map(), new Uint8Array(3), { message: 1 }, { bytes: [] }, { message: 1, bytes: 'x' }, { message: 1, bytes: [1] }] // prettier-ignore
  for (const data of garbage) port1.postMessage(data)
  port1.postMessage({ message: 'last', bytes: [] })
  await last
  expect(heard).toEqual(['last'])
  port1.close()
})
