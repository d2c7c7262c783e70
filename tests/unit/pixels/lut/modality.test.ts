import { expect, test } from 'vitest'
import type { Samples } from '../../../../contracts/frame'
import { applyModalityLut, identityLut, modalityValue, sampleRange, type ModalityLut } from '../../../../main/pixels/lut/modality'

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

test('a table maps from its first value on; beyond its ends the outermost entries', () => {
  const lut: ModalityLut = { kind: 'table', table: { first: -1, values: Uint16Array.of(10, 20, 30) } }
  expect([...applyModalityLut(Int16Array.of(-500, -1, 0, 1, 500), lut)]).toEqual([10, 10, 20, 30, 30])
})

test('the range leaves padding and what is no number out', () => {
  expect(sampleRange(Int16Array.of(-2000, 3, 9), [-2000, -1900])).toEqual([3, 9])
  expect(sampleRange(Float32Array.of(NaN, 1, Infinity, -4))).toEqual([-4, 1])
  expect(sampleRange(Int16Array.of(-2000), [-2000, -2000])).toEqual([0, 0])
})
