/** Both ends of the compute process in one process, with an engine whose sessions are counted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ComputeClient, type ThreadMemory } from '../../../../main/host/compute/compute-client'
import type { ThreadChoice } from '../../../../main/host/compute/compute-protocol'
import type { OpenSession } from '../../../../main/inference/onnx-session'
import { startInThread } from '../../../integration/inference/compute-in-thread'
import { writeIdentityPackage } from '../../../integration/inference/tiny-packages'

interface Options {
  readonly threads?: ThreadMemory
  readonly mostResidentBytes?: number
  readonly runtime?: string
  readonly mostThreads?: number
  /** Of a run, by provider and threads. */
  /** Share of the cores that others take. */
  readonly others?: number
  readonly takesMs?: (provider: string, threads: number) => number
}

function compute({
  threads,
  mostResidentBytes = Infinity,
  runtime = '1.0.0',
  mostThreads = 1,
  others = 0,
  takesMs = () => 0,
}: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'overread-compute-'))
  const seen = { opened: [] as string[], released: 0, runs: 0, processes: 0, resident: 100 }
  const openSession: OpenSession = async (_loaded, provider, count) => {
    seen.opened.push(count === undefined ? provider : `${provider} ${count}`)
    return {
      run: async (tensor) => {
        seen.runs++
        await new Promise((resolve) => setTimeout(resolve, takesMs(provider, count ?? 0)))
        return [{ values: Float32Array.from(tensor), shape: [1, 1, 8, 8] }]
      },
      release: async () => void seen.released++,
    }
  }
  const start = async () => {
    seen.processes++
    const bounds = { sessions: 4, residentBytes: mostResidentBytes, readResident: () => seen.resident }
    const surroundings = { now: () => performance.now(), watchOthers: () => () => others }
    return startInThread({ openSession, runtime, bounds, mostThreads, surroundings })
  }
  const client = new ComputeClient(start, threads, mostResidentBytes)
  onTestFinished(async () => {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const model = (name: string) => ({ folder: join(folder, name), sha256: writeIdentityPackage(join(folder, name), 8).sha256 })
  return { client, seen, model }
}

function memory(known: ThreadChoice | null = null): ThreadMemory & { kept: ThreadChoice[] } {
  const kept: ThreadChoice[] = []
  return { kept, get: async () => kept.at(-1) ?? known, put: async (_sha256, choice) => void kept.push(choice) }
}
const tensor = new Float32Array(64).fill(0.5)

test('what was prepared is opened and proven once: the wanted run is the next', async () => {
  const { client, seen, model } = compute()
  const wanted = model('a')
  await client.prepare(wanted, 'cpu')
  expect(seen).toMatchObject({ opened: ['cpu'], runs: 1 })
  const prepared = await client.prepare(wanted, 'cpu')
  expect(seen).toMatchObject({ opened: ['cpu'], runs: 1 })
  await client.run(prepared, tensor)
  expect(seen).toMatchObject({ opened: ['cpu'], runs: 2, processes: 1 })
})

test('threads are measured at the first prepare and kept; a later process takes them as they are', async () => {
  const threads = memory()
  const { client, seen, model } = compute({ threads, mostThreads: 2, takesMs: (_, count) => (count === 2 ? 2 : 40) })
  const wanted = model('a')
  expect(await client.prepare(wanted, 'cpu')).toMatchObject({ threads: { threads: 2, runtime: '1.0.0' } })
  expect(seen).toMatchObject({ opened: ['cpu 1', 'cpu 2'], released: 1 })
  expect(threads.kept).toEqual([{ threads: 2, runtime: '1.0.0' }])
  await client.close()
  await client.prepare(wanted, 'cpu')
  expect(seen.opened).toEqual(['cpu 1', 'cpu 2', 'cpu 2'])
  expect(threads.kept).toHaveLength(1)
})

test('on a busy machine all cores are taken and nothing is kept; a process tries it once', async () => {
  const threads = memory()
  const { client, seen, model } = compute({ threads, mostThreads: 2, others: 0.4, takesMs: (_, count) => (count === 1 ? 2 : 20) })
  const wanted = model('a')
  expect(await client.prepare(wanted, 'cpu')).toMatchObject({ threads: null })
  await client.prepare(wanted, 'cpu')
  expect(seen).toMatchObject({ opened: ['cpu 1', 'cpu 2'], released: 1 })
  expect(threads.kept).toEqual([])
})

test('threads measured with another version of the runtime are measured again', async () => {
  const threads = memory({ threads: 1, runtime: '0.9.0' })
  const { client, model } = compute({ threads, mostThreads: 2, takesMs: (_, count) => (count === 2 ? 2 : 40) })
  await client.prepare(model('a'), 'cpu')
  expect(threads.kept).toEqual([{ threads: 2, runtime: '1.0.0' }])
})

test('nothing is measured where nothing is kept', async () => {
  const { client, seen, model } = compute({ mostThreads: 4 })
  expect(await client.prepare(model('a'), 'cpu')).toMatchObject({ threads: null })
  expect(seen).toMatchObject({ opened: ['cpu'], runs: 1 })
})

test('a process that lost its session opens it on the threads that were measured', async () => {
  const { client, seen, model } = compute({ threads: memory({ threads: 3, runtime: '1.0.0' }), mostThreads: 4 })
  const prepared = await client.prepare(model('a'), 'cpu')
  await client.close()
  await client.run(prepared, tensor)
  expect(seen).toMatchObject({ opened: ['cpu 3', 'cpu 3'], processes: 2 })
})

test('each answer says what the process holds', async () => {
  const { client, seen, model } = compute()
  const prepared = await client.prepare(model('a'), 'cpu')
  seen.resident = 250
  expect(await client.run(prepared, tensor)).toMatchObject({ residentBytes: 250 })
})

test('between jobs a process that holds too much is replaced, and one that does not is kept', async () => {
  const { client, seen, model } = compute({ mostResidentBytes: 200 })
  const wanted = model('a')
  await client.prepare(wanted, 'cpu')
  await client.relieve()
  const prepared = await client.prepare(wanted, 'cpu')
  expect(seen.processes).toBe(1)
  seen.resident = 201
  await client.run(prepared, tensor)
  await client.relieve()
  seen.resident = 100
  await client.run(prepared, tensor)
  expect(seen.processes).toBe(2)
})

test('no process is replaced while it owes an answer', async () => {
  const { client, seen, model } = compute({ mostResidentBytes: 50, takesMs: () => 20 })
  const prepared = await client.prepare(model('a'), 'cpu')
  const running = client.run(prepared, tensor)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await client.relieve()
  expect((await running).outputs[0].values).toEqual(tensor)
  expect(seen.processes).toBe(1)
})

test('beyond the bytes the sessions of other networks are closed', async () => {
  const { client, seen, model } = compute({ mostResidentBytes: 200 })
  await client.prepare(model('a'), 'cpu')
  seen.resident = 300
  const second = await client.prepare(model('b'), 'cpu')
  await client.run(second, tensor)
  expect(seen).toMatchObject({ opened: ['cpu', 'cpu'], released: 1 })
})

test('a request that is not understood is refused, and what comes after it is done', async () => {
  const { client, model } = compute()
  const { sha256 } = model('a')
  const network = { engine: 'onnx' as const, files: ['model.onnx'], sha256, channelsLast: false, normaliseAfter: null }
  await expect(client.tryNetwork(network, tensor, [1, 1, 0, 64])).rejects.toMatchObject({ code: 'request.invalid' })
  expect(await client.prepare(model('b'), 'cpu')).toMatchObject({ provider: 'cpu' })
})
