import { describe, expect, test } from 'vitest'
import { boxAbove, cutBox, placeBox, tensorScale } from '../../../../main/inference/volume/box'
import { greatestClass } from '../../../../main/inference/volume/greatest-class'
import { keepLargestPart } from '../../../../main/inference/volume/largest-part'
import { scaledTensor } from '../../../../main/inference/volume/prepare-volume'
import { slideWindow, windowStarts } from '../../../../main/inference/volume/sliding-window'
import type { Sides } from '../../../../main/inference/volume/voxel-grid'
import { askPython, hasScipy } from './python'

/** Whole numbers from 0 to before `below` without an order. */
function scattered(count: number, below: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed
  return Uint8Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  })
}

describe('the largest part', () => {
  test.runIf(hasScipy).each([0.2, 0.5, 0.9])('is that of SciPy, with %s of the voxels set', (share) => {
    const sides: Sides = [9, 13, 17]
    const labels = scattered(9 * 13 * 17, 1000, 7).map((value) => (value < share * 250 ? 1 + (value % 3) : 0))
    const theirs = askPython<number[]>(
      `v = np.array(given['labels']).reshape(given['sides'])
parts, count = ndimage.label(v > 0, np.ones((3, 3, 3)))
sizes = np.bincount(parts.ravel())[1:]
assert (sizes == sizes.max()).sum() == 1
print(json.dumps(np.where(parts == 1 + sizes.argmax(), v, 0).ravel().tolist()))`,
      { labels: [...labels], sides },
    )
    const before = labels.filter((label) => label > 0).length
    const cleared = keepLargestPart(labels, sides)
    expect([...labels]).toEqual(theirs)
    expect(before - cleared).toBe(theirs.filter((label) => label > 0).length)
  })

  test('voxels that touch at a corner alone are one', () => {
    const labels = new Uint8Array(27)
    labels[0] = 1
    labels[13] = 2
    labels[26] = 3
    expect(keepLargestPart(labels, [3, 3, 3])).toBe(0)
    labels[13] = 0
    expect(keepLargestPart(labels, [3, 3, 3])).toBe(1)
  })

  test('of nothing is nothing', () => expect(keepLargestPart(new Uint8Array(8), [2, 2, 2])).toBe(0))
})

describe('the box', () => {
  const sides: Sides = [6, 7, 8]
  const values = new Uint8Array(6 * 7 * 8)
  values[(2 * 7 + 3) * 8 + 4] = 200
  values[(3 * 7 + 1) * 8 + 6] = 90

  test('holds what is above, with its margin, within the volume', () => {
    expect(boxAbove(values, sides, 100, 0)).toEqual({ corner: [2, 3, 4], sides: [1, 1, 1] })
    expect(boxAbove(values, sides, 50, 0)).toEqual({ corner: [2, 1, 4], sides: [2, 3, 3] })
    expect(boxAbove(values, sides, 50, 2)).toEqual({ corner: [0, 0, 2], sides: [6, 6, 6] })
  })

  test('is the whole where nothing is above', () => expect(boxAbove(values, sides, 255, 1)).toEqual({ corner: [0, 0, 0], sides }))

  test('what is cut out goes back to its place', () => {
    const box = boxAbove(values, sides, 50, 1)
    const cut = cutBox(values, sides, box)
    const back = new Uint8Array(values.length)
    placeBox(cut as Uint8Array, box, back, sides)
    expect(back).toEqual(values)
  })
})

describe('the scale', () => {
  test.runIf(hasScipy)('by quantiles takes the values at their places among the sorted ones', () => {
    const values = scattered(5003, 256)
    const [low, high] = askPython<[number, number]>(
      `v = np.sort(np.array(given)); n = v.size
print(json.dumps([int(v[int(np.floor(0.05 * n))]), int(v[int(np.ceil(0.95 * n)) - 1])]))`,
      [...values],
    )
    const rule = { by: 'quantiles', low: 0.05, high: 0.95 } as const
    expect(tensorScale(values, rule)).toEqual({ low, high, clip: false })
    expect(tensorScale(Float32Array.from(values), rule)).toEqual({ low, high, clip: false })
  })

  test('leaves what lies beyond the bounds unless it says otherwise', () => {
    const values = Uint8Array.of(0, 50, 100, 200)
    expect([...scaledTensor(values, { low: 50, high: 100, clip: false })]).toEqual([-1, 0, 1, 3])
    expect([...scaledTensor(values, { low: 50, high: 100, clip: true })]).toEqual([0, 0, 1, 1])
  })

  test('EXPECTED FAILURE: one value throughout', () =>
    expect(() => tensorScale(new Uint8Array(9).fill(4), { by: 'range' })).toThrow(expect.objectContaining({ code: 'inference.constant' })))
})

test('the greatest class is the same in both layouts, the first of equal ones', () => {
  const byVoxel = Float32Array.of(0, 1, 1, 3, 2, 1, -2, -1, -3)
  const byClass = Float32Array.of(0, 3, -2, 1, 2, -1, 1, 1, -3)
  expect([...greatestClass(byVoxel, 3, 'NDHWC')]).toEqual([1, 0, 1])
  expect([...greatestClass(byClass, 3, 'NCDHW')]).toEqual([1, 0, 1])
})

describe('a window that slides', () => {
  test('covers the whole, the last one at the end', () => {
    expect(windowStarts(10, 4, 0.5)).toEqual([0, 2, 4, 6])
    expect(windowStarts(11, 4, 0.25)).toEqual([0, 3, 6, 7])
    expect(windowStarts(3, 4, 0.5)).toEqual([0])
    expect(windowStarts(4, 4, 0.9)).toEqual([0])
  })

  test.each(['NCDHW', 'NDHWC'] as const)('of the identity gives the label of the input everywhere (%s)', async (layout) => {
    const boxSides: Sides = [11, 9, 5]
    const sides: Sides = [4, 5, 6]
    const classes = 3
    const numbers = scattered(11 * 9 * 5, classes)
    const labels = await slideWindow(
      Float32Array.from(numbers),
      boxSides,
      { sides, classes, layout, overlap: 0.5, sigmaShare: 0.25, padding: -1 },
      async (window) => {
        const scores = new Float32Array(window.length * classes)
        for (const [voxel, value] of window.entries())
          for (let number = 0; number < classes; number++)
            scores[layout === 'NCDHW' ? number * window.length + voxel : voxel * classes + number] = -((value - number) ** 2)
        return scores
      },
    )
    expect(labels).toEqual(numbers)
  })

  test('is blended: where two windows differ, the nearer middle wins', async () => {
    let run = 0
    // The first window says class 1 throughout, the second class 0.
    const labels = await slideWindow(
      new Float32Array(6),
      [1, 1, 6],
      { sides: [1, 1, 4], classes: 2, layout: 'NDHWC', overlap: 0.5, sigmaShare: 0.25, padding: 0 },
      async () =>
        Float32Array.from({ length: 8 }, (_, at) => (at % 2 === 1 && run === 0 ? 1 : at % 2 === 0 && run === 1 ? 1 : 0)).map((v, at) =>
          at === 7 ? (run++, v) : v,
        ),
    )
    expect([...labels]).toEqual([1, 1, 1, 0, 0, 0])
  })
})
