/** What the compute process does: opens sessions, tries them, runs them, one message after the other. */
import { OverreadError } from '../../contracts/errors'
import { goldenFault, goldenInput } from '../inference/golden-case'
import { runNetwork } from '../inference/network'
import type { EngineSession, OpenSession } from '../inference/onnx-session'
import { SessionCache } from '../inference/session-cache'
import { loadModelPackage, type LoadedPackage } from '../networks/package'
import type { Channel } from './channel'
import { bytesOf, floatsOf, toComputeSchema, type FromCompute, type ToCompute } from './compute-protocol'

type Work = Exclude<ToCompute, { type: 'cancel' }>

interface Opened {
  readonly session: EngineSession
  readonly loaded: LoadedPackage
  /** It repeated the golden case: once a session is enough. */
  proven: boolean
}

/** Answers a channel until it closes. `openSession` stands for the engine. */
export function serveCompute(channel: Channel, openSession: OpenSession): void {
  const waiting: { work: Work; tensor: Uint8Array<ArrayBuffer> | undefined }[] = []
  const sessions = new SessionCache<Opened>()
  let busy = false

  const tell = (message: FromCompute, bytes: readonly Uint8Array[] = []) => channel.post(message, bytes)
  const fail = (id: number, error: unknown) => {
    const { code, detail } = error instanceof OverreadError ? error : { code: 'internal' as const, detail: '' }
    tell({ type: 'failed', id, code, detail: detail.slice(0, 1000) })
  }

  const opened = async ({ folder, sha256, provider }: Work): Promise<Opened> => {
    // Two packages may hold the same weights and differ in what is made of them.
    const key = `${provider}:${sha256}:${folder}`
    const known = sessions.get(key)
    if (known) return known
    const loaded = await loadModelPackage(folder)
    if (loaded.package.sha256 !== sha256) throw new OverreadError('model.hash', loaded.package.file)
    const entry = { session: await openSession(loaded, provider), loaded, proven: false }
    await sessions.add(key, entry)
    return entry
  }

  const perform = async (work: Work, tensor: Uint8Array<ArrayBuffer> | undefined): Promise<void> => {
    const entry = await opened(work)
    const { session, loaded } = entry
    if (work.type === 'prepare') {
      if (!entry.proven) {
        const fault = await goldenFault(session, loaded)
        if (fault !== null) throw new OverreadError('inference.provider', fault)
        if (work.measured) await compareWithCpu(session, loaded, await opened({ ...work, provider: 'cpu' }))
        entry.proven = true
      }
      return tell({ type: 'ready', id: work.id })
    }
    const { shape } = loaded.package.input
    const input = floatsOf(tensor ?? new Uint8Array())
    if (input.length !== shape.reduce((product, side) => product * side, 1)) throw new OverreadError('request.invalid', 'tensor')
    const start = performance.now()
    const { outputs, distance } = await runNetwork(session, loaded.package, input)
    const runMs = performance.now() - start
    const described = outputs.map(({ name, rows, columns, spread }) => ({ name, rows, columns, spread: spread !== null }))
    tell(
      { type: 'outputs', id: work.id, runMs, outputs: described, distance },
      outputs.flatMap(({ values, spread }) => (spread ? [values, spread.low, spread.high] : [values]).map(bytesOf)),
    )
  }

  const go = async (): Promise<void> => {
    if (busy) return
    busy = true
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await perform(next.work, next.tensor).catch((error: unknown) => fail(next.work.id, error))
      // A run blocks the thread: here a cancel that came meanwhile is heard before the next.
      await new Promise((resolve) => setImmediate(resolve))
    }
    busy = false
  }

  channel.onMessage((message, [tensor]) => {
    const parsed = toComputeSchema.safeParse(message)
    if (!parsed.success) return
    if (parsed.data.type === 'cancel') {
      const { id } = parsed.data
      const index = waiting.findIndex(({ work }) => work.id === id)
      if (index < 0) return
      waiting.splice(index, 1)
      fail(id, new OverreadError('compute.cancelled'))
      return
    }
    waiting.push({ work: parsed.data, tensor })
    void go()
  })
}

/** @throws OverreadError 'inference.provider' where a provider is slower than the CPU: a GPU imitated in software. */
async function compareWithCpu(session: EngineSession, loaded: LoadedPackage, cpu: Opened): Promise<void> {
  const input = await goldenInput(loaded)
  const timed = async (run: EngineSession) => {
    const start = performance.now()
    await run.run(input)
    return performance.now() - start
  }
  await cpu.session.run(input)
  const [own, cpuOnly] = [await timed(session), await timed(cpu.session)]
  if (own > cpuOnly)
    throw new OverreadError('inference.provider', `slower than the CPU, ${own.toFixed(0)} against ${cpuOnly.toFixed(0)} ms`)
}
