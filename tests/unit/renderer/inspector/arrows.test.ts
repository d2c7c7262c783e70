import { expect, test } from 'vitest'
import { mostLanes, skipsOf } from '../../../../renderer/inspector/arrows'

const of = (...inputs: number[][]) => skipsOf(inputs.map((each) => ({ inputs: each })))

test('a chain has no way past another layer', () => expect(of([-1], [0], [1])).toEqual([]))

test('a way within another lies inside it, and ways one after the other share a lane', () =>
  expect(of([-1], [0], [0, 1], [2], [2, 3], [-1, 4])).toEqual([
    { from: 0, to: 2, lane: 0 },
    { from: 2, to: 4, lane: 0 },
    { from: -1, to: 5, lane: 1 },
  ]))

test('ways that run side by side never share a lane, until there are no more', () => {
  // Each layer reads the picture: all ways begin together.
  const skips = of(...Array.from({ length: mostLanes + 3 }, () => [-1]))
  const lanes = skips.map(({ lane }) => lane)
  expect(lanes).toEqual(Array.from({ length: skips.length }, (_, at) => Math.min(at, mostLanes - 1)))
})
