import { expect, test } from 'vitest'
import type { Samples } from '../../../../contracts/frame'
import { displayGrey, initialVoi } from '../../../../main/pixels/lut/presentation'

const window = { center: 50, width: 101, voiLutFunction: 'LINEAR_EXACT', explanation: '' } as const
const table = { explanation: '', first: 0, values: Float32Array.of(0, 0.5, 1) }
const plain = { windows: [], voiLuts: [], inverted: false, padding: null }

test('first the window, then the table, then the whole range', () => {
  expect(initialVoi({ ...plain, windows: [window], voiLuts: [table] })).toEqual({ kind: 'window', window })
  expect(initialVoi({ ...plain, voiLuts: [table] })).toEqual({ kind: 'table', table })
  expect(initialVoi(plain)).toEqual({ kind: 'range' })
})

test.each([
  { why: 'Int16', values: Int16Array.of(-1000, 0, 25, 50, 100) },
  { why: 'Float32', values: Float32Array.of(-1000, 0, 25, 50, 100) },
] as { why: string; values: Samples }[])('$why: padding stays black, inverted or not, and sets no range', ({ values }) => {
  const show = (inverted: boolean) => [...displayGrey(values, { kind: 'range' }, [0, 100], inverted, [-1000, -900])]
  expect(show(false)).toEqual([0, 0, 64, 128, 255])
  expect(show(true)).toEqual([0, 255, 191, 128, 0])
})

test('padding above the range, as in inverted films, is black too', () => {
  expect([...displayGrey(Uint16Array.of(0, 100, 4095), { kind: 'range' }, [0, 100], true, [4095, 4095])]).toEqual([255, 0, 0])
})

test('a table over 8-bit values', () => {
  expect([...displayGrey(Uint8Array.of(0, 1, 2, 200), { kind: 'table', table }, [0, 200], false, null)]).toEqual([0, 128, 255, 255])
})
