/** Entry of a worker thread: parsing, hashing, decoding, pre- and post-processing; one task at a time. */
import { parentPort } from 'node:worker_threads'
import { OverreadError } from '../../contracts/errors'
import { threadError, type TaskMessage, type TaskReply } from './task-message'
import { tasks } from './tasks'
import type { TaskResult } from './tasks/task-result'

/** WebAssembly memory never shrinks: past this a fresh thread takes over. */
const retireAboveBytes = 512 * 1024 * 1024

if (!parentPort) throw new Error('worker.js runs as a worker thread')
const port = parentPort

port.on('message', async ({ name, input }: TaskMessage) => {
  const run = (tasks as Record<string, ((input: never) => Promise<TaskResult<unknown>>) | undefined>)[name]
  try {
    if (!run) throw new OverreadError('request.unknown', name)
    const { value, transfer } = await run(input as never)
    reply({ ok: true, value }, transfer)
  } catch (error) {
    reply({ ok: false, error: threadError(error) })
  }
})

function reply(answer: TaskReply, transfer: ArrayBuffer[] = []): void {
  const retire = workerMemory() > retireAboveBytes
  port.postMessage(retire ? { ...answer, retire } : answer, transfer)
}

/** External and ArrayBuffer memory of this thread's isolate, which holds the codecs' heaps. */
function workerMemory(): number {
  const { external, arrayBuffers } = process.memoryUsage()
  return Math.max(external, arrayBuffers)
}
