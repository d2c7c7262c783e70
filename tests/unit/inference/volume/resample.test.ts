import { expect, test } from 'vitest'
import { countLevels, levelsFrom } from '../../../../main/inference/volume/levels'
import { nearestSlice, resampleLinear } from '../../../../main/inference/volume/resample'
import {
  coincide,
  conformedGrid,
  indexMap,
  voxelCount,
  voxelVolume,
  type Sides,
  type VoxelGrid,
} from '../../../../main/inference/volume/voxel-grid'
import { askPython, hasScipy } from './python'

const conform = {
  sides: [24, 20, 22] as [number, number, number],
  spacingMm: [1, 1, 1] as [number, number, number],
  levels: 'eight-bit' as const,
}
// The way there and back loses what the coarser of the two grids does not hold.
const fine = { ...conform, sides: [48, 40, 44] as [number, number, number], spacingMm: [0.5, 0.5, 0.5] as [number, number, number] }
const axes: ['L', 'F', 'A'] = ['L', 'F', 'A']

/** A grid whose axes run along `along`, columns first, turned a little about all three, centred at 5, -7, 11. */
function grid(sides: Sides, along: readonly (readonly [number, number, number])[], spacing: readonly number[], turn = 0.12): VoxelGrid {
  const turned = along.map(([x, y, z]) => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)]
    const [x1, y1] = [c * x - s * y, s * x + c * y]
    return [x1, c * y1 - s * z, s * y1 + c * z]
  })
  const counts = [sides[2], sides[1], sides[0]]
  const centre = [5, -7, 11]
  const row = (axis: number) => {
    const steps = turned.map((direction, of) => direction[axis] * spacing[of])
    return [...steps, centre[axis] - steps.reduce((sum, step, of) => sum + (step * (counts[of] - 1)) / 2, 0)]
  }
  return { sides, affine: [...row(0), ...row(1), ...row(2), 0, 0, 0, 1] }
}

const storages: Record<string, { sides: Sides; along: readonly (readonly [number, number, number])[]; spacing: readonly number[] }> = {
  axial: {
    sides: [14, 30, 26],
    along: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    spacing: [0.8, 0.9, 1.7],
  },
  'axial from the head down': {
    sides: [14, 30, 26],
    along: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, -1],
    ],
    spacing: [0.8, 0.9, 1.7],
  },
  sagittal: {
    sides: [13, 25, 30],
    along: [
      [0, 1, 0],
      [0, 0, -1],
      [1, 0, 0],
    ],
    spacing: [0.9, 0.8, 1.6],
  },
  coronal: {
    sides: [15, 26, 27],
    along: [
      [1, 0, 0],
      [0, 0, -1],
      [0, 1, 0],
    ],
    spacing: [0.8, 0.9, 1.5],
  },
}

/** Values of a smooth thing in the patient, so that storage does not matter. */
function sampled({ sides, affine }: VoxelGrid, of: (x: number, y: number, z: number) => number): Float32Array {
  const values = new Float32Array(voxelCount(sides))
  let at = 0
  for (let slice = 0; slice < sides[0]; slice++)
    for (let row = 0; row < sides[1]; row++)
      for (let column = 0; column < sides[2]; column++) {
        const [x, y, z] = [0, 4, 8].map((of) => affine[of] * column + affine[of + 1] * row + affine[of + 2] * slice + affine[of + 3])
        values[at++] = of(x, y, z)
      }
  return values
}

const blob = (x: number, y: number, z: number) => ((x - 6) / 7) ** 2 + ((y + 6) / 5) ** 2 + ((z - 10) / 6) ** 2
const dice = (a: Uint8Array, b: Uint8Array) => {
  let both = 0
  let sum = 0
  for (let at = 0; at < a.length; at++) {
    both += a[at] & b[at]
    sum += a[at] + b[at]
  }
  return (2 * both) / sum
}

test.runIf(hasScipy).each(Object.keys(storages))('equals SciPy on an oblique %s grid of voxels that are no cubes', (name) => {
  const { sides, along, spacing } = storages[name]
  const series = grid(sides, along, spacing)
  const target = conformedGrid(series, axes, conform)
  const values = Float32Array.from({ length: voxelCount(sides) }, (_, at) => (at * 7919) % 503)
  const ours = new Float32Array(voxelCount(target.sides))
  resampleLinear({ values, sides }, { values: ours, sides: target.sides }, indexMap(target, series), null, -1, 0, target.sides[0])
  // SciPy's affine takes its axes slowest first.
  const theirs = askPython<number[]>(
    `v = np.array(given['values'], np.float64).reshape(given['sides'])
m = np.linalg.inv(np.array(given['series']).reshape(4, 4)) @ np.array(given['target']).reshape(4, 4)
p = [2, 1, 0]
out = ndimage.affine_transform(v, m[:3, :3][p][:, p], m[:3, 3][p], given['shape'], order=1, mode='constant', cval=-1)
print(json.dumps(out.ravel().tolist()))`,
    { values: [...values], sides, series: series.affine, target: target.affine, shape: target.sides },
  )
  expect(theirs.filter((value) => value !== -1).length).toBeGreaterThan(1000)
  const furthest = theirs.reduce((most, value, at) => Math.max(most, Math.abs(value - ours[at])), 0)
  expect(furthest).toBeLessThan(1e-3)
})

test.each(Object.keys(storages))('a blob of the patient comes back on its own voxels from %s storage', (name) => {
  const { sides, along, spacing } = storages[name]
  const series = grid(sides, along, spacing)
  const target = conformedGrid(series, axes, fine)
  const labels = Uint8Array.from(sampled(target, blob), (distance) => (distance < 1 ? 1 : 0))
  const wanted = Uint8Array.from(sampled(series, blob), (distance) => (distance < 1 ? 1 : 0))
  const map = indexMap(series, target)
  const back = Uint8Array.from(
    Array.from({ length: sides[0] }, (_, slice) => [...nearestSlice({ values: labels, sides: target.sides }, sides, map, slice)]).flat(),
  )
  expect(dice(back, wanted)).toBeGreaterThan(0.95)
})

test('slices stored the other way round give the same volume', () => {
  const [up, down] = ['axial', 'axial from the head down'].map((name) => {
    const series = grid(storages[name].sides, storages[name].along, storages[name].spacing)
    const target = conformedGrid(series, axes, conform)
    const values = new Float32Array(voxelCount(target.sides))
    resampleLinear(
      { values: sampled(series, blob), sides: series.sides },
      { values, sides: target.sides },
      indexMap(target, series),
      null,
      0,
      0,
      target.sides[0],
    )
    return values
  })
  expect(up.reduce((most, value, at) => Math.max(most, Math.abs(value - down[at])), 0)).toBeLessThan(1e-3)
})

test('a volume that has the grid already is only put in another order', () => {
  const along = [
    [1, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ] as const
  const series = grid([22, 20, 24], along, [1, 1, 1], 0)
  const target = conformedGrid(series, axes, conform)
  expect(coincide(series, target)).toBe(true)
  expect(coincide(grid([22, 20, 24], along, [1, 1, 1.01], 0), target)).toBe(false)
  expect(coincide(grid([22, 20, 23], along, [1, 1, 1], 0), target)).toBe(false)
  const values = Float32Array.from({ length: voxelCount(series.sides) }, (_, at) => (at * 31) % 251)
  const ours = new Uint8Array(voxelCount(target.sides))
  resampleLinear(
    { values, sides: series.sides },
    { values: ours, sides: target.sides },
    indexMap(target, series),
    { low: 0, gain: 1 },
    0,
    0,
    24,
  )
  // Tensor [left, foot, anterior] of slices that run to the back: the last slice is the first of the third axis.
  for (const [left, foot, anterior] of [
    [0, 0, 0],
    [3, 5, 7],
    [23, 19, 21],
  ])
    expect(ours[(left * 20 + foot) * 22 + anterior]).toBe(values[((21 - anterior) * 20 + foot) * 24 + left])
})

test.runIf(hasScipy)('levels are those of a thousand bins: 0.999 of what is not 0 becomes 255', () => {
  const values = Float32Array.from({ length: 20000 }, (_, at) => (at % 3 === 0 ? 0 : ((at * 7919) % 3001) + (at === 7 ? 90000 : 0)))
  const range = [0, values.reduce((a, b) => Math.max(a, b))] as const
  const halves = [countLevels(values, 0, 9000, range), countLevels(values, 9000, values.length, range)]
  const { low, gain } = levelsFrom(halves, range)
  const high = askPython<number>(
    `v = np.array(given)
counts, edges = np.histogram(v, 1000)
print(float(edges[1 + np.nonzero(np.cumsum(counts) >= v.size - int(0.001 * np.count_nonzero(v)))[0][0]]))`,
    [...values],
  )
  expect(low).toBe(0)
  expect(255 / gain).toBeCloseTo(high, 3)
  expect(high).toBeLessThan(range[1] / 2)
})

test('the size of a voxel is that of a sheared one too', () => {
  expect(voxelVolume({ sides: [1, 1, 1], affine: [0.5, 0, 0.3, 0, 0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1] })).toBeCloseTo(4)
})
