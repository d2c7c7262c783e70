import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRange } from '../../../../main/pixels/lut/sample-range'

test('padding and what is no number are left out', () => {
  expect(sampleRange(Int16Array.of(-2000, 3, 9), [-2000, -1900])).toEqual([3, 9])
  expect(sampleRange(Float32Array.of(NaN, 1, Infinity, -4))).toEqual([-4, 1])
  expect(sampleRange(Float64Array.of(NaN, 1, 7, -4), [7, 8])).toEqual([-4, 1])
  expect(sampleRange(Int16Array.of(-2000), [-2000, -2000])).toEqual([0, 0])
  expect(sampleRange(new Uint16Array(0))).toEqual([0, 0])
})

describe('of whole numbers', () => {
  const kinds = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array]
  const extremes = fc.constantFrom(0, 1, -1, 127, 128, 255, 32767, 32768, 65535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1)
  const values = fc.array(fc.oneof(extremes, fc.integer()), { minLength: 1, maxLength: 20 })

  test.each(kinds)('%o: the least and the greatest, wherever the view begins', (Kind) => {
    fc.assert(
      fc.property(values, fc.nat(3), (list, lead) => {
        const whole = Kind.from([...Array.from({ length: lead }, () => 77), ...list])
        const view = whole.subarray(lead)
        expect(sampleRange(view)).toEqual([Math.min(...view), Math.max(...view)])
      }),
    )
  })

  test.each(kinds)('%o: those outside the padding', (Kind) => {
    const bound = fc.oneof(extremes, fc.integer({ min: -40000, max: 70000 }), fc.double({ min: -70000, max: 70000, noNaN: true }))
    fc.assert(
      fc.property(values, bound, bound, (list, a, b) => {
        const samples = Kind.from(list)
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const others = [...samples].filter((value) => value < low || value > high)
        expect(sampleRange(samples, [low, high])).toEqual(others.length > 0 ? [Math.min(...others), Math.max(...others)] : [0, 0])
      }),
    )
  })
})
