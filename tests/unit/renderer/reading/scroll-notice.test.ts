import { expect, test } from 'vitest'
import { ScrollNotice } from '../../../../renderer/reading/scroll-notice'

test('ten times a second at most, however fast the slices are turned', () => {
  let now = 0
  let told = 0
  const notice = new ScrollNotice(
    () => Promise.resolve(told++),
    () => now,
  )
  for (; now < 1000; now += 10) notice.turned()
  expect(told).toBe(10)
  now += 5000
  notice.turned()
  expect(told).toBe(11)
})

test('one that is lost is of no consequence', async () => {
  const notice = new ScrollNotice(() => Promise.reject(new Error('the engine is gone')))
  notice.turned()
  await new Promise((done) => setTimeout(done, 0))
})
