/** The worker threads of the engine host: as many as cores, one task each at a time, killed and replaced when stuck. */
import { availableParallelism } from 'node:os'
import { Worker, type MessagePort } from 'node:worker_threads'
import { OverreadError } from '../../contracts/errors'
import { reviveError, type TaskAllowance, type TaskMessage, type TaskReply, type WarmedMessage, type WarmMessage } from './task-message'
import type { TaskInput, TaskName, TaskOutput } from './tasks'

export interface TaskOptions {
  /** Buffers and ports that move to the worker. */
  readonly transfer?: readonly (ArrayBuffer | MessagePort)[]
  readonly signal?: AbortSignal
  /** After this the worker counts as stuck, unless the task states what it needs once it has read how large its picture is. */
  readonly timeoutMs?: number
  /** What a reader waits for goes before what runs behind. */
  readonly background?: boolean
}

interface Waiting {
  readonly message: TaskMessage
  readonly options: TaskOptions
  readonly settle: (reply: TaskReply | OverreadError) => void
}

interface Slot {
  readonly worker: Worker
  running: Waiting | null
  timer: NodeJS.Timeout | null
}

const defaultTimeoutMs = 120_000
const warmMessage: WarmMessage = { warm: true }

export class WorkerPool {
  readonly #url: URL
  readonly #slots: Slot[] = []
  readonly #size: number
  readonly #foreground: Waiting[] = []
  readonly #background: Waiting[] = []
  #warm = false
  #closed = false

  constructor(url: URL, size = Math.max(2, availableParallelism())) {
    this.#url = url
    this.#size = size
  }

  /** How many tasks of one kind can run side by side. */
  get size(): number {
    return this.#size
  }

  /**
   * Runs a task in a worker.
   *
   * @throws OverreadError what the task threw; 'worker.stuck' past its time; 'worker.died' when
   * its thread ended; 'compute.cancelled' when the signal fired before it began.
   */
  run<N extends TaskName>(name: N, input: TaskInput<N>, options: TaskOptions = {}): Promise<TaskOutput<N>> {
    return new Promise((resolve, reject) => {
      const { signal } = options
      if (signal?.aborted) return reject(new OverreadError('compute.cancelled'))
      const queue = options.background ? this.#background : this.#foreground
      const withdraw = () => this.#withdraw(queue, waiting)
      const waiting: Waiting = {
        message: { name, input },
        options,
        settle: (reply) => {
          signal?.removeEventListener('abort', withdraw)
          if (reply instanceof OverreadError) reject(reply)
          else if (reply.ok) resolve(reply.value as TaskOutput<N>)
          else reject(reviveError(reply.error))
        },
      }
      queue.push(waiting)
      signal?.addEventListener('abort', withdraw, { once: true })
      this.#dispatch()
    })
  }

  /**
   * Starts all threads and has them load their decoders, so that the first frame waits for neither. Those that replace one do
   * the same. One after the other: meanwhile the window is drawn for the first time.
   */
  warm(): void {
    this.#warm = true
    for (const { worker } of this.#slots) worker.postMessage(warmMessage)
    this.#grow()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#slots.map((slot) => slot.worker.terminate()))
  }

  #withdraw(queue: Waiting[], waiting: Waiting): void {
    const index = queue.indexOf(waiting)
    if (index < 0) return
    queue.splice(index, 1)
    waiting.settle(new OverreadError('compute.cancelled'))
  }

  #dispatch(): void {
    while (!this.#closed) {
      const busyBehind = this.#slots.filter((slot) => slot.running?.options.background).length
      const queue = this.#foreground.length > 0 ? this.#foreground : busyBehind < Math.max(1, this.#size - 1) ? this.#background : []
      if (queue.length === 0) return
      const slot = this.#slots.find((candidate) => candidate.running === null) ?? this.#grow()
      if (!slot) return
      this.#start(slot, queue.shift()!)
    }
  }

  #grow(): Slot | null {
    if (this.#closed || this.#slots.length >= this.#size) return null
    const slot: Slot = { worker: this.#spawn(), running: null, timer: null }
    this.#attach(slot)
    this.#slots.push(slot)
    return slot
  }

  #spawn(): Worker {
    const worker = new Worker(this.#url)
    worker.unref()
    if (this.#warm) worker.postMessage(warmMessage)
    return worker
  }

  #attach(slot: Slot): void {
    const { worker } = slot
    worker.on('message', (message: TaskReply | TaskAllowance | WarmedMessage) => {
      if ('warmed' in message) this.#grow()
      else if ('allowMs' in message) this.#setTimer(slot, message.allowMs)
      else this.#finish(slot, message)
    })
    worker.on('error', () => this.#drop(slot, new OverreadError('worker.died')))
    worker.on('exit', () => this.#drop(slot, new OverreadError('worker.died')))
  }

  #start(slot: Slot, waiting: Waiting): void {
    slot.running = waiting
    slot.worker.ref()
    const { transfer = [], timeoutMs = defaultTimeoutMs } = waiting.options
    this.#setTimer(slot, timeoutMs)
    slot.worker.postMessage(waiting.message, [...transfer])
  }

  #setTimer(slot: Slot, ms: number): void {
    if (slot.timer) clearTimeout(slot.timer)
    slot.timer = setTimeout(() => this.#drop(slot, new OverreadError('worker.stuck')), ms)
  }

  #finish(slot: Slot, reply: TaskReply): void {
    const waiting = this.#release(slot)
    slot.worker.unref()
    if (reply.retire) this.#drop(slot, new OverreadError('worker.died'))
    waiting?.settle(reply)
    this.#dispatch()
  }

  #release(slot: Slot): Waiting | null {
    const waiting = slot.running
    slot.running = null
    if (slot.timer) clearTimeout(slot.timer)
    slot.timer = null
    return waiting
  }

  /** Ends the slot's thread. The next task that finds no free slot grows a new one. */
  #drop(slot: Slot, reason: OverreadError): void {
    const { worker } = slot
    worker.removeAllListeners()
    // A thread on its way out may still report a fault; without a listener that would end the process.
    worker.on('error', () => {})
    void worker.terminate()
    const index = this.#slots.indexOf(slot)
    if (index >= 0) this.#slots.splice(index, 1)
    const waiting = this.#release(slot)
    waiting?.settle(reason)
    this.#dispatch()
  }
}
