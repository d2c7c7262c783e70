import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dice, overlapOf } from '../../../main/evaluation/dice'
import { hausdorff95 } from '../../../main/evaluation/hausdorff'

const [rows, columns] = [9, 11]
const mask = (inside: (row: number, column: number) => boolean) =>
  Uint8Array.from({ length: rows * columns }, (_, at) => (inside(Math.floor(at / columns), at % columns) ? 255 : 0))
const dot = (row: number, column: number) => mask((r, c) => r === row && c === column)
const none = mask(() => false)
const anyMask = fc.uint8Array({ minLength: rows * columns, maxLength: rows * columns, max: 1 })

describe('dice', () => {
  test('by hand', () => {
    // 3 x 3 and the same moved by one column: 6 of 9 and 9 shared.
    const square = (left: number) => mask((r, c) => r >= 2 && r < 5 && c >= left && c < left + 3)
    expect(dice(overlapOf(square(2), square(3)))).toBeCloseTo(12 / 18, 12)
    expect(dice(overlapOf(square(2), none))).toBe(0)
    expect(dice(overlapOf(none, none))).toBeNull()
  })

  test('is the same either way round, 1 with itself, 0 to 1', () =>
    fc.assert(
      fc.property(anyMask, anyMask, (a, b) => {
        const value = dice(overlapOf(a, b))
        expect(value).toEqual(dice(overlapOf(b, a)))
        expect(dice(overlapOf(a, a))).toBe(a.includes(1) ? 1 : null)
        if (value !== null) expect(value).toBeLessThanOrEqual(1)
      }),
    ))

  test('refuses masks of two sizes', () => expect(() => overlapOf(none, none.subarray(1))).toThrow(RangeError))
})

describe('Hausdorff 95', () => {
  // Spacings differ: a swap of the two fails cases two and three.
  test.each([
    { why: 'the same', a: dot(4, 4), b: dot(4, 4), value: 0 },
    { why: 'two columns of 0.5 mm', a: dot(4, 4), b: dot(4, 6), value: 1 },
    { why: 'two rows of 3 mm', a: dot(2, 4), b: dot(4, 4), value: 6 },
    { why: 'aslant: 4 columns and 1 row', a: dot(4, 0), b: dot(5, 4), value: Math.sqrt(2 * 2 + 3 * 3) },
  ])('$why', ({ a, b, value }) => expect(hausdorff95(a, b, rows, columns, [3, 0.5])).toEqual({ kind: 'value', value }))

  test('the inside of an outline is no edge', () => {
    const square = mask((r, c) => r >= 2 && r <= 6 && c >= 2 && c <= 6)
    const ring = mask((r, c) => r >= 2 && r <= 6 && c >= 2 && c <= 6 && (r === 2 || r === 6 || c === 2 || c === 6))
    expect(hausdorff95(square, square, rows, columns, [1, 1])).toEqual({ kind: 'value', value: 0 })
    // Of the ring the edge is the ring; the edge of the square is that same ring.
    expect(hausdorff95(square, ring, rows, columns, [1, 1])).toEqual({ kind: 'value', value: 0 })
  })

  test('takes the worse direction, and leaves the farthest twentieth out', () => {
    const line = mask((r, c) => r === 0 && c < 3)
    const withStray = mask((r, c) => (r === 0 && c < 3) || (r === 8 && c === 0))
    // From the stray picture: distances 0, 0, 0, 8; their 95th percentile is 0.85 of the way from 0 to 8.
    const result = hausdorff95(line, withStray, rows, columns, [1, 1])
    expect(result.kind === 'value' && result.value).toBeCloseTo(6.8, 12)
  })

  test.each([
    { kind: 'both-empty', a: none, b: none },
    { kind: 'truth-empty', a: none, b: dot(1, 1) },
    { kind: 'found-empty', a: dot(1, 1), b: none },
  ])('an empty outline is $kind, not a number', ({ kind, a, b }) => expect(hausdorff95(a, b, rows, columns, [1, 1])).toEqual({ kind }))

  test('equals a search over all pairs of edge pixels, either way round', () => {
    const edge = (of: Uint8Array) =>
      [...of.keys()].filter((at) => {
        const [row, column] = [Math.floor(at / columns), at % columns]
        const inside = (r: number, c: number) => r >= 0 && r < rows && c >= 0 && c < columns && of[r * columns + c] !== 0
        const around = [inside(row - 1, column), inside(row + 1, column), inside(row, column - 1), inside(row, column + 1)]
        return of[at] !== 0 && around.includes(false)
      })
    fc.assert(
      fc.property(anyMask, anyMask, fc.constantFrom<[number, number]>([1, 1], [2, 0.5], [0.3, 4]), (a, b, spacing) => {
        const [edgeA, edgeB] = [edge(a), edge(b)]
        const result = hausdorff95(a, b, rows, columns, spacing)
        if (edgeA.length === 0 || edgeB.length === 0) {
          expect(result.kind).not.toBe('value')
          return
        }
        const apart = (p: number, q: number) =>
          Math.hypot((Math.floor(p / columns) - Math.floor(q / columns)) * spacing[0], ((p % columns) - (q % columns)) * spacing[1])
        const directed = (from: number[], to: number[]) => {
          const nearest = from.map((p) => Math.min(...to.map((q) => apart(p, q)))).sort((x, y) => x - y)
          const place = 0.95 * (nearest.length - 1)
          const [low, high] = [nearest[Math.floor(place)], nearest[Math.ceil(place)]]
          return low + (place % 1) * (high - low)
        }
        expect(result.kind === 'value' && result.value).toBeCloseTo(Math.max(directed(edgeA, edgeB), directed(edgeB, edgeA)), 9)
        expect(hausdorff95(b, a, rows, columns, spacing)).toEqual(result)
      }),
    )
  })

  test('refuses masks of another size and a spacing of zero', () => {
    expect(() => hausdorff95(none, none, rows, columns + 1, [1, 1])).toThrow(RangeError)
    expect(() => hausdorff95(none, none, rows, columns, [0, 1])).toThrow(RangeError)
  })
})
