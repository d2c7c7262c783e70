import { expect, test } from 'vitest'
import { networkThreads, watchOthers, type ProcessorTimes } from '../../../main/inference/processors'

test('a run takes at least one thread', () => expect(networkThreads()).toBeGreaterThanOrEqual(1))

test.each([
  { why: 'all is this process', after: { busy: 1100, idle: 500, own: 130 }, share: 0 },
  { why: 'a quarter is others', after: { busy: 1150, idle: 550, own: 130 }, share: 0.25 },
  { why: 'this process was counted before the cores were', after: { busy: 1090, idle: 600, own: 131 }, share: 0 },
  { why: 'no tick of the clock', after: { busy: 1000, idle: 500, own: 30 }, share: 0 },
])('of what the cores did, $why', ({ after, share }) => {
  const readings: ProcessorTimes[] = [{ busy: 1000, idle: 500, own: 30 }, after]
  expect(watchOthers(() => readings.shift()!)()).toBe(share)
})

test('this machine can be watched', () => {
  const others = watchOthers()
  for (const end = performance.now() + 50; performance.now() < end;);
  expect(others()).toBeGreaterThanOrEqual(0)
  expect(others()).toBeLessThanOrEqual(1)
})
