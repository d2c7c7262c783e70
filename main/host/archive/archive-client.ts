/** The archive as the engine host's main thread sees it: the same methods, answered by the archive thread. */
import { Worker } from 'node:worker_threads'
import { OverreadError } from '../../../contracts/errors'
import type { ArchiveApi } from './archive-api'
import { reviveError, type ThreadError } from '../task-message'

export interface ArchiveThreadData {
  readonly folder: string
  readonly readOnly: boolean
}

export interface ArchiveCall {
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

export type ArchiveAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ThreadError }

type Method = (...args: never[]) => unknown
/** Every method of the archive, answered later. */
export type ArchiveClient = {
  readonly [K in keyof ArchiveApi]: ArchiveApi[K] extends Method
    ? (...args: Parameters<ArchiveApi[K]>) => Promise<ReturnType<ArchiveApi[K]>>
    : never
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: OverreadError) => void
}

/** Opens the archive in its thread. @throws OverreadError what opening gave, 'archive.in-use' above all. */
export async function openArchiveThread(url: URL, data: ArchiveThreadData): Promise<{ archive: ArchiveClient; close(): Promise<void> }> {
  const worker = new Worker(url, { workerData: data })
  const pending = new Map<number, Pending>()
  let nextId = 1
  let gone = false

  const failAll = () => {
    gone = true
    for (const { reject } of pending.values()) reject(new OverreadError('internal'))
    pending.clear()
  }
  worker.on('error', failAll)
  worker.on('exit', failAll)
  worker.on('message', (answer: ArchiveAnswer) => {
    const call = pending.get(answer.id)
    pending.delete(answer.id)
    if (answer.ok) call?.resolve(answer.value)
    else call?.reject(reviveError(answer.error))
  })
  const call = (method: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (gone) return reject(new OverreadError('internal'))
      const id = nextId++
      pending.set(id, { resolve, reject })
      worker.postMessage({ id, method, args } satisfies ArchiveCall)
    })
  const methods = new Map<string, (...args: unknown[]) => Promise<unknown>>()
  const archive = new Proxy({} as ArchiveClient, {
    get: (_target, name) => {
      // A promise's `then` must not look like a method of the archive.
      if (typeof name !== 'string' || name === 'then') return undefined
      let method = methods.get(name)
      if (!method) methods.set(name, (method = (...args) => call(name, args)))
      return method
    },
  })
  try {
    await call('open', [])
  } catch (error) {
    await worker.terminate()
    throw error
  }
  const close = async () => {
    if (!gone) await call('close', []).catch(() => {})
    await worker.terminate()
  }
  return { archive, close }
}
