/** Which of TensorFlow's packages runs what is not translated, and what the result says of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { brightestInput, brightestScores, writeBrightest } from './brightest-graph'
import { computeWith, withoutLibrary } from './tensorflow-library'

const folder = mkdtempSync(join(tmpdir(), 'overread-brightest-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const model = writeBrightest(join(folder, 'unknown'), 'Expm1')

// NODE_PATH is asked last: what a developer set up would be found first.
describe.skipIf(!withoutLibrary)('a network that TensorFlow.js must run', () => {
  test('runs on the GPU where the package for it finds one', async () => {
    const client = computeWith({ packages: ['tfjs-node-gpu'], findsGpu: true })
    const prepared = await client.prepare(model, null)
    expect(prepared.provider).toBe('tensorflow-gpu')
    expect((await client.run(prepared, brightestInput)).outputs[0].values[0]).toBeCloseTo(brightestScores.Expm1, 6)
  })

  test('also under a Node that lacks what the library calls', async () => {
    const client = computeWith({ packages: ['tfjs-node'], findsGpu: false, withoutUtilities: true })
    expect((await client.prepare(model, null)).provider).toBe('tensorflow')
  })

  test.each([{ packages: ['tfjs-node-gpu'] as const }, { packages: ['tfjs-node-gpu', 'tfjs-node'] as const }])(
    'is not said to run on a GPU where $packages finds none',
    async ({ packages }) => {
      const prepared = await computeWith({ packages, findsGpu: false }).prepare(model, null)
      expect(prepared.provider).toBe('tensorflow')
      expect(prepared.failed.at(-1)).toEqual({ provider: 'tensorflow-gpu', reason: 'TensorFlow finds no GPU' })
    },
  )

  test('nor on the CPU where it is asked for by name and would run on the GPU', async () => {
    const prepared = await computeWith({ packages: ['tfjs-node-gpu'], findsGpu: true }).prepare(model, 'tensorflow')
    expect(prepared.provider).toBe('tensorflow-gpu')
    expect(prepared.failed[0]).toEqual({ provider: 'tensorflow', reason: 'TensorFlow runs on the GPU' })
  })

  test('runs in WebAssembly where the library breaks off, as it does on the CPU with volumes that are dilated', async () => {
    const words = 'CPU Dilation depth must be 1'
    const client = computeWith({ packages: ['tfjs-node'], findsGpu: false, breaks: { kernel: 'Expm1', words } })
    const prepared = await client.prepare(model, null)
    expect(prepared.provider).toBe('tfjs-wasm')
    expect(prepared.failed.at(-1)).toEqual({ provider: 'tensorflow', reason: `it breaks off: ${words}` })
    expect((await client.run(prepared, brightestInput)).outputs[0].values[0]).toBeCloseTo(brightestScores.Expm1, 6)
  })
})
