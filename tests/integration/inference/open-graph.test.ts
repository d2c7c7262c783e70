import { expect, test } from 'vitest'
import { openGraph } from '../../../main/inference/onnx-session'
import { withAdditions } from '../../../main/networks/onnx/encode-onnx'
import { modelOf } from './onnx-writer'

const model = modelOf({
  nodes: [
    { op: 'Neg', inputs: ['image'], outputs: ['within'] },
    { op: 'Exp', inputs: ['within'], outputs: ['map'] },
  ],
  inputs: { image: [1, 2] },
  outputs: { map: [1, 2] },
})

test('a value within the graph comes out once it is made an output', async () => {
  const session = await openGraph(withAdditions(model, { outputs: ['within'] }), 'cpu', 1)
  expect(session.outputs).toEqual(['map', 'within'])
  const [within, map] = await session.run(Float32Array.of(0, 2), [1, 2], ['within', 'map'])
  expect([...within.values]).toEqual([-0, -2])
  expect(map.values[1]).toBeCloseTo(Math.exp(-2), 6)
  await session.release()
})

test('a graph of operators that the runtime lacks is refused with their name', async () => {
  const unknown = modelOf({
    nodes: [{ op: 'Conjure', inputs: ['image'], outputs: ['map'] }],
    inputs: { image: [1] },
    outputs: { map: [1] },
  })
  await expect(openGraph(unknown, 'cpu', 1)).rejects.toMatchObject({
    code: 'model.operators',
    message: expect.stringContaining('Conjure') as string,
  })
})
