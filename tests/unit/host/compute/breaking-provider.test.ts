/** A provider that breaks a run off: another takes its place, and what it said stands in the result. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProviderName } from '../../../../contracts/analysis'
import { OverreadError } from '../../../../contracts/errors'
import { ComputeClient } from '../../../../main/host/compute/compute-client'
import { engineFault } from '../../../../main/inference/engine-fault'
import type { OpenSession } from '../../../../main/inference/onnx-session'
import { isTfjsProvider, otherEngine } from '../../../../main/inference/providers'
import { rejection } from '../../../integration/inference/engine'
import { startInThread } from '../../../integration/inference/compute-in-thread'
import { writeIdentityPackage } from '../../../integration/inference/tiny-packages'

const tensor = new Float32Array(64).fill(0.5)

/** `says`: the fault of a provider's run with that number, counted over all sessions; null where the run succeeds. */
function computeWhere(says: (provider: ProviderName, run: number) => Error | null, engine: 'onnx' | 'tfjs' = 'onnx') {
  const folder = mkdtempSync(join(tmpdir(), 'overread-breaking-'))
  const state = { runs: 0, opened: [] as string[], released: [] as string[] }
  const openSession: OpenSession = async (_loaded, provider) => {
    if (isTfjsProvider(provider) !== (engine === 'tfjs')) throw new OverreadError('inference.provider', otherEngine)
    state.opened.push(provider)
    return {
      run: async (values) => {
        const fault = says(provider, ++state.runs)
        if (fault) throw engineFault(fault, provider)
        return [{ values, shape: [1, 1, 8, 8] }]
      },
      release: async () => void state.released.push(provider),
    }
  }
  const client = new ComputeClient(async () => startInThread({ openSession }))
  onTestFinished(async () => {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const model = (name = 'a') => ({ folder: join(folder, name), sha256: writeIdentityPackage(join(folder, name), 8).sha256 })
  return { client, state, model }
}

const lost = new Error('Non-zero status code returned while running Conv node: /home/builder/onnx/webgpu.cc:91 device lost')
const full = new Error('Failed to allocate memory for requested buffer of size 1073741824')
const on = (broken: ProviderName, fault: Error) => (provider: ProviderName) => (provider === broken ? fault : null)

describe('in its golden case', () => {
  test.each([
    { fault: lost, reason: /^it breaks off: Non-zero status code.* webgpu\.cc:91 device lost$/ },
    { fault: full, reason: /^it breaks off: Failed to allocate/ },
  ])('the next serves: $reason', async ({ fault, reason }) => {
    const { client, state, model } = computeWhere(on('webgpu', fault))
    const prepared = await client.prepare(model(), 'webgpu')
    expect(prepared).toMatchObject({ provider: 'cpu', failed: [{ provider: 'webgpu', reason: expect.stringMatching(reason) }] })
    expect(state).toMatchObject({ opened: ['webgpu', 'cpu'], released: ['webgpu'] })
    expect((await client.run(prepared, tensor)).outputs[0].values).toEqual(tensor)
  })

  test('on the CPU it is the network that cannot be run', async () => {
    const { client, model } = computeWhere(on('cpu', lost))
    await expect(client.prepare(model(), 'cpu')).rejects.toEqual(rejection('inference.provider', /^cpu: it breaks off: Non-zero/))
  })

  test('and where the CPU lacks the memory, that is said', async () => {
    const { client, model } = computeWhere(on('cpu', full))
    await expect(client.prepare(model(), 'cpu')).rejects.toMatchObject({ code: 'inference.memory' })
  })
})

describe('after it proved itself', () => {
  test.each([{ fault: lost }, { fault: full }])('it is not used again for this network, but for others: $fault', async ({ fault }) => {
    const { client, model } = computeWhere((provider, run) => (provider === 'cuda' && run === 2 ? fault : null))
    const prepared = await client.prepare(model(), 'cuda')
    await expect(client.run(prepared, tensor)).rejects.toEqual(rejection('compute.provider', /^cuda: /))
    const again = await client.prepare(model(), 'cuda')
    expect(again).toMatchObject({ provider: 'cpu', failed: [{ provider: 'cuda', reason: expect.stringMatching(/^it broke off: /) }] })
    expect((await client.run(again, tensor)).outputs[0].values).toEqual(tensor)
  })

  test('on the CPU it is the picture: others are run as before', async () => {
    const { client, model } = computeWhere((_, run) => (run === 2 ? lost : null))
    const prepared = await client.prepare(model(), 'cpu')
    await expect(client.run(prepared, tensor)).rejects.toMatchObject({ code: 'inference.failed' })
    expect((await client.run(prepared, tensor)).outputs[0].values).toEqual(tensor)
  })
})

describe('of TensorFlow.js', () => {
  const lacking = (...backends: ProviderName[]) =>
    computeWhere((provider) => (backends.includes(provider) ? new OverreadError('model.operators', 'Einsum') : null), 'tfjs')

  test('one that lacks an operator gives way to the next', async () => {
    const { client, model } = lacking('tensorflow-gpu', 'tensorflow', 'tfjs-wasm')
    const prepared = await client.prepare(model(), 'cpu')
    expect(prepared.provider).toBe('tfjs-cpu')
    expect(prepared.failed).toEqual(
      ['tensorflow-gpu', 'tensorflow', 'tfjs-wasm'].map((provider) => ({ provider, reason: 'it lacks Einsum' })),
    )
  })

  test('and one that none has is named', async () => {
    const { client, model } = lacking('tensorflow-gpu', 'tensorflow', 'tfjs-wasm', 'tfjs-cpu')
    await expect(client.prepare(model(), 'cpu')).rejects.toMatchObject({ code: 'model.operators', detail: 'Einsum' })
  })
})
