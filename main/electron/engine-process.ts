/** The engine host and the compute process: started, joined by ports, watched, started again. */
import { join } from 'node:path'
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { describeError, type ErrorReport } from '../../contracts/errors'
import { fromHostSchema, type ToHost } from '../host/control'

/** More deaths than this within a minute, and it is not started again. */
const deathsAllowed = 3
const minuteMs = 60_000

export class EngineProcess {
  readonly #folder: string
  readonly #archive: string
  readonly #onRefused: (error: ErrorReport) => void
  #host: UtilityProcess | null = null
  #compute: { readonly number: number; readonly process: UtilityProcess } | null = null
  #deaths: number[] = []
  #stopping = false
  #stopped: (() => void) | null = null
  #refusal: ErrorReport | null = null

  /**
   * `folder` holds the built scripts. `onRefused` is told when the archive could not be opened or the
   * host died too often. After a single death windows lose their ports and ask for new ones by themselves.
   */
  constructor(folder: string, archive: string, onRefused: (error: ErrorReport) => void) {
    this.#folder = folder
    this.#archive = archive
    this.#onRefused = onRefused
  }

  /** Why there is no engine, for a window that asks later. */
  get refusal(): ErrorReport | null {
    return this.#refusal
  }

  start(): void {
    const host = this.#fork('engine-host.js', 'Overread engine', ['--archive', this.#archive])
    this.#host = host
    host.on('message', (message: unknown) => this.#hear(message))
    host.on('exit', () => {
      if (this.#host === host) this.#hostGone()
    })
  }

  /** Joins a window to the engine; the returned port is the window's end. */
  openSession(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain()
    this.#tell({ control: 'session' }, [port1])
    return port2
  }

  importPaths(paths: readonly string[], open: boolean): void {
    if (paths.length > 0) this.#tell({ control: 'import', paths: [...paths], open })
  }

  addModel(path: string): void {
    this.#tell({ control: 'add-model', path })
  }

  /** Lets the engine finish what it has acknowledged, at most `patienceMs`. */
  stop(patienceMs = 5000): Promise<void> {
    this.#stopping = true
    const host = this.#host
    if (!host) return Promise.resolve()
    return new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        host.kill()
        resolve()
      }, patienceMs)
      this.#stopped = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#tell({ control: 'stop' })
    }).then(() => {
      this.#compute?.process.kill()
    })
  }

  #fork(script: string, name: string, args: string[]): UtilityProcess {
    return utilityProcess.fork(join(this.#folder, script), args, { serviceName: name, stdio: 'inherit' })
  }

  #tell(message: ToHost, ports: MessagePortMain[] = []): void {
    this.#host?.postMessage(message, ports)
  }

  #hear(message: unknown): void {
    const parsed = fromHostSchema.safeParse(message)
    if (!parsed.success) return
    switch (parsed.data.control) {
      case 'compute.start':
        return this.#startCompute(parsed.data.number)
      case 'compute.kill':
        if (this.#compute?.number === parsed.data.number) this.#compute.process.kill()
        return
      case 'refused':
        this.#stopping = true
        return this.#refuse(parsed.data.error)
      case 'stopped':
        return this.#stopped?.()
    }
  }

  /** `number`: as the host counts them. */
  #startCompute(number: number): void {
    this.#compute?.process.kill()
    const host = this.#host
    const process = this.#fork('compute.js', 'Overread compute', [])
    this.#compute = { number, process }
    const { port1, port2 } = new MessageChannelMain()
    process.postMessage({ control: 'port' }, [port1])
    this.#tell({ control: 'compute.port', number }, [port2])
    process.on('exit', (code) => {
      if (this.#compute?.process === process) this.#compute = null
      // A host that was started since counts from the beginning.
      if (this.#host === host) this.#tell({ control: 'compute.ended', number, how: `code ${code}` })
    })
  }

  #hostGone(): void {
    this.#host = null
    this.#compute?.process.kill()
    this.#compute = null
    this.#stopped?.()
    if (this.#stopping) return
    const now = performance.now()
    this.#deaths = [...this.#deaths.filter((time) => now - time < minuteMs), now]
    if (this.#deaths.length > deathsAllowed) {
      this.#refuse({ code: 'engine.stopped', message: describeError('engine.stopped') })
      return
    }
    this.start()
  }

  #refuse(error: ErrorReport): void {
    this.#refusal = error
    this.#onRefused(error)
  }
}
