import { describe, expect, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { runNetwork } from '../../../main/inference/network'
import type { EngineSession } from '../../../main/inference/onnx-session'
import { varied } from '../../../main/inference/test-time-variants'
import { identityPackage } from '../../integration/inference/tiny-packages'

const variant = (shift: [number, number], gain = 1, offset = 0) => ({ shift, gain, offset })

test('a variant moves the picture, repeats its edge and changes its values', () => {
  const picture = Float32Array.from([1, 2, 3, 4, 5, 6])
  expect([...varied(picture, 2, 3, variant([0, 1]))]).toEqual([1, 1, 2, 4, 4, 5])
  expect([...varied(picture, 2, 3, variant([-1, 0]))]).toEqual([4, 5, 6, 4, 5, 6])
  expect([...varied(picture, 2, 3, variant([0, 0], 2, 1))]).toEqual([3, 5, 7, 9, 11, 13])
  // Channels are apart: nothing runs from one into the next.
  expect([...varied(picture, 1, 3, variant([0, -1]))]).toEqual([2, 3, 3, 5, 6, 6])
})

/** A network whose map is its input, seen on a grid of half the side where `coarse`. */
function session(side: number, coarse: boolean): EngineSession & { runs: number } {
  return {
    runs: 0,
    async run(tensor) {
      this.runs++
      if (!coarse) return [{ values: tensor.slice(), shape: [1, 1, side, side] }]
      const half = side / 2
      const values = new Float32Array(half * half)
      for (let i = 0; i < tensor.length; i++)
        values[Math.floor(Math.floor(i / side) / 2) * half + Math.floor((i % side) / 2)] += tensor[i] / 4
      return [{ values, shape: [1, 1, half, half] }]
    },
    release: async () => {},
  }
}

const packageWith = (changes: Partial<PictureModel>) => identityPackage(8, changes)
/** Rises along the columns: shifting it back gives the same, but for the edges. */
const ramp = Float32Array.from({ length: 64 }, (_, i) => 0.1 + 0.1 * (i % 8))

describe('the spread of a map', () => {
  test('is none without variants', async () => {
    const { outputs, distance } = await runNetwork(session(8, false), packageWith({}), ramp)
    expect(outputs[0].spread).toBeNull()
    expect(distance).toBeNull()
  })

  test('of shifts alone is none where the network follows them', async () => {
    const model = packageWith({ testTimeVariants: [variant([2, 2]), variant([-2, -2])] })
    const { outputs } = await runNetwork(session(8, false), model, ramp)
    const { low, high } = outputs[0].spread!
    for (let row = 2; row < 6; row++) {
      for (let column = 2; column < 6; column++) {
        expect(low[row * 8 + column]).toBeCloseTo(ramp[column], 6)
        expect(high[row * 8 + column]).toBeCloseTo(ramp[column], 6)
      }
    }
  })

  test('of a coarser map is taken back by a fraction of a cell', async () => {
    const model = packageWith({ testTimeVariants: [variant([0, 1])] })
    const { outputs } = await runNetwork(session(8, true), model, ramp)
    const { low, high } = outputs[0].spread!
    // Cells two from the edge: the mean of two pixels of the ramp, whichever way it was taken.
    for (const map of [low, high, outputs[0].values]) expect(map[4 + 1]).toBeCloseTo(0.35, 6)
  })

  test('holds the answer, the mirrored runs and the variants; the answer is that of the plain and mirrored runs', async () => {
    const model = packageWith({ testTimeFlips: ['columns'], testTimeVariants: [variant([0, 0], 0.5), variant([0, 0], 1, 0.1)] })
    const engine = session(8, false)
    const { outputs } = await runNetwork(engine, model, ramp)
    expect(engine.runs).toBe(4)
    const [{ values, spread }] = outputs
    expect(values[3]).toBeCloseTo(0.4, 6)
    expect(spread!.low[3]).toBeCloseTo(0.2, 6)
    expect(spread!.high[3]).toBeCloseTo(0.5, 6)
  })
})

test.each([
  { what: 'of another shape', output: { values: Float32Array.of(1, 2), shape: [1, 2] } },
  { what: 'below nothing', output: { values: Float32Array.of(-1), shape: [1, 1] } },
  { what: 'that is no number', output: { values: Float32Array.of(NaN), shape: [1, 1] } },
])('a distance $what is refused', async ({ output }) => {
  const model = packageWith({ distribution: { output: 'distance', of: 'picture', threshold: 1, measuredOn: 'nothing' } })
  const plain = session(8, false)
  const engine: EngineSession = { run: async (tensor) => [...(await plain.run(tensor)), output], release: async () => {} }
  await expect(runNetwork(engine, model, ramp)).rejects.toMatchObject({ code: 'inference.output' })
})
