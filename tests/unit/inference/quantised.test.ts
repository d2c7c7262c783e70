import { expect, test } from 'vitest'
import { highPercentile, quantise, quantisedSteps } from '../../../main/inference/quantised'

/** By sorting: the least value whose cumulative count reaches ceil(q / 100 × n). */
function sorted(map: Float32Array, percentile: number): number {
  const steps = Array.from(map, quantise).sort((a, b) => a - b)
  return steps[Math.max(1, Math.ceil((percentile / 100) * map.length)) - 1] / quantisedSteps
}

let state = 7
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
const map = (length: number, value: (index: number) => number) => Float32Array.from({ length }, (_, index) => value(index))

test.each([
  ['noise', map(20_000, random)],
  ['mostly nothing', map(20_000, () => Math.max(0, random() * 100 - 99))],
  ['nothing at all', map(5000, () => 0)],
  ['saturated', map(5000, () => 1)],
  ['two values', map(5000, () => (random() < 0.002 ? 0.75 : 0.25))],
  // High where every sampled value lies: the sample misleads, and all are counted.
  ['high in each 64th place', map(64 * 500, (index) => (index % 64 === 0 ? 0.9 : random() * 0.1))],
  // Low where every sampled value lies: the sample misses all that is high.
  ['low in each 64th place', map(64 * 500, (index) => (index % 64 === 0 ? 0.1 : 0.5 + random() / 2))],
  ['half a step from the next', map(4000, (index) => (30_000 + (index % 7) + (index % 2 ? 0.4999 : 0.5001)) / quantisedSteps)],
  ['one pixel', Float32Array.of(0.3)],
])('%s has the percentile that sorting gives', (_, values) => {
  for (const percentile of [90, 99, 99.9, 100]) expect(highPercentile(values, percentile)).toBe(sorted(values, percentile))
})
