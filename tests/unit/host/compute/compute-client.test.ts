/** What the engine host makes of a compute process whose words it cannot understand. */
import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { threadChannel } from '../../../../main/host/channel'
import { ComputeClient } from '../../../../main/host/compute/compute-client'

const prepared = { model: { folder: '/nowhere', sha256: '0'.repeat(64) }, provider: 'cpu', threads: null, failed: [] } as const

/** Processes that give these answers in turn, each to every request. */
function computeSaying(...answers: ((id: number) => object)[]) {
  let started = 0
  const client = new ComputeClient(async () => {
    const { port1, port2 } = new MessageChannel()
    const far = threadChannel(port2)
    const answer = answers[started++]
    far.onMessage((message) => far.post(answer((message as { id: number }).id), [new Uint8Array(4)]))
    return threadChannel(port1)
  })
  onTestFinished(() => client.close())
  return { client, started: () => started }
}

const outputs = (columns: number) => (id: number) => ({
  type: 'outputs',
  id,
  residentBytes: 1,
  runMs: 1,
  distance: null,
  outputs: [{ name: 'map', rows: 1, columns, spread: false }],
})

test.each([
  { why: 'of no kind it knows', answer: () => ({ type: 'surprise' }) },
  { why: 'of a shape beyond every bound', answer: outputs(1e9) },
  { why: 'without a number of its own', answer: () => ({ ...outputs(1)(0), id: undefined }) },
])('an answer $why ends what is asked with its code, and the next is asked of a new process', async ({ answer }) => {
  const { client, started } = computeSaying(answer, outputs(1))
  await expect(client.run(prepared, new Float32Array(1))).rejects.toMatchObject({ code: 'compute.died' })
  expect(await client.run(prepared, new Float32Array(1))).toMatchObject({ outputs: [{ name: 'map', rows: 1, columns: 1 }] })
  expect(started()).toBe(2)
})
