/** The engine host's side of the compute process: what main says of one process never counts for another. */
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { FromHost } from '../../../../main/host/control'
import { ComputeByMain } from '../../../../main/host/compute/compute-by-main'

function host() {
  const told: FromHost[] = []
  const compute = new ComputeByMain((message) => void told.push(message))
  const port = () => Object.assign(new EventEmitter(), { postMessage: () => {}, start: () => {}, close: () => {} }) as never
  return { compute, told, port }
}

test('word of the end of one that crosses the start of the next is not taken for the end of the next', async () => {
  const { compute, told, port } = host()
  const first = compute.start()
  compute.arrived(1, port())
  const { ending } = await first
  const second = compute.start()
  compute.ended(1, 'code 15')
  expect(await ending).toBe('code 15')
  compute.arrived(2, port())
  const { kill } = await second
  kill!()
  expect(told).toEqual([
    { control: 'compute.start', number: 1 },
    { control: 'compute.start', number: 2 },
    { control: 'compute.kill', number: 2 },
  ])
})

test('EXPECTED FAILURE: one that ends before its port came is refused with how it ended', async () => {
  const { compute } = host()
  const start = compute.start()
  compute.ended(1, 'code 134')
  await expect(start).rejects.toThrow('code 134')
})
