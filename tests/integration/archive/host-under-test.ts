/** The built engine host as a process of its own, talked to as a window does, and killed as a test likes. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorReport } from '../../../contracts/errors'
import type { EngineEvent, FromEngine, RequestInput, RequestKind, RequestOutput } from '../../../contracts/protocol'
import { forkChannel, type Channel } from '../../../main/host/channel'
import { repository } from '../../shared-data'

/** What was built, as a folder that holds `out/` and `models/`. */
type App = string

/** The app as built, with other networks: its entries look for them beside themselves. */
export function appWithNetworks(folder: string): { app: App; models: string } {
  cpSync(join(repository, 'out/node'), join(folder, 'out/node'), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'))
  const models = join(folder, 'models')
  mkdirSync(models)
  return { app: folder, models }
}

export interface StartOptions {
  readonly app?: App
  readonly execArgv?: readonly string[]
  /** Another account, to which permissions apply. */
  readonly uid?: number
}

/** The process is gone, and what was asked of it has no answer. */
export class HostGone extends Error {}

/** What the engine refused, with its code. */
export class Refused extends Error {
  constructor(readonly report: ErrorReport) {
    super(report.message)
  }
}

export class HostUnderTest {
  readonly child: ChildProcess
  readonly events: EngineEvent[] = []
  /** What it wrote on its error stream: nothing, where all goes well. */
  errors = ''
  readonly ended: Promise<unknown>
  readonly #channel: Channel
  readonly #waiting = new Map<number, { resolve: (output: never) => void; reject: (error: Error) => void }>()
  readonly #listeners = new Set<(event: EngineEvent) => void>()
  #lastId = 0
  #gone = false

  constructor(archive: string, { app = repository, execArgv = [], uid }: StartOptions = {}) {
    this.child = fork(join(app, 'out/node/engine-host.js'), ['--archive', archive], {
      serialization: 'advanced',
      execArgv: [...execArgv],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    })
    this.child.stderr!.on('data', (text: Buffer) => (this.errors += text.toString()))
    this.ended = once(this.child, 'exit')
    void this.ended.then(() => this.#end())
    this.#channel = forkChannel(this.child)
    this.#channel.onMessage((message) => this.#hear(message as FromEngine))
    this.#channel.onClose(() => this.#end())
  }

  request<K extends RequestKind>(kind: K, input: RequestInput<K>): Promise<RequestOutput<K>> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(new HostGone(this.errors))
      const requestId = ++this.#lastId
      this.#waiting.set(requestId, { resolve, reject })
      this.#channel.post({ requestId, kind, input })
    })
  }

  /** Once it answers it has the archive open. */
  async opened(): Promise<void> {
    await this.request('jobs.list', { studyKey: 1 })
  }

  /** The next event of which this is true, or one that has come already. */
  async event(wanted: (event: EngineEvent) => boolean): Promise<EngineEvent> {
    const known = this.events.find(wanted)
    if (known) return known
    return new Promise((resolve, reject) => {
      const listener = (event: EngineEvent) => {
        if (!wanted(event)) return
        this.#listeners.delete(listener)
        resolve(event)
      }
      this.#listeners.add(listener)
      void this.ended.then(() => reject(new HostGone(this.errors)))
    })
  }

  /** Process ids of the compute processes that it started. */
  computeProcesses(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const parent = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[1]
          return Number(parent) === this.child.pid && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('compute.js')
        } catch {
          return false
        }
      })
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }

  /** As a window that closes. */
  async close(): Promise<void> {
    this.#channel.close()
    await this.ended
  }

  #hear(message: FromEngine): void {
    if (message.type === 'event') {
      this.events.push(message.payload)
      for (const listener of this.#listeners) listener(message.payload)
    } else if (message.type !== 'part') {
      const waiting = this.#waiting.get(message.requestId)
      this.#waiting.delete(message.requestId)
      if (message.type === 'reply') waiting?.resolve(message.output as never)
      else waiting?.reject(new Refused(message.error))
    }
  }

  #end(): void {
    this.#gone = true
    for (const { reject } of this.#waiting.values()) reject(new HostGone(this.errors))
    this.#waiting.clear()
  }
}

export interface CommandRun {
  readonly child: ChildProcess
  /** `code` is null where it was killed. */
  readonly done: Promise<{ code: number | null; output: string; errors: string }>
}

/** The built command line, whose process is an engine host too. */
export function command(args: readonly string[], { app = repository, execArgv = [], uid }: StartOptions = {}): CommandRun {
  const child = spawn(process.execPath, [...execArgv, join(app, 'out/node/cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors }))
  return { child, done }
}

/** A sequence of numbers from 0 to 1 that a seed determines (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
