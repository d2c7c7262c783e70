import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BoxesLayout } from '../../../contracts/model-package'
import { boxesOf, intersectionOverUnion, packBoxes, unpackBoxes } from '../../../main/inference/boxes'
import { rectangleBack, type Trace } from '../../../main/inference/trace'

const size = { rows: 100, columns: 200 }
const layout: BoxesLayout = {
  arrangement: 'box-by-box',
  coordinates: 'left-top-right-bottom',
  unit: 'pixels',
  scores: 'after-coordinates',
  mostOverlap: 0.5,
  leastScore: 0.1,
  mostBoxes: 10,
}
const labels = [
  { name: 'nodule', title: 'Nodule' },
  { name: 'effusion', title: 'Effusion' },
]
type Tensors = Readonly<Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>>
const tensor = (shape: readonly number[], values: readonly number[]) => ({ shape, values: Float32Array.from(values) })
const found = (changes: Partial<BoxesLayout>, tensors: Tensors, activation: 'none' | 'sigmoid' | 'softmax' = 'none') =>
  boxesOf({ name: 'boxes', kind: 'boxes', activation, labels, boxes: { ...layout, ...changes } }, (name) => tensors[name], size)

// Three boxes: two of one nodule, an effusion on the same place.
const rows = [
  [10, 20, 30, 60, 0.9, 0.05],
  [12, 22, 31, 60, 0.6, 0.05],
  [10, 20, 30, 60, 0.05, 0.8],
]
const kept = [
  { left: 10, top: 20, right: 30, bottom: 60, label: 0 },
  { left: 10, top: 20, right: 30, bottom: 60, label: 1 },
]

test('the lesser of two overlapping boxes goes, of another label it stays', () =>
  expect(found({}, { boxes: tensor([1, 3, 6], rows.flat()) })).toMatchObject(kept))

test.each<{ why: string; changes: Partial<BoxesLayout>; tensors: Tensors }>([
  {
    why: 'one value of every box after the other',
    changes: { arrangement: 'value-by-value' },
    tensors: {
      boxes: tensor(
        [1, 6, 3],
        rows[0].flatMap((_, value) => rows.map((row) => row[value])),
      ),
    },
  },
  {
    why: 'shares of the sides, top first',
    changes: { unit: 'fractions', coordinates: 'top-left-bottom-right' },
    tensors: {
      boxes: tensor(
        [3, 6],
        rows.flatMap(([l, t, r, b, ...scores]) => [t / 100, l / 200, b / 100, r / 200, ...scores]),
      ),
    },
  },
  {
    why: 'centre and sides, with a factor for every score',
    changes: { coordinates: 'centre-width-height', scores: 'after-objectness' },
    tensors: {
      boxes: tensor(
        [1, 3, 7],
        rows.flatMap(([l, t, r, b, ...scores]) => [(l + r) / 2, (t + b) / 2, r - l, b - t, 0.5, ...scores.map((s) => s * 2)]),
      ),
    },
  },
  {
    why: 'scores of each label in an output of their own',
    changes: { scores: { output: 'scores', classes: null } },
    tensors: {
      boxes: tensor(
        [1, 3, 4],
        rows.flatMap((row) => row.slice(0, 4)),
      ),
      scores: tensor(
        [1, 3, 2],
        rows.flatMap((row) => row.slice(4)),
      ),
    },
  },
  {
    why: 'one score a box, and the number of its label',
    changes: { scores: { output: 'scores', classes: 'classes' } },
    tensors: {
      boxes: tensor(
        [3, 4],
        rows.flatMap((row) => row.slice(0, 4)),
      ),
      scores: tensor([3], [0.9, 0.6, 0.8]),
      classes: tensor([3], [0, 0, 1]),
    },
  },
])('boxes are read where they come as $why', ({ changes, tensors }) => {
  const boxes = found(changes, tensors)
  expect(boxes).toHaveLength(2)
  for (const [index, box] of boxes.entries()) {
    expect(box.label).toBe(kept[index].label)
    expect(box.score).toBeCloseTo([0.9, 0.8][index], 5)
    for (const side of ['left', 'top', 'right', 'bottom'] as const) expect(box[side]).toBeCloseTo(kept[index][side], 3)
  }
})

test('logits become probabilities first', () =>
  expect(found({}, { boxes: tensor([1, 1, 6], [1, 1, 2, 2, 0, -9]) }, 'sigmoid')).toMatchObject([{ label: 0, score: 0.5 }]))

test.each([
  { why: 'of another width', tensors: { boxes: tensor([1, 1, 5], [1, 1, 2, 2, 0.5]) } },
  { why: 'with a score above 1', tensors: { boxes: tensor([1, 1, 6], [1, 1, 2, 2, 1.5, 0]) } },
  { why: 'with a score that is no number', tensors: { boxes: tensor([1, 1, 6], [1, 1, 2, 2, NaN, 0]) } },
  { why: 'at no place', tensors: { boxes: tensor([1, 1, 6], [1, Infinity, 2, 2, 0.5, 0]) } },
  { why: 'more than can be compared', tensors: { boxes: { shape: [1, 200_001, 6], values: new Float32Array(200_001 * 6) } } },
])('EXPECTED FAILURE: boxes $why', ({ tensors }) =>
  expect(() => found({}, tensors)).toThrow(expect.objectContaining({ code: 'inference.output' })),
)

const box = fc
  .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([left, top, width, height]) => ({ left, top, right: left + width, bottom: top + height }))

test('intersection over union equals the count of common pixels', () =>
  fc.assert(
    fc.property(box, box, (a, b) => {
      const holds = (r: typeof a, x: number, y: number) => x >= r.left && x < r.right && y >= r.top && y < r.bottom
      let [both, either] = [0, 0]
      for (let y = 0; y < 150; y++)
        for (let x = 0; x < 150; x++) {
          if (holds(a, x, y) && holds(b, x, y)) both++
          if (holds(a, x, y) || holds(b, x, y)) either++
        }
      expect(intersectionOverUnion(a, b)).toBeCloseTo(both / either, 9)
    }),
    { numRuns: 20 },
  ))

test('no two boxes that are kept overlap more than is allowed, and each that goes overlaps a better one', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(box, fc.integer({ min: 11, max: 99 })), { minLength: 1, maxLength: 40 }), (proposals) => {
      const values = proposals.flatMap(([{ left, top, right, bottom }, score]) => [
        left,
        top,
        Math.min(right, 200),
        Math.min(bottom, 100),
        score / 100,
        0,
      ])
      const boxes = found({ mostBoxes: 500 }, { boxes: tensor([1, proposals.length, 6], values) })
      for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(intersectionOverUnion(a, b)).toBeLessThanOrEqual(0.5)
      for (let i = 0; i < proposals.length; i++) {
        const [left, top, right, bottom, score] = values.slice(i * 6, i * 6 + 5)
        const same = { left, top, right, bottom }
        if (bottom > top) expect(boxes.some((b) => b.score >= Math.fround(score) && intersectionOverUnion(b, same) > 0.5)).toBe(true)
      }
    }),
  ))

test('boxes cross as numbers', () => {
  const boxes = [{ left: 1, top: 2, right: 3, bottom: 4, score: 0.5, label: 7 }]
  expect(unpackBoxes(packBoxes(boxes))).toEqual(boxes)
})

// A source of 45 × 61: turned, cut with 2 beyond the edge, made larger, mirrored.
const trace: Trace = {
  rows: 45,
  columns: 61,
  entries: [
    { kind: 'transpose' },
    { kind: 'cut', box: { top: 10, left: -2, rows: 40, columns: 50 } },
    { kind: 'resize', rows: 120, columns: 100 },
    { kind: 'flip', axis: 'columns' },
  ],
}

test('a box comes back to the source through every entry of the trace', () => {
  // Source columns 20 to 30 are rows 20 to 30 after the turn, 10 to 20 after the cut, 30 to 60 after the resize.
  // Source rows 5 to 15 are columns 5 to 15, then 7 to 17, then 14 to 34, then 66 to 86 in the mirror.
  const back = rectangleBack(trace, { left: 66, right: 86, top: 30, bottom: 60 })
  expect(back).toEqual({ left: 20, right: 30, top: 5, bottom: 15 })
  // Rows of the source that the cut made up do not exist: the box ends at the edge.
  expect(rectangleBack(trace, { left: 90, right: 100, top: 30, bottom: 60 })).toMatchObject({ top: 0, bottom: 3 })
})
