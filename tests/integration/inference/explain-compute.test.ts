import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askExplanation } from '../../../main/host/compute/explain-client'
import { clientWithProcesses, rejection, startEngine } from './engine'
import { writeClassifierPackage } from './tiny-packages'

const side = 32
let engine: ReturnType<typeof startEngine>
beforeAll(() => (engine = startEngine()))
afterAll(() => engine.stop())

const tensor = Float32Array.from({ length: side * side }, (_, i) => ((i % side) * Math.floor(i / side)) / side ** 2)
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

const write = () => writeClassifierPackage(join(engine.folder, 'classifier'), side)

test('the compute process gives the map, its numbers and how many runs it took, and refuses what it cannot explain', async () => {
  const prepared = await engine.compute.prepare(write(), 'cpu')
  const passes: number[] = []
  const { facts, map } = await askExplanation(
    engine.compute,
    { prepared, tensor, label: 'spot', method: null },
    undefined,
    (done) => void passes.push(done),
  )
  expect(facts).toMatchObject({ method: 'cam', channels: 1, masks: 0, passes: passes.at(-1) })
  for (const [i, value] of map.values.entries()) expect(value).toBeCloseTo(sigmoid(8 * tensor[i] - 4), 5)
  await expect(askExplanation(engine.compute, { prepared, tensor, label: 'other', method: null })).rejects.toEqual(
    rejection('explanation.none'),
  )
  await expect(askExplanation(engine.compute, { prepared, tensor: tensor.slice(1), label: 'spot', method: null })).rejects.toEqual(
    rejection('request.invalid'),
  )
})

test('a run that comes during an explanation goes first, and a cancel is heard between two passes without ending the process', async () => {
  const { client, processes } = clientWithProcesses()
  const prepared = await client.prepare(write(), 'cpu')
  const order: string[] = []
  let run: Promise<unknown> | null = null
  await askExplanation(client, { prepared, tensor, label: 'spot', method: 'occlusion' }, undefined, () => {
    run ??= client.run(prepared, tensor).then(() => order.push('run'))
  })
  order.push('explanation')
  await run
  expect(order).toEqual(['run', 'explanation'])
  const abort = new AbortController()
  const cancelled = askExplanation(client, { prepared, tensor, label: 'spot', method: 'occlusion' }, abort.signal, () => abort.abort())
  await expect(cancelled).rejects.toEqual(rejection('compute.cancelled'))
  await client.run(prepared, tensor)
  expect(processes).toHaveLength(1)
  await client.close()
})
