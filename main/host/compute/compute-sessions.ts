/** The sessions of the compute process: opened once, proven once, on threads that suit them, closed when they hold too much. */
import type { ProviderName } from '../../../contracts/analysis'
import { OverreadError } from '../../../contracts/errors'
import { chooseThreads, threadCandidates, type Surroundings } from '../../inference/choose-threads'
import { goldenFault, goldenInput, type GoldenInput } from '../../inference/golden-case'
import type { EngineSession, OpenGraph, OpenSession } from '../../inference/onnx-session'
import { SessionCache, type SessionBounds } from '../../inference/session-cache'
import type { LoadedPackage } from '../../networks/package'
import type { ThreadChoice, ToCompute } from './compute-protocol'
import { loadModel } from './load-model'

export interface ComputeEngine {
  readonly openSession: OpenSession
  readonly openGraph: OpenGraph
  /** Version of the runtime: what was measured with another says nothing of this one. */
  readonly runtime: string
  readonly bounds: SessionBounds
  /** Most threads a run may take. */
  readonly mostThreads: number
  readonly surroundings: Surroundings
  /** What a run may take besides, bytes. */
  readonly availableBytes: () => number
}

export interface OpenNetwork {
  readonly session: EngineSession
  readonly loaded: LoadedPackage
  /** It repeated the golden case: once a session is enough. */
  proven: boolean
  /** It was measured and is not slower than the CPU. */
  fast: boolean
}

interface Wanted {
  readonly folder: string
  readonly sha256: string
  readonly provider: ProviderName
  readonly threads: ThreadChoice | null
}

export class ComputeSessions {
  readonly #engine: ComputeEngine
  readonly #open: SessionCache<OpenNetwork>
  /** By model, also once its session is closed; null where others kept the machine busy. */
  readonly #measured = new Map<string, ThreadChoice | null>()

  constructor(engine: ComputeEngine) {
    this.#engine = engine
    this.#open = new SessionCache(engine.bounds)
  }

  get residentBytes(): number {
    return this.#engine.bounds.readResident()
  }

  /** Closes what is beyond the bounds. */
  trim(): Promise<void> {
    return this.#open.trim()
  }

  /**
   * A session for a run. One that is opened anew, after it was closed or with its process, proves itself again: a driver may have
   * changed meanwhile. The CPU is what others are held against.
   *
   * @throws OverreadError 'model.hash', what is wrong with the package, 'inference.provider'.
   */
  async open(wanted: Wanted): Promise<OpenNetwork> {
    const network = await this.#session(wanted)
    if (wanted.provider !== 'cpu') await this.#prove(wanted, network)
    return network
  }

  async #session(wanted: Wanted): Promise<OpenNetwork> {
    const known = this.#open.get(keyOf(wanted))
    if (known) return known
    const loaded = await loadModel(wanted)
    return this.#keep(wanted, loaded, await this.#engine.openSession(loaded, wanted.provider, this.#choiceFor(wanted)?.threads))
  }

  /**
   * Opens a session and has it repeat the golden case. Gives the threads that were measured, now or before.
   *
   * @throws what `open` throws; OverreadError 'inference.provider' where the session does not repeat it or is too slow.
   */
  async prepare(wanted: Extract<ToCompute, { type: 'prepare' }>): Promise<ThreadChoice | null> {
    const onCpu = wanted.provider === 'cpu'
    const known = this.#choiceFor(wanted) !== null || this.#measured.has(wanted.sha256)
    const measures = onCpu && wanted.chooseThreads && !known
    const network = await (measures ? this.#openMeasured(wanted) : this.#session(wanted))
    await this.#prove(wanted, network)
    if (wanted.measured && !network.fast) {
      await this.#compareWithCpu(network)
      network.fast = true
    }
    return onCpu ? this.#choiceFor(wanted) : null
  }

  /**
   * How a session differs from the golden case, also one that repeated it before; null where it repeats it.
   *
   * @throws what is wrong with the package; OverreadError 'inference.provider' where the provider cannot be had.
   */
  async prove(wanted: Wanted): Promise<string | null> {
    return this.#faultOf(wanted, await this.#session(wanted))
  }

  /** @throws OverreadError 'inference.provider' where the session does not repeat the golden case. */
  async #prove(wanted: Wanted, network: OpenNetwork): Promise<void> {
    const fault = network.proven ? null : await this.#faultOf(wanted, network)
    if (fault !== null) throw new OverreadError('inference.provider', fault)
  }

  /** A session that differs or breaks off is closed. */
  async #faultOf(wanted: Wanted, network: OpenNetwork): Promise<string | null> {
    network.proven = false
    try {
      const fault = await goldenFault(network.session, network.loaded)
      network.proven = fault === null
      return fault
    } finally {
      if (!network.proven) await this.#open.remove(keyOf(wanted))
    }
  }

  async #openMeasured(wanted: Wanted): Promise<OpenNetwork> {
    const { openSession, mostThreads, runtime, surroundings } = this.#engine
    const loaded = await loadModel(wanted)
    const { session, threads, measured } = await chooseThreads(
      threadCandidates(mostThreads),
      (count) => openSession(loaded, wanted.provider, count),
      await goldenInput(loaded),
      surroundings,
    )
    this.#measured.set(wanted.sha256, measured ? { threads, runtime } : null)
    return this.#keep(wanted, loaded, session)
  }

  async #keep(wanted: Wanted, loaded: LoadedPackage, session: EngineSession): Promise<OpenNetwork> {
    const network = { session, loaded, proven: false, fast: false }
    await this.#open.add(keyOf(wanted), network)
    return network
  }

  #choiceFor({ sha256, threads }: Wanted): ThreadChoice | null {
    return this.#measured.get(sha256) ?? (threads?.runtime === this.#engine.runtime ? threads : null)
  }

  /**
   * The CPU's session is one of its own: kept, it could push the other out while it is compared.
   *
   * @throws OverreadError 'inference.provider' where a provider is slower than the CPU: a GPU imitated in software.
   */
  async #compareWithCpu({ session, loaded }: OpenNetwork): Promise<void> {
    const input = await goldenInput(loaded)
    const cpu = await this.#engine.openSession(loaded, 'cpu')
    try {
      await cpu.run(input.values, input.shape)
      const [own, cpuOnly] = [await timed(session, input), await timed(cpu, input)]
      if (own > cpuOnly)
        throw new OverreadError('inference.provider', `slower than the CPU, ${own.toFixed(0)} against ${cpuOnly.toFixed(0)} ms`)
    } finally {
      await cpu.release()
    }
  }
}

/** Two packages may hold the same weights and differ in what is made of them. */
const keyOf = ({ provider, sha256, folder }: Wanted) => `${provider}:${sha256}:${folder}`

async function timed(session: EngineSession, input: GoldenInput): Promise<number> {
  const start = performance.now()
  await session.run(input.values, input.shape)
  return performance.now() - start
}
