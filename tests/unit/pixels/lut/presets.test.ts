import { expect, test } from 'vitest'
import { automaticWindow, ctPresets, narrowerWindow, presetsFor, widerWindow } from '../../../../main/pixels/lut/presets'
import { isValidWindow } from '../../../../main/pixels/lut/voi'

/** 0 to 999 with two hot pixels, among 500 of padding. */
const values = Int16Array.from([...Array.from({ length: 1000 }, (_, index) => index), 30000, 30000, ...new Array<number>(500).fill(-2000)])

test('the automatic window spans the 1st to the 99th percentile, without padding and hot pixels', () => {
  const { center, width } = automaticWindow(values, [-2000, -2000])!
  expect(center - width / 2).toBeCloseTo(10, -0.5)
  expect(center + width / 2).toBeCloseTo(991, -0.5)
})

test('wider and narrower keep the centre', () => {
  const automatic = automaticWindow(values, [-2000, -2000])!
  expect(widerWindow(automatic)).toMatchObject({ center: automatic.center, width: automatic.width * 1.5 })
  expect(narrowerWindow(widerWindow(automatic)).width).toBeCloseTo(automatic.width, 10)
  expect(narrowerWindow({ center: 0, width: 1, voiLutFunction: 'LINEAR', explanation: '' }).width).toBe(1)
})

test('a frame of a single value, or of padding alone, has no automatic window', () => {
  expect(automaticWindow(new Int16Array(9), null)).toBeNull()
  expect(automaticWindow(new Int16Array(9), [0, 0])).toBeNull()
})

test('a frame that is mostly one value still has one', () => {
  const mask = new Uint8Array(10_000)
  mask.fill(1, 0, 20)
  expect(automaticWindow(mask, null)).toMatchObject({ center: 0.5, width: 1 })
})

test('CT has its presets in HU, others those from the values', () => {
  expect(presetsFor('CT', values, null).map(({ id }) => id)).toEqual([...ctPresets.map(({ id }) => id), 'automatic', 'wider', 'narrower'])
  expect(presetsFor('MR', values, null).map(({ id }) => id)).toEqual(['automatic', 'wider', 'narrower'])
  expect(ctPresets.every(({ window }) => isValidWindow(window))).toBe(true)
  expect(ctPresets.find(({ id }) => id === 'lung')?.window).toMatchObject({ center: -600, width: 1500 })
})
