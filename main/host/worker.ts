/** Entry of a worker thread: parsing, hashing, decoding, pre- and post-processing; one task at a time. */
import { getHeapStatistics } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { OverreadError } from '../../contracts/errors'
import { warmCodecs } from '../pixels/decode-frame'
import { threadError, type TaskMessage, type TaskReply, type WarmedMessage, type WarmMessage } from './task-message'
import { tasks } from './tasks'
import type { TaskResult } from './tasks/task-result'

/** WebAssembly memory never shrinks: once it has grown by this a fresh thread takes over. */
const retireAboveBytes = 512 * 1024 * 1024

if (!parentPort) throw new Error('worker.js runs as a worker thread')
const port = parentPort
/** What the decoders reserve at their start, long before they use it. */
let reservedBytes = 0

port.on('message', (message: TaskMessage | WarmMessage) => void ('warm' in message ? warm() : work(message)))

async function work({ name, input }: TaskMessage): Promise<void> {
  const run = (tasks as Record<string, ((input: never) => Promise<TaskResult<unknown>>) | undefined>)[name]
  try {
    if (!run) throw new OverreadError('request.unknown', name)
    const { value, transfer } = await run(input as never)
    reply({ ok: true, value }, transfer)
  } catch (error) {
    reply({ ok: false, error: threadError(error) })
  }
}

async function warm(): Promise<void> {
  try {
    await warmCodecs()
    reservedBytes = workerMemory()
  } catch {
    // The frame that needs the decoder will tell.
  }
  const done: WarmedMessage = { warmed: true }
  port.postMessage(done)
}

function reply(answer: TaskReply, transfer: ArrayBuffer[] = []): void {
  const retire = workerMemory() - reservedBytes > retireAboveBytes
  port.postMessage(retire ? { ...answer, retire } : answer, transfer)
}

/** Memory outside this thread's own heap: ArrayBuffers and the codecs' heaps. `process.memoryUsage` asks the system besides, for each frame. */
function workerMemory(): number {
  return getHeapStatistics().external_memory
}
