/** Entry of the archive thread: SQLite and the file store; the one writer. */
import { parentPort, workerData } from 'node:worker_threads'
import { OverreadError } from '../../contracts/errors'
import { archiveApi, type ArchiveApi } from './archive/archive-api'
import type { ArchiveAnswer, ArchiveCall, ArchiveThreadData } from './archive/archive-client'
import { threadError } from './task-message'

if (!parentPort) throw new Error('archive-thread.js runs as a worker thread')
const port = parentPort
const { folder, readOnly } = workerData as ArchiveThreadData
let api: ArchiveApi | null = null

port.on('message', ({ id, method, args }: ArchiveCall) => {
  try {
    port.postMessage({ id, ok: true, value: answer(method, args) } satisfies ArchiveAnswer)
  } catch (error) {
    port.postMessage({ id, ok: false, error: threadError(error) } satisfies ArchiveAnswer)
  }
})

function answer(method: string, args: readonly unknown[]): unknown {
  if (method === 'open') {
    api = archiveApi(folder, readOnly)
    return null
  }
  if (!api) throw new OverreadError('internal')
  const run = Object.hasOwn(api, method) ? api[method as keyof ArchiveApi] : null
  if (!run) throw new OverreadError('request.unknown', method)
  return (run as (...values: readonly unknown[]) => unknown)(...args)
}
