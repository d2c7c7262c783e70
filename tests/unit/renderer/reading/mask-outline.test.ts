import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskRings, type Ring } from '../../../../renderer/reading/mask-outline'

const mask = (...lines: string[]) => ({
  rows: lines.length,
  columns: lines[0].length,
  pixels: Uint8Array.from(lines.join(''), (c) => (c === '#' ? 1 : 0)),
})
const rings = (...lines: string[]) => {
  const { rows, columns, pixels } = mask(...lines)
  return maskRings(pixels, rows, columns)
}

/** Twice the signed area of a ring; positive where the set pixels lie inside. */
function area(ring: Ring): number {
  let sum = 0
  for (let at = 0; at < ring.length; at += 2) {
    const [x1, y1] = [ring[at], ring[at + 1]]
    const [x2, y2] = [ring[(at + 2) % ring.length], ring[(at + 3) % ring.length]]
    sum += x1 * y2 - x2 * y1
  }
  return sum / 2
}

describe('the outline of', () => {
  test('nothing is nothing', () => expect(rings('...', '...')).toEqual([]))
  test('one pixel is its square, in corner coordinates', () => expect(rings('...', '.#.')).toEqual([[1, 1, 2, 1, 2, 2, 1, 2]]))
  test('a bar on the edge has four corners', () => expect(rings('.###')).toEqual([[1, 0, 4, 0, 4, 1, 1, 1]]))
  test('an L has six', () => expect(rings('#.', '##')).toEqual([[0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 0, 2]]))
  test('a ring has an outer and an inner line, the inner the other way round', () =>
    expect(rings('###', '#.#', '###').map(area)).toEqual([9, -1]))
  test('two pixels that touch at a corner are two squares', () => expect(rings('#.', '.#').map(area)).toEqual([1, 1]))
})

test('the rings enclose as many pixels as are set, whatever the mask', () =>
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 9 })
        .chain((columns) => fc.array(fc.array(fc.boolean(), { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 9 })),
      (lines) => {
        const pixels = Uint8Array.from(lines.flat(), Number)
        const total = maskRings(pixels, lines.length, lines[0].length).reduce((sum, ring) => sum + area(ring), 0)
        expect(total).toBe(pixels.reduce((sum, value) => sum + value, 0))
      },
    ),
  ))
