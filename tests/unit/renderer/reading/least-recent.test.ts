import { expect, test } from 'vitest'
import { cacheBudget, samplesOf } from '../../../../renderer/reading/frame-store'
import { LeastRecent } from '../../../../renderer/reading/least-recent'
import type { FrameDescription } from '../../../../contracts/frame'

test('what was used longest ago goes first', () => {
  const store = new LeastRecent<string>(30)
  store.set('a', 'A', 10)
  store.set('b', 'B', 10)
  store.set('c', 'C', 10)
  store.get('a')
  store.set('d', 'D', 10)
  expect(['a', 'b', 'c', 'd'].map((key) => store.get(key))).toEqual(['A', null, 'C', 'D'])
  expect(store.bytes).toBe(30)
})

test('one entry larger than the budget is kept, alone', () => {
  const store = new LeastRecent<string>(5)
  store.set('small', 's', 3)
  store.set('large', 'l', 50)
  expect([store.get('small'), store.get('large'), store.bytes]).toEqual([null, 'l', 50])
})

test('the budget is 1 GiB, or a quarter of a small machine', () => {
  expect(cacheBudget(8)).toBe(2 ** 30)
  expect(cacheBudget(2)).toBe(2 ** 29)
})

const description: FrameDescription = {
  rows: 2,
  columns: 2,
  samplesPerPixel: 1,
  type: 'int16',
  min: -1,
  max: 2,
  photometricInterpretation: 'MONOCHROME2',
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  unit: 'HU',
  presentation: { windows: [], voiLuts: [], inverted: false, padding: null },
  integrity: 'lossless',
  overlayPlanes: 0,
  notes: [],
  regions: [],
}

test('bytes become samples of the stated type, wherever they begin', () => {
  const bytes = new Uint8Array(9)
  bytes.set(new Uint8Array(Int16Array.of(-1, 0, 1, 2).buffer), 1)
  expect(samplesOf(description, bytes.subarray(1))).toEqual(Int16Array.of(-1, 0, 1, 2))
})

test('a frame with fewer bytes than its rows and columns need is no frame', () =>
  expect(samplesOf(description, new Uint8Array(7))).toBeNull())
