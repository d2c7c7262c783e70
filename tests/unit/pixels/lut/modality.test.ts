import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Samples } from '../../../../contracts/frame'
import { applyModalityLut, identityLut, modalityRange, modalityValue, type ModalityLut } from '../../../../main/pixels/lut/modality'
import { sampleRange } from '../../../../main/pixels/lut/sample-range'

const rescale = (slope: number, intercept: number): ModalityLut => ({ kind: 'rescale', rescale: { slope, intercept } })

test.each<{ why: string; stored: Samples; lut: ModalityLut; type: new (length: number) => Samples; values: number[] }>([
  { why: 'CT: Int16', stored: Uint16Array.of(0, 24, 4095), lut: rescale(1, -1024), type: Int16Array, values: [-1024, -1000, 3071] },
  {
    why: 'also where nothing is below zero, as in its neighbours',
    stored: Uint16Array.of(1024, 2000),
    lut: rescale(1, -1024),
    type: Int16Array,
    values: [0, 976],
  },
  { why: 'above 32,767: Uint16', stored: Uint16Array.of(0, 65535), lut: rescale(1, 0.0), type: Uint16Array, values: [0, 65535] },
  { why: 'a fractional slope is not rounded', stored: Uint8Array.of(1, 3), lut: rescale(0.5, 0), type: Float32Array, values: [0.5, 1.5] },
  {
    why: 'a fractional intercept is not rounded',
    stored: Int16Array.of(-1, 3),
    lut: rescale(1, 0.25),
    type: Float32Array,
    values: [-0.75, 3.25],
  },
  { why: 'beyond 16 bits: Float32', stored: Uint16Array.of(0, 65535), lut: rescale(2, 0), type: Float32Array, values: [0, 131070] },
  { why: 'a negative slope', stored: Uint8Array.of(0, 200), lut: rescale(-2, 100), type: Int16Array, values: [100, -300] },
  { why: 'bytes stay bytes', stored: Uint8Array.of(7, 255), lut: identityLut, type: Uint8Array, values: [7, 255] },
  { why: 'signed bytes: Int16', stored: Int8Array.of(-7, 127), lut: identityLut, type: Int16Array, values: [-7, 127] },
  { why: '32 bits: Float32', stored: Uint32Array.of(7, 70000), lut: identityLut, type: Float32Array, values: [7, 70000] },
])('$why', ({ stored, lut, type, values }) => {
  const mapped = applyModalityLut(stored, lut)
  expect(mapped).toBeInstanceOf(type)
  expect([...mapped]).toEqual(values)
  expect([...stored].map((value) => modalityValue(lut, value))).toEqual(values)
})

test('in the memory of the stored values, where it has the size: the same values', () => {
  const values = [0, 24, 4095, 1024]
  for (const [Kind, slope, intercept] of [
    [Uint16Array, 1, -1024],
    [Uint16Array, -2, 100],
    [Uint16Array, 3, 40000],
    [Int16Array, 1, -1024],
    [Int16Array, 2, 7],
    [Uint16Array, 0.5, 0],
    [Uint16Array, 20, 0],
    [Uint8Array, 1, -9],
  ] as const) {
    const apart = applyModalityLut(Kind.from(values), rescale(slope, intercept))
    const reused = applyModalityLut(Kind.from(values), rescale(slope, intercept), null, true)
    expect([reused.constructor, ...reused]).toEqual([apart.constructor, ...apart])
  }
  const stored = Uint16Array.from(values)
  expect(applyModalityLut(stored, rescale(1, -1024), null, true).buffer).toBe(stored.buffer)
  expect(applyModalityLut(stored.slice(), rescale(1, -1024)).buffer).not.toBe(stored.buffer)
})

test('a table maps from its first value on; beyond its ends the outermost entries', () => {
  const lut: ModalityLut = { kind: 'table', table: { first: -1, values: Uint16Array.of(10, 20, 30) } }
  expect([...applyModalityLut(Int16Array.of(-500, -1, 0, 1, 500), lut)]).toEqual([10, 10, 20, 30, 30])
})

describe('the range of mapped values by that of the stored ones', () => {
  const slopes = fc.oneof(fc.constantFrom(1, -1, 2, -2, 0.5, -0.1, 1e-3, 3.7), fc.double({ min: -50, max: 50, noNaN: true }))
  const intercepts = fc.oneof(fc.constantFrom(0, -1024, 0.25, 30000), fc.double({ min: -1e5, max: 1e5, noNaN: true }))
  test.each([Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array])('%o: as if each was looked at', (Kind) => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 9 }), slopes, intercepts, (values, slope, intercept) => {
        const stored: Samples = Kind.from(values)
        const lut = rescale(slope === 0 ? 1 : slope, intercept)
        const mapped = applyModalityLut(stored, lut)
        // Adding 0 makes the two zeros one.
        const expected = sampleRange(mapped).map((value) => value + 0)
        expect(modalityRange(stored, lut, sampleRange(stored), mapped)?.map((value) => value + 0)).toEqual(expected)
      }),
    )
  })
  test('not for a table, which need not rise, nor for values that may be no numbers', () => {
    const table: ModalityLut = { kind: 'table', table: { first: 0, values: Uint16Array.of(5, 9, 1) } }
    const stored = Uint8Array.of(0, 2)
    expect(modalityRange(stored, table, [0, 2], applyModalityLut(stored, table))).toBeNull()
    const floats = Float32Array.of(1, NaN)
    expect(modalityRange(floats, rescale(2, 0), [1, 1], applyModalityLut(floats, rescale(2, 0)))).toBeNull()
  })
})
