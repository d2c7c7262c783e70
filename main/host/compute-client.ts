/** The engine host's side of the compute process: starts it, gives it one piece of work after the other, outlives its death. */
import type { ProviderName } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import type { NetworkOutput } from '../inference/outputs'
import { knownAbsence, providersToTry, type ProviderFailure } from '../inference/providers'
import type { Channel } from './channel'
import { bytesOf, floatsOf, fromComputeSchema, type FromCompute, type ToCompute } from './compute-protocol'

/** A compute process that runs. */
export interface StartedCompute {
  readonly channel: Channel
  /** Ends it at once: a run cannot be interrupted otherwise. */
  kill(): void
  /** How it ended, where the platform says: "code 134", "signal SIGKILL". */
  readonly ending?: Promise<string>
}

export interface ComputeModel {
  readonly folder: string
  readonly sha256: string
}

/** A model on the provider that serves it. */
export interface PreparedModel {
  readonly model: ComputeModel
  readonly provider: ProviderName
  /** Providers tried before, with the reason each did not serve. */
  readonly failed: readonly ProviderFailure[]
}

export interface ComputeRun {
  readonly outputs: NetworkOutput[]
  readonly runMs: number
}

interface Pending {
  readonly settle: (reply: { message: FromCompute; bytes: readonly Uint8Array<ArrayBuffer>[] } | OverreadError) => void
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** A run that was cancelled is waited for this long, then the process is killed. */
const cancelGraceMs = 1000
/** How a process ended is waited for this long after its channel closed. */
const endingGraceMs = 250

export class ComputeClient {
  readonly #start: () => Promise<StartedCompute>
  #process: Promise<StartedCompute> | null = null
  readonly #pending = new Map<number, Pending>()
  #nextId = 0
  /** Providers that ended the process; not tried again while this program runs. */
  readonly #killers = new Map<ProviderName, string>()

  constructor(start: () => Promise<StartedCompute>) {
    this.#start = start
  }

  /**
   * Finds the provider that serves a model: each in turn opens it and repeats its golden case.
   *
   * @throws OverreadError 'inference.provider' where none does, 'compute.cancelled', or what is wrong with the package.
   */
  async prepare(model: ComputeModel, wanted: ProviderName | null, signal?: AbortSignal): Promise<PreparedModel> {
    const failed: ProviderFailure[] = []
    for (const provider of providersToTry(wanted)) {
      const known = (provider === wanted ? null : knownAbsence(provider)) ?? this.#killers.get(provider) ?? null
      const reason = known ?? (await this.#try(model, provider, wanted === null && provider === 'webgpu', signal))
      if (reason === null) return { model, provider, failed }
      failed.push({ provider, reason })
    }
    throw new OverreadError('inference.provider', failed.map(({ provider, reason }) => `${provider}: ${reason}`).join('; '))
  }

  /**
   * Runs one tensor, mirrored forms included.
   *
   * @throws OverreadError 'inference.output', 'compute.died' with how the process ended, 'compute.cancelled'.
   */
  async run({ model, provider }: PreparedModel, tensor: Float32Array, signal?: AbortSignal): Promise<ComputeRun> {
    const { message, bytes } = await this.#ask({ type: 'run', ...model, provider }, [bytesOf(tensor)], signal).catch(
      (error: OverreadError) => {
        if (error.code === 'compute.died' && provider !== 'cpu') this.#killers.set(provider, 'it stopped the computing process')
        throw error
      },
    )
    if (message.type !== 'outputs' || message.outputs.length !== bytes.length) throw new OverreadError('inference.output')
    return { outputs: message.outputs.map((output, index) => ({ ...output, values: floatsOf(bytes[index]) })), runMs: message.runMs }
  }

  /** Ends the process. The next call starts a new one. */
  async close(): Promise<void> {
    const running = this.#process
    this.#process = null
    if (running) (await running.catch(() => null))?.channel.close()
  }

  /** Null where the provider serves, else why not. */
  async #try(model: ComputeModel, provider: ProviderName, measured: boolean, signal?: AbortSignal): Promise<string | null> {
    try {
      await this.#ask({ type: 'prepare', ...model, provider, measured }, [], signal)
      return null
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error
      if (error.code === 'inference.provider') return error.detail
      if (error.code !== 'compute.died' || provider === 'cpu') throw error
      const reason = `it stopped the computing process${error.detail === '' ? '' : ` (${error.detail})`}`
      this.#killers.set(provider, reason)
      return reason
    }
  }

  async #ask(message: WithoutId<ToCompute>, bytes: readonly Uint8Array[], signal?: AbortSignal) {
    if (signal?.aborted) throw new OverreadError('compute.cancelled')
    const started = await this.#running()
    const id = this.#nextId++
    let grace: NodeJS.Timeout | undefined
    let cancelled = false
    const cancel = () => {
      cancelled = true
      started.channel.post({ type: 'cancel', id } satisfies ToCompute)
      grace = setTimeout(() => started.kill(), cancelGraceMs)
    }
    const reply = new Promise<{ message: FromCompute; bytes: readonly Uint8Array<ArrayBuffer>[] }>((resolve, reject) => {
      this.#pending.set(id, { settle: (settled) => (settled instanceof OverreadError ? reject(settled) : resolve(settled)) })
      signal?.addEventListener('abort', cancel, { once: true })
      started.channel.post({ ...message, id } satisfies ToCompute, bytes)
    })
    try {
      return await reply
    } catch (error) {
      throw cancelled ? new OverreadError('compute.cancelled') : error
    } finally {
      this.#pending.delete(id)
      clearTimeout(grace)
      signal?.removeEventListener('abort', cancel)
    }
  }

  #running(): Promise<StartedCompute> {
    this.#process ??= this.#launch()
    return this.#process
  }

  async #launch(): Promise<StartedCompute> {
    let started: StartedCompute
    try {
      started = await this.#start()
    } catch (error) {
      this.#process = null
      throw new OverreadError('compute.died', 'it could not be started', { cause: error })
    }
    started.channel.onMessage((message, bytes) => {
      const parsed = fromComputeSchema.safeParse(message)
      if (!parsed.success) return
      const reply = parsed.data
      const settled = reply.type === 'failed' ? new OverreadError(reply.code, reply.detail) : { message: reply, bytes }
      this.#pending.get(reply.id)?.settle(settled)
    })
    started.channel.onClose(() => void this.#gone(started))
    return started
  }

  /** All that waits is rejected: what is sent later goes to a new process. */
  async #gone({ ending }: StartedCompute): Promise<void> {
    this.#process = null
    const lost = [...this.#pending.values()]
    const how = await Promise.race([ending ?? '', new Promise<string>((resolve) => setTimeout(resolve, endingGraceMs, ''))])
    for (const { settle } of lost) settle(new OverreadError('compute.died', how))
  }
}
