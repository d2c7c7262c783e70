/** The engine host's side of the compute process: starts it, gives it one piece of work after the other, outlives its death. */
import type { ProviderName } from '../../../contracts/analysis'
import { OverreadError, type ErrorCode } from '../../../contracts/errors'
import { lackedOperator } from '../../inference/engine-fault'
import type { NetworkAnswer, NetworkRun } from '../../inference/network'
import { knownAbsence, lastResorts, otherEngine, providersToTry, type ProviderFailure } from '../../inference/providers'
import { computeBounds } from '../../base/compute-bounds'
import type { PreparedBox } from '../../inference/volume/prepare-volume'
import { voxelCount, type Sides } from '../../inference/volume/voxel-grid'
import type { Channel } from '../channel'
import { bytesOf, floatsOf, fromComputeSchema, type FromCompute, type ThreadChoice, type ToCompute } from './compute-protocol'
import type { VolumeRequest } from './compute-volume-protocol'

/** The channel to a compute process, with what its platform offers besides. */
export interface ComputeChannel extends Channel {
  /** Ends the process at once: a run cannot be interrupted otherwise. Without it the channel is closed, and the process ends after its run. */
  kill?(): void
  /** How it ended: "code 134", "signal SIGKILL". */
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
  /** On the CPU, where they were measured: for a process that has to open it anew. */
  readonly threads: ThreadChoice | null
  /** Providers tried before, with the reason each did not serve. */
  readonly failed: readonly ProviderFailure[]
}

export interface ComputeRun extends NetworkRun {
  readonly runMs: number
  /** Of the compute process as it answered. */
  readonly residentBytes: number
}

/** Values of a box in the axes of the tensor, before the scale. */
export interface VolumeBox extends Pick<PreparedBox, 'scale' | 'values'> {
  readonly sides: Sides
}

export interface VolumeRun extends Pick<ComputeRun, 'runMs' | 'residentBytes'> {
  /** The number of a class at each voxel of the box. */
  readonly labels: Uint8Array<ArrayBuffer>
}

/** Of no package yet. */
export interface BareNetwork {
  readonly engine: 'onnx' | 'tfjs'
  /** Paths of the network, then of what holds its weights. */
  readonly files: readonly string[]
  /** Of all of them, one after the other. */
  readonly sha256: string
  /** An ONNX graph of pictures takes and gives the channels last; they are turned. */
  readonly channelsLast: boolean
  /** Of TensorFlow.js: it is translated with a normalisation after layers whose names end so; null: run as it stands. */
  readonly normaliseAfter: string | null
}

export interface TriedOutput {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array<ArrayBuffer>
}

/** Keeps how many threads a model runs best on. */
export interface ThreadMemory {
  get(sha256: string): Promise<ThreadChoice | null>
  put(sha256: string, choice: ThreadChoice): Promise<void>
}

interface Reply {
  readonly message: FromCompute
  readonly bytes: readonly Uint8Array<ArrayBuffer>[]
}

interface Pending {
  readonly onPasses?: (passes: number) => void
  readonly settle: (reply: Reply | OverreadError) => void
}

type RunRequest = { readonly type: 'run' } | ({ readonly type: 'run-volume' } & VolumeRequest)
type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

/** A run that was cancelled is waited for this long, then the process is killed. */
const cancelGraceMs = 1000
/** How a process ended is waited for this long after its channel closed. */
const endingGraceMs = 250

/** One compute process and what it owes an answer to. */
interface RunningCompute {
  readonly channel: ComputeChannel
  readonly pending: Map<number, Pending>
  /** Those of what is pending that were cancelled: the process may be killed for them. */
  readonly cancelled: Map<number, Promise<unknown>>
  /** As it last said. */
  residentBytes: number
}

export class ComputeClient {
  readonly #start: () => Promise<ComputeChannel>
  readonly #threads: ThreadMemory | null
  readonly #mostResidentBytes: number
  #process: Promise<RunningCompute> | null = null
  #nextId = 0
  /** Providers that ended the process; not tried again while this program runs. */
  readonly #killers = new Map<ProviderName, string>()
  /** Providers that broke off a model's run, or proved it no longer; not tried again for it while this program runs. */
  readonly #unfit = new Map<string, string>()

  /** `threads`: without a memory nothing is measured, as it would be measured each time. */
  constructor(
    start: () => Promise<ComputeChannel>,
    threads: ThreadMemory | null = null,
    mostResidentBytes: number = computeBounds.residentBytes,
  ) {
    this.#start = start
    this.#threads = threads
    this.#mostResidentBytes = mostResidentBytes
  }

  /**
   * Finds the provider that serves a model: each in turn opens it and repeats its golden case.
   *
   * @throws OverreadError 'inference.provider' where none does, 'compute.cancelled', or what is wrong with the package.
   */
  async prepare(model: ComputeModel, wanted: ProviderName | null, signal?: AbortSignal): Promise<PreparedModel> {
    const failed: ProviderFailure[] = []
    const threads = (await this.#threads?.get(model.sha256)) ?? null
    for (const provider of providersToTry(wanted)) {
      const known = provider === wanted ? null : knownAbsence(provider)
      const absence = known ?? this.#killers.get(provider) ?? this.#unfit.get(unfitKey(model, provider)) ?? null
      const tried = absence ?? (await this.#try({ model, provider, threads, failed }, wanted === null, signal))
      if (typeof tried !== 'string') return tried
      if (tried !== otherEngine) failed.push({ provider, reason: tried })
    }
    throw new OverreadError('inference.provider', failed.map(({ provider, reason }) => `${provider}: ${reason}`).join('; '))
  }

  /**
   * Has a provider repeat a model's golden case, also where it did before: how it differs, or null.
   *
   * @throws OverreadError 'inference.provider' where it cannot be had, 'compute.died', 'compute.cancelled', or what is wrong
   *   with the package.
   */
  async prove(model: ComputeModel, provider: ProviderName, signal?: AbortSignal): Promise<string | null> {
    const { message } = await this.#ask({ type: 'prove', ...model, provider, threads: null }, [], signal)
    if (message.type !== 'proven') throw new OverreadError('inference.output')
    return message.fault
  }

  /**
   * Runs one tensor, mirrored forms included.
   *
   * @throws OverreadError 'inference.output', 'inference.failed', 'inference.memory', 'compute.provider' where another one may
   *   do, 'compute.died' with how the process ended, 'compute.cancelled'.
   */
  async run(prepared: PreparedModel, tensor: Float32Array, signal?: AbortSignal): Promise<ComputeRun> {
    const { message, bytes } = await this.#run(prepared, { type: 'run' }, bytesOf(tensor), signal)
    if (message.type !== 'outputs') throw new OverreadError('inference.output')
    const { distance, runMs, residentBytes } = message
    return { outputs: answersOf(message.outputs, bytes), distance, runMs, residentBytes }
  }

  /** For what has its own messages: asks and gives the answer as it came. */
  ask(
    message: WithoutId<ToCompute>,
    bytes: readonly Uint8Array[],
    signal?: AbortSignal,
    onPasses?: (passes: number) => void,
  ): Promise<Reply> {
    return this.#ask(message, bytes, signal, onPasses)
  }

  /**
   * Runs the box of a volume: the number of a class at each voxel.
   *
   * @throws as `run`; OverreadError 'inference.memory'
   */
  async runVolume(prepared: PreparedModel, box: VolumeBox, signal?: AbortSignal): Promise<VolumeRun> {
    const { sides, scale, values } = box
    const request = { type: 'run-volume' as const, sides: [...sides] as [number, number, number], scale, values: kindOf(values) }
    const { message, bytes } = await this.#run(
      prepared,
      request,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      signal,
    )
    const [labels] = bytes
    if (message.type !== 'label-map' || labels?.length !== voxelCount(sides)) throw new OverreadError('inference.output')
    return { labels, runMs: message.runMs, residentBytes: message.residentBytes }
  }

  /**
   * Runs a bare network once in its own engine, ONNX on the CPU: every output that holds numbers, by name.
   *
   * @throws OverreadError 'model.weights', 'model.path', 'model.operators' where it cannot be run, 'inference.output', 'compute.died'.
   */
  async tryNetwork(network: BareNetwork, tensor: Float32Array, shape: readonly number[], signal?: AbortSignal): Promise<TriedOutput[]> {
    const { engine, files, sha256, channelsLast, normaliseAfter } = network
    const { message, bytes } = await this.#ask(
      { type: 'trial', engine, files: [...files], sha256, channelsLast, normaliseAfter, shape: [...shape] },
      [bytesOf(tensor)],
      signal,
    )
    if (message.type !== 'tried' || message.outputs.length !== bytes.length) throw new OverreadError('inference.output')
    return message.outputs.map((output, index) => ({ ...output, values: floatsOf(bytes[index]) }))
  }

  /** A reader turns slices: the process waits with its next pass until he rests. Without a process nothing is to wait. */
  standAside(): void {
    this.#process?.then(
      ({ channel }) => channel.post({ type: 'stand-aside' } satisfies ToCompute),
      () => {},
    )
  }

  /**
   * Between two jobs: ends a process that holds more than it may although it closed what it could. What a runtime has
   * taken from the system it seldom gives back.
   */
  async relieve(): Promise<void> {
    const running = await this.#process?.catch(() => null)
    if (running && running.pending.size === 0 && running.residentBytes > this.#mostResidentBytes) await this.close()
  }

  /** Ends the process. The next call starts a new one. */
  async close(): Promise<void> {
    const running = this.#process
    this.#process = null
    const process = await running?.catch(() => null)
    process?.channel.close()
  }

  /** The model on its provider, or why that does not serve. `free`: no provider was asked for by name. */
  async #try(candidate: PreparedModel, free: boolean, signal?: AbortSignal): Promise<PreparedModel | string> {
    const { model, provider, threads } = candidate
    const measured = free && provider === 'webgpu'
    try {
      const { message } = await this.#ask(
        { type: 'prepare', ...model, provider, threads, measured, chooseThreads: this.#threads !== null },
        [],
        signal,
      )
      const chosen = message.type === 'ready' ? message.threads : null
      if (chosen !== null && !sameChoice(chosen, threads)) await this.#threads?.put(model.sha256, chosen)
      return { ...candidate, threads: chosen }
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error
      if (error.code === 'inference.provider') return error.detail
      const broken = brokenGolden(error, provider)
      if (broken !== null) return broken
      if (error.code !== 'compute.died' || provider === 'cpu') throw error
      const reason = `it stopped the computing process${error.detail === '' ? '' : ` (${error.detail})`}`
      this.#killers.set(provider, reason)
      return reason
    }
  }

  async #run({ model, provider, threads }: PreparedModel, request: RunRequest, bytes: Uint8Array, signal?: AbortSignal): Promise<Reply> {
    return this.#ask({ ...request, ...model, provider, threads }, [bytes], signal).catch((error: OverreadError) => {
      if (error.code === 'compute.died' && provider !== 'cpu') this.#killers.set(provider, 'it stopped the computing process')
      if (!brokenRuns.has(error.code) || lastResorts.has(provider)) throw error
      this.#unfit.set(unfitKey(model, provider), error.code === 'inference.provider' ? error.detail : `it broke off: ${error.detail}`)
      throw new OverreadError('compute.provider', `${provider}: ${error.detail}`, { cause: error })
    })
  }

  async #ask(
    message: WithoutId<ToCompute>,
    bytes: readonly Uint8Array[],
    signal?: AbortSignal,
    onPasses?: (passes: number) => void,
  ): Promise<Reply> {
    if (signal?.aborted) throw new OverreadError('compute.cancelled')
    const { channel, pending, cancelled } = await this.#settled()
    // It may have fired while the process was awaited.
    if (signal?.aborted) throw new OverreadError('compute.cancelled')
    const id = this.#nextId++
    let grace: NodeJS.Timeout | undefined
    const cancel = () => {
      cancelled.set(id, reply)
      channel.post({ type: 'cancel', id } satisfies ToCompute)
      grace = setTimeout(() => {
        // An explanation ends at its next pass in any case: the runs of a job that came between must not be lost for it.
        if (message.type === 'explain' && [...pending.keys()].some((other) => !cancelled.has(other))) return
        endNow(channel)
      }, cancelGraceMs)
    }
    const reply = new Promise<Reply>((resolve, reject) => {
      pending.set(id, { onPasses, settle: (settled) => (settled instanceof OverreadError ? reject(settled) : resolve(settled)) })
      signal?.addEventListener('abort', cancel, { once: true })
      channel.post({ ...message, id } satisfies ToCompute, bytes)
    })
    try {
      return await reply
    } catch (error) {
      throw cancelled.has(id) ? new OverreadError('compute.cancelled') : error
    } finally {
      pending.delete(id)
      cancelled.delete(id)
      clearTimeout(grace)
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** The process once nothing that was cancelled is pending: new work must not be lost to a kill that is meant for old. */
  async #settled(): Promise<RunningCompute> {
    for (;;) {
      const process = await this.#running()
      if (process.cancelled.size === 0) return process
      await Promise.allSettled(process.cancelled.values())
    }
  }

  #running(): Promise<RunningCompute> {
    this.#process ??= this.#launch()
    return this.#process
  }

  async #launch(): Promise<RunningCompute> {
    let channel: ComputeChannel
    try {
      channel = await this.#start()
    } catch (error) {
      this.#process = null
      throw new OverreadError('compute.died', 'it could not be started', { cause: error })
    }
    const pending = new Map<number, Pending>()
    const process: RunningCompute = { channel, pending, cancelled: new Map(), residentBytes: 0 }
    channel.onMessage((message, bytes) => {
      const parsed = fromComputeSchema.safeParse(message)
      if (!parsed.success) {
        // Nothing it says can be relied on any more, and who asked would wait without end: what is pending ends with it.
        endNow(channel)
        return
      }
      const reply = parsed.data
      if (reply.type === 'explain-progress') {
        pending.get(reply.id)?.onPasses?.(reply.passes)
        return
      }
      const settled = reply.type === 'failed' ? new OverreadError(reply.code, reply.detail) : { message: reply, bytes }
      if (reply.type !== 'failed') process.residentBytes = reply.residentBytes
      pending.get(reply.id)?.settle(settled)
    })
    const launched = this.#process
    channel.onClose(() => {
      // What is sent from now on goes to a new process.
      if (this.#process === launched) this.#process = null
      void rejectAll(process)
    })
    return process
  }
}

const unfitKey = ({ sha256 }: ComputeModel, provider: ProviderName) => `${provider}:${sha256}`

/** What an engine cannot do to its end, or does otherwise than it did when it was chosen. */
const brokenRuns: ReadonlySet<ErrorCode> = new Set(['inference.failed', 'inference.provider'])

/** Why a provider that does not get to the end of the golden case does not serve; null where none other would do better. */
function brokenGolden(error: OverreadError, provider: ProviderName): string | null {
  if (error.code === 'inference.failed') return `it breaks off: ${error.detail}`
  const lacked = lackedOperator(error, provider)
  return lacked === null ? null : `it lacks ${lacked}`
}

function endNow(channel: ComputeChannel): void {
  if (channel.kill) channel.kill()
  else channel.close()
}

function kindOf(values: PreparedBox['values']): VolumeRequest['values'] {
  return values instanceof Uint8Array ? 'uint8' : 'float32'
}

function sameChoice(a: ThreadChoice, b: ThreadChoice | null): boolean {
  return a.threads === b?.threads && a.runtime === b.runtime
}

function answersOf(
  outputs: Extract<FromCompute, { type: 'outputs' }>['outputs'],
  bytes: readonly Uint8Array<ArrayBuffer>[],
): NetworkAnswer[] {
  let next = 0
  const take = () => {
    const array = bytes[next++]
    if (!array) throw new OverreadError('inference.output')
    return floatsOf(array)
  }
  const answers = outputs.map(({ spread, ...output }) => ({
    ...output,
    values: take(),
    spread: spread ? { low: take(), high: take() } : null,
  }))
  if (next !== bytes.length) throw new OverreadError('inference.output')
  return answers
}

async function rejectAll({ channel, pending }: RunningCompute): Promise<void> {
  const lost = [...pending.values()]
  const silence = new Promise<string>((resolve) => setTimeout(resolve, endingGraceMs, ''))
  const how = await Promise.race([channel.ending ?? '', silence])
  for (const { settle } of lost) settle(new OverreadError('compute.died', how))
}
