import { expect, test } from 'vitest'
import { LayerCache } from '../../../../main/host/layers/layer-cache'

const maps = (bytes: number) => ({
  maps: { form: 'values' as const, shape: [], scale: [0, 0] as [number, number], total: 0, first: 0, values: [] },
  levels: new Uint8Array(bytes),
})

test('beyond its bytes what was looked at longest ago goes first, and the last stays whatever its size', () => {
  const cache = new LayerCache(10)
  cache.put('a', maps(4))
  cache.put('b', maps(4))
  expect(cache.get('a')).not.toBeNull()
  cache.put('c', maps(4))
  expect([cache.get('a') !== null, cache.get('b') !== null, cache.get('c') !== null]).toEqual([true, false, true])
  cache.put('d', maps(100))
  expect([cache.get('a'), cache.get('c'), cache.get('d')?.levels.length]).toEqual([null, null, 100])
  cache.put('d', maps(3))
  cache.put('e', maps(7))
  expect(cache.get('d')).not.toBeNull()
  cache.clear()
  expect(cache.get('e')).toBeNull()
})
