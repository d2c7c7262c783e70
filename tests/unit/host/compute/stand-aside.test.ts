import { expect, test } from 'vitest'
import { StandAside } from '../../../../main/host/compute/stand-aside'

const output = { name: 'map', shape: [1], values: Float32Array.of(1) }
const session = { run: () => Promise.resolve([output]), release: () => Promise.resolve() }
/** Long enough for it to look several times. */
const aWhile = () => new Promise((done) => setTimeout(done, 150))

/** A pass that says when it was made. */
function pass(aside: StandAside) {
  const state = { made: false, done: Promise.resolve() }
  state.done = aside
    .before(session)
    .run(Float32Array.of(1))
    .then((outputs) => {
      expect(outputs).toEqual([output])
      state.made = true
    })
  return state
}

test('a pass waits half a second after the last slice that was turned, and no pass where none was', async () => {
  let now = 1000
  const aside = new StandAside(() => now)
  await pass(aside).done
  aside.heard()
  now += 400
  aside.heard()
  const waiting = pass(aside)
  now += 499
  await aWhile()
  expect(waiting.made).toBe(false)
  now += 1
  await waiting.done
})

test('who goes on and on holds up one pass for five seconds', async () => {
  let now = 0
  const aside = new StandAside(() => now)
  aside.heard()
  const waiting = pass(aside)
  await aWhile()
  while (now < 4900) {
    now += 100
    aside.heard()
  }
  await aWhile()
  expect(waiting.made).toBe(false)
  now += 100
  aside.heard()
  await waiting.done
  const next = pass(aside)
  await aWhile()
  expect(next.made).toBe(false)
  now += 500
  await next.done
})

test('what was waited is no time of the network', async () => {
  let now = 0
  const aside = new StandAside(() => now)
  const start = aside.working()
  aside.heard()
  const waiting = pass(aside)
  await aWhile()
  now += 700
  await waiting.done
  now += 30
  expect(aside.working() - start).toBe(30)
})
