import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { knownAbsence } from '../../../main/inference/providers'
import { repository } from '../../shared-data'
import { clientWithProcesses, rejection, startEngine } from './engine'
import { divisionGraph, identityPackage, slowGraph, writeIdentityPackage, writePackage } from './tiny-packages'

let engine: ReturnType<typeof startEngine>
beforeAll(() => (engine = startEngine()))
afterAll(() => engine.stop())

const identity = (name: string, side = 8) => {
  const folder = join(engine.folder, name)
  return { folder, sha256: writeIdentityPackage(folder, side).sha256 }
}
const ramp = (side: number) => Float32Array.from({ length: side * side }, (_, index) => index / (side * side))

test('opens a package on the CPU, repeats its golden case, runs a tensor', async () => {
  const prepared = await engine.compute.prepare(identity('plain'), 'cpu')
  expect(prepared).toMatchObject({ provider: 'cpu', threads: null, failed: [] })
  const { outputs, runMs } = await engine.compute.run(prepared, ramp(8))
  expect(outputs).toEqual([{ name: 'map', rows: 8, columns: 8, spread: null, values: ramp(8) }])
  expect(runMs).toBeGreaterThan(0)
})

test.skipIf(knownAbsence('webgpu') === null)('names the providers that cannot serve here, with the reason', async () => {
  const prepared = await engine.compute.prepare(identity('named'), null)
  expect(prepared.provider).toBe('cpu')
  expect(prepared.failed).toEqual([
    { provider: 'cuda', reason: 'no GPU device' },
    { provider: 'webgpu', reason: 'no GPU device' },
  ])
})

test.skipIf(knownAbsence('webgpu') === null)('tries a provider that was asked for by name, then the CPU', async () => {
  const prepared = await engine.compute.prepare(identity('asked'), 'cuda')
  expect(prepared.provider).toBe('cpu')
  expect(prepared.failed).toEqual([{ provider: 'cuda', reason: expect.stringMatching(/.{10}/) }])
  expect(prepared.failed[0].reason).not.toContain(repository)
})

test('outlives a provider that ends the process, and does not try it again', async () => {
  const { client, processes } = clientWithProcesses(['--require', join(repository, 'tests/integration/inference/dies-on-cuda.cjs')])
  const reason = 'it stopped the computing process (signal SIGSEGV)'
  const first = await client.prepare(identity('deadly'), 'cuda')
  expect(first).toMatchObject({ provider: 'cpu', failed: [{ provider: 'cuda', reason }] })
  expect((await client.run(first, ramp(8))).outputs[0].values).toEqual(ramp(8))
  expect(await client.prepare(identity('deadly'), 'cuda')).toMatchObject({ provider: 'cpu', failed: [{ provider: 'cuda', reason }] })
  expect(processes).toHaveLength(2)
  await client.close()
})

test('leaves the processors to who reads: it and the threads of its engine stand behind', async () => {
  const { client, processes } = clientWithProcesses()
  await client.run(await client.prepare(identity('behind'), 'cpu'), ramp(8))
  const pid = processes[0].pid!
  expect(getPriority(pid)).toBeGreaterThan(getPriority())
  if (process.platform === 'linux') {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)))
    expect(threads.filter((priority) => priority > getPriority()).length).toBeGreaterThan(1)
  }
  await client.close()
})

describe('refuses', () => {
  test('a package that does not repeat its golden case', async () => {
    const folder = join(engine.folder, 'liar')
    const { sha256 } = writePackage(folder, identityPackage(8), slowGraph(8, 1), (input) => ({
      map: { shape: [1, 1, 8, 8], values: input },
    }))
    await expect(engine.compute.prepare({ folder, sha256 }, 'cpu')).rejects.toEqual(
      rejection('inference.provider', /cpu: map differs by 0\.\d+ from the golden case/),
    )
  })
  test('weights other than those asked for', async () => {
    await expect(engine.compute.prepare({ ...identity('swapped'), sha256: 'f'.repeat(64) }, 'cpu')).rejects.toEqual(rejection('model.hash'))
  })
  test('a graph whose input has another name', async () => {
    const folder = join(engine.folder, 'renamed')
    const graph = { ...slowGraph(8, 1), inputs: { other: [1, 1, 8, 8] } }
    const { sha256 } = writePackage(folder, identityPackage(8), graph, () => ({}))
    await expect(engine.compute.prepare({ folder, sha256 }, 'cpu')).rejects.toEqual(rejection('model.weights'))
  })
  test('values that are no numbers, and goes on', async () => {
    const folder = join(engine.folder, 'division')
    const { sha256 } = writePackage(folder, identityPackage(8), divisionGraph(8), () => ({
      map: { shape: [1, 1, 8, 8], values: new Float32Array(64) },
    }))
    const prepared = await engine.compute.prepare({ folder, sha256 }, 'cpu')
    await expect(engine.compute.run(prepared, new Float32Array(64))).rejects.toEqual(rejection('inference.output', /NaN/))
    expect((await engine.compute.run(prepared, new Float32Array(64).fill(1))).outputs[0].values).toEqual(new Float32Array(64))
  })
  test('a tensor of another size', async () => {
    const prepared = await engine.compute.prepare(identity('sized'), 'cpu')
    await expect(engine.compute.run(prepared, ramp(7))).rejects.toEqual(rejection('request.invalid'))
  })
})

test('keeps more packages in turn than it keeps sessions open', async () => {
  const models = [8, 9, 10, 11, 12].map((side) => ({ side, model: identity(`turn${side}`, side) }))
  for (const { side, model } of [...models, ...models]) {
    const { outputs } = await engine.compute.run({ model, provider: 'cpu', threads: null, failed: [] }, ramp(side))
    expect(outputs[0].values).toEqual(ramp(side))
  }
})

describe('a run that takes seconds', () => {
  const side = 512
  const slow = () => {
    const folder = join(engine.folder, 'slow')
    return {
      folder,
      sha256: writePackage(folder, slowPackage, slowGraph(side, 24), () => ({
        map: { shape: [1, 1, side, side], values: new Float32Array(side * side) },
      })).sha256,
    }
  }
  const slowPackage = identityPackage(side)
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  test('ends with the process, which is named; the next run has a new one', async () => {
    const { client, processes } = clientWithProcesses()
    const quick = await client.prepare(identity('after-death'), 'cpu')
    const running = client.run({ model: slow(), provider: 'cpu', threads: null, failed: [] }, new Float32Array(side * side))
    const ended = expect(running).rejects.toEqual(rejection('compute.died', /signal SIGKILL/))
    await pause(300)
    processes[0].kill('SIGKILL')
    await ended
    expect((await client.run(quick, ramp(8))).outputs[0].values).toEqual(ramp(8))
    expect(processes).toHaveLength(2)
    await client.close()
  })

  test('is given up about a second after a cancel; what waited behind it is taken back at once', async () => {
    const { client, processes } = clientWithProcesses()
    const quick = await client.prepare(identity('after-cancel'), 'cpu')
    const abort = new AbortController()
    const running = client.run({ model: slow(), provider: 'cpu', threads: null, failed: [] }, new Float32Array(side * side), abort.signal)
    const behind = client.run(quick, ramp(8), abort.signal)
    const both = Promise.all([running, behind].map((run) => expect(run).rejects.toEqual(rejection('compute.cancelled'))))
    await pause(300)
    const cancelled = performance.now()
    abort.abort()
    await both
    expect(performance.now() - cancelled).toBeLessThan(2500)
    expect((await client.run(quick, ramp(8))).outputs[0].values).toEqual(ramp(8))
    expect(processes).toHaveLength(2)
    await client.close()
  })

  test('does not take down with it what is asked for after the cancel', async () => {
    const { client, processes } = clientWithProcesses()
    const quick = await client.prepare(identity('next-job'), 'cpu')
    const abort = new AbortController()
    const running = client.run({ model: slow(), provider: 'cpu', threads: null, failed: [] }, new Float32Array(side * side), abort.signal)
    const ended = expect(running).rejects.toEqual(rejection('compute.cancelled'))
    await pause(300)
    abort.abort()
    // Sent to the process that is about to be killed, it would die with it.
    const next = client.run(quick, ramp(8))
    await ended
    expect((await next).outputs[0].values).toEqual(ramp(8))
    expect(processes).toHaveLength(2)
    await client.close()
  })
})
