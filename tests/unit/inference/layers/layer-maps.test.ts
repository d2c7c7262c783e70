import { expect, test } from 'vitest'
import { mostMapBytes, mostMaps, mostValues, valueOfLevel } from '../../../../contracts/layers'
import { quantisedMaps } from '../../../../main/inference/layers/layer-maps'

const raw = (shape: readonly number[], value: (index: number) => number) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((product, side) => product * side, 1) }, (_, index) => value(index)),
})

test('all maps of a layer share one scale, so a level means one value in each', () => {
  // Map 0 holds -2 and 0, map 1 holds 0 to 6.
  const { maps, levels } = quantisedMaps({ shape: [1, 2, 1, 4], values: Float32Array.of(-2, 0, -2, 0, 0, 2, 4, 6) }, false, 0)
  expect(maps).toMatchObject({ form: 'maps', total: 2, first: 0, rows: 1, columns: 4, spatial: true, scale: [-2, 6] })
  expect([...levels]).toEqual([1, 65, 1, 65, 65, 128, 192, 255])
  expect(maps.form === 'maps' && maps.maps).toEqual([
    { min: -2, max: 0, mean: -1, zeros: 0.5 },
    { min: 0, max: 6, mean: 3, zeros: 0.25 },
  ])
})

test('a level comes back as its value within half a step', () => {
  const { maps, levels } = quantisedMaps(
    raw([1, 1, 20, 30], (index) => Math.sin(index) * 7 - 3),
    false,
    0,
  )
  const half = (maps.scale[1] - maps.scale[0]) / 254 / 2
  for (const [index, level] of levels.entries())
    expect(Math.abs(valueOfLevel(level, maps.scale) - (Math.sin(index) * 7 - 3))).toBeLessThanOrEqual(half + 1e-6)
})

test('maps whose channels stand last are the same maps', () => {
  const first = quantisedMaps(
    raw([1, 3, 2, 5], (index) => index),
    false,
    0,
  )
  // At pixel p of map m: m × 10 + p.
  const last = quantisedMaps(
    raw([1, 2, 5, 3], (index) => (index % 3) * 10 + Math.floor(index / 3)),
    true,
    0,
  )
  expect(last.levels).toEqual(first.levels)
  expect(last.maps).toMatchObject({ total: 3, rows: 2, columns: 5 })
})

test('many maps come in parts, each on the scale of the whole layer', () => {
  const layer = raw([1, mostMaps + 5, 2, 2], (index) => index)
  const begin = quantisedMaps(layer, false, 0)
  const end = quantisedMaps(layer, false, mostMaps)
  expect(begin.levels).toHaveLength(mostMaps * 4)
  expect(end.levels).toHaveLength(5 * 4)
  expect(end.maps.scale).toEqual(begin.maps.scale)
  expect(end.levels.at(-1)).toBe(255)
  expect(quantisedMaps(layer, false, 1000).levels).toHaveLength(0)
})

test('of large maps an answer takes as many as its bytes hold', () => {
  const side = 2048
  const { levels } = quantisedMaps(
    raw([1, 3, side, side], () => 1),
    false,
    0,
  )
  expect(levels).toHaveLength(side * side * Math.floor(mostMapBytes / side ** 2))
})

test.each([
  { shape: [1, 6], total: 6 },
  { shape: [1, 6, 1, 1], total: 6 },
  { shape: [1, mostValues + 9], total: mostValues + 9 },
])('$shape are numbers, no maps', ({ shape, total }) => {
  const { maps, levels } = quantisedMaps(
    raw(shape, (index) => index / 2),
    false,
    0,
  )
  expect(maps).toMatchObject({ form: 'values', total, scale: [0, (total - 1) / 2] })
  expect(maps.form === 'values' && maps.values.slice(0, 3)).toEqual([0, 0.5, 1])
  expect(maps.form === 'values' && maps.values.length).toBe(Math.min(total, mostValues))
  expect(levels).toHaveLength(0)
})

test('a layer of one value is level, and what lies on no grid of the picture says so', () => {
  const flat = quantisedMaps(
    raw([1, 1, 2, 2], () => 0),
    false,
    0,
  )
  expect([...flat.levels]).toEqual([1, 1, 1, 1])
  expect(
    quantisedMaps(
      raw([1, 4, 3], () => 0),
      false,
      0,
    ).maps,
  ).toMatchObject({ form: 'maps', total: 1, spatial: false })
})

test.each([NaN, Infinity])('a layer that holds %s is refused', (value) =>
  expect(() =>
    quantisedMaps(
      raw([1, 1, 2, 2], () => value),
      false,
      0,
    ),
  ).toThrow(expect.objectContaining({ code: 'inference.output' })),
)
