/**
 * Whether several slices in one run are quicker than one after the other: the graphs state a batch of one, so a copy of each
 * states more. Measured on two cores: between 5 % slower and 5 % quicker, so that slices are run one by one, and the first
 * need not wait for the others.
 */
import { join } from 'node:path'
import * as onnxRuntime from 'onnxruntime-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { goldenInput } from '../../main/inference/golden-case'
import { networkThreads } from '../../main/inference/processors'
import { loadPicturePackage, picturePackages } from '../picture-package'
import { withInputShape } from '../integration/inference/onnx-sides'
import { repository } from '../shared-data'
import { describeMachine, median, rounds, timed } from './support/measure'

const batches = [1, 2, 4]
const slices = Math.max(...batches)

beforeAll(() => console.log(describeMachine()))

const models = join(repository, 'models')
const packages = picturePackages()

describe.each(packages)('%s', (name) => {
  test.each([...new Set([1, networkThreads()])])('%i threads', async (threads) => {
    const loaded = await loadPicturePackage(join(models, name))
    const picture = (await goldenInput(loaded)).values
    const { shape, name: input } = loaded.package.input
    const sides = await Promise.all(
      batches.map(async (batch) => {
        const wanted = [batch, ...shape.slice(1)]
        const session = await onnxRuntime.InferenceSession.create(withInputShape(loaded.weights, wanted), {
          executionProviders: ['cpu'],
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
        })
        const values = new Float32Array(batch * picture.length)
        for (let slice = 0; slice < batch; slice++) values.set(picture, slice * picture.length)
        const tensor = new onnxRuntime.Tensor('float32', values, wanted)
        const all = async () => {
          for (let done = 0; done < slices; done += batch) await session.run({ [input]: tensor })
        }
        return { batch, session, all, times: [] as number[] }
      }),
    )
    for (let round = -1; round < rounds; round++) {
      for (const { all, times } of sides) {
        const ms = await timed(all)
        if (round >= 0) times.push(ms / slices)
      }
    }
    const alone = sides[0].times
    for (const { batch, session, times } of sides) {
      const ratios = times.map((ms, round) => ms / alone[round])
      if (batch > 1)
        console.log(
          `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${batch} slices a run: ${Math.min(...times).toFixed(1)} ms a slice ` +
            `against ${Math.min(...alone).toFixed(1)}, ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
        )
      await session.release()
    }
    expect(alone).toHaveLength(rounds)
  })
})
