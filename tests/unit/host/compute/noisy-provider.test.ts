/** A provider that gives other values than the CPU is caught by the golden case wherever it is opened. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ProviderName } from '../../../../contracts/analysis'
import { ComputeClient } from '../../../../main/host/compute/compute-client'
import type { OpenSession } from '../../../../main/inference/onnx-session'
import { startInThread } from '../../../integration/inference/compute-in-thread'
import { writeIdentityPackage } from '../../../integration/inference/tiny-packages'

const tensor = new Float32Array(64).fill(0.5)
/** Far above what a package of these tests tolerates. */
const noise = 0.25

function compute() {
  const folder = mkdtempSync(join(tmpdir(), 'overread-noisy-'))
  const state = { noisy: true, opened: [] as string[], released: [] as string[] }
  const openSession: OpenSession = async (_loaded, provider) => {
    state.opened.push(provider)
    return {
      run: async (values) => {
        const added = state.noisy && provider !== 'cpu' ? noise : 0
        return [{ values: Float32Array.from(values, (value, index) => (index === 7 ? value + added : value)), shape: [1, 1, 8, 8] }]
      },
      release: async () => void state.released.push(provider),
    }
  }
  const start = async () => startInThread({ openSession, bounds: { sessions: 1, residentBytes: Infinity, readResident: () => 0 } })
  const client = new ComputeClient(start)
  onTestFinished(async () => {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const model = (name: string) => ({ folder: join(folder, name), sha256: writeIdentityPackage(join(folder, name), 8).sha256 })
  return { client, state, model }
}

const otherProvider: ProviderName = 'cuda'

test('it is not used for the model, its session is closed, and the result can say why', async () => {
  const { client, state, model } = compute()
  const prepared = await client.prepare(model('a'), otherProvider)
  expect(prepared.provider).toBe('cpu')
  expect(prepared.failed).toEqual([{ provider: otherProvider, reason: expect.stringMatching(/differs by 0\.25 from the golden case/) }])
  expect(state).toMatchObject({ opened: [otherProvider, 'cpu'], released: [otherProvider] })
})

test('one that agrees is used', async () => {
  const { client, state, model } = compute()
  state.noisy = false
  expect(await client.prepare(model('a'), otherProvider)).toMatchObject({ provider: otherProvider, failed: [] })
})

test('one that begins to disagree is caught as a new process opens its session for a run', async () => {
  const { client, state, model } = compute()
  state.noisy = false
  const prepared = await client.prepare(model('a'), otherProvider)
  await client.close()
  state.noisy = true
  await expect(client.run(prepared, tensor)).rejects.toMatchObject({ code: 'compute.provider' })
  await expect(client.run(prepared, tensor)).rejects.toMatchObject({ code: 'compute.provider' })
  const failed = [{ provider: otherProvider, reason: expect.stringMatching(/differs by 0\.25/) }]
  expect(await client.prepare(prepared.model, otherProvider)).toMatchObject({ provider: 'cpu', failed })
})

test('and as a session is opened again that was closed for another', async () => {
  const { client, state, model } = compute()
  state.noisy = false
  const prepared = await client.prepare(model('a'), otherProvider)
  await client.prepare(model('b'), 'cpu')
  expect(state.released).toEqual([otherProvider])
  state.noisy = true
  await expect(client.run(prepared, tensor)).rejects.toMatchObject({ code: 'compute.provider' })
})

test('a run on the CPU repeats nothing', async () => {
  const { client, state, model } = compute()
  const prepared = await client.prepare(model('a'), 'cpu')
  await client.close()
  expect((await client.run(prepared, tensor)).outputs[0].values).toEqual(tensor)
  expect(state.opened).toEqual(['cpu', 'cpu'])
})

test('the self-check has it repeat the golden case although it did before', async () => {
  const { client, state, model } = compute()
  state.noisy = false
  const wanted = model('a')
  await client.prepare(wanted, otherProvider)
  expect(await client.prove(wanted, otherProvider)).toBeNull()
  state.noisy = true
  expect(await client.prove(wanted, otherProvider)).toMatch(/differs by 0\.25/)
  expect(state.released).toEqual([otherProvider])
})
