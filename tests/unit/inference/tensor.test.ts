import { expect, test } from 'vitest'
import { tensorOf } from '../../../main/inference/preprocess'
import { channelSlices } from '../../../main/inference/stack'
import { identityPackage } from '../../integration/inference/tiny-packages'

const { input, ...rest } = identityPackage(1)
const network = (changes: Partial<typeof input>) => ({ ...rest, input: { ...input, ...changes } })

test('a network made for colour sees the picture in every channel, each with a mean and deviation of its own', () => {
  const model = network({
    shape: [1, 3, 1, 2],
    channels: [
      { mean: 0.5, deviation: 0.25 },
      { mean: 0, deviation: 2 },
      { mean: 0, deviation: 1 },
    ],
  })
  expect(channelSlices(model, 4, 9, null)).toEqual([4, 4, 4])
  const plane = Float32Array.of(1, 0)
  expect([...tensorOf(model, [plane, plane, plane])]).toEqual([2, -2, 0.5, 0, 1, 0])
})
