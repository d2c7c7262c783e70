/** Whose layers are shown: those of the network that runs. */
import { expect, test } from 'vitest'
import type { ProviderName } from '../../../../contracts/analysis'
import { OverreadError } from '../../../../contracts/errors'
import type { Engine } from '../../../../main/host/engine'
import { LayerService } from '../../../../main/host/layers/layer-service'
import { installedModel } from '../../../installed-model'
import { identityPackage } from '../../../integration/inference/tiny-packages'

const picture = { studyKey: 1, seriesInstanceUid: '1.2', stack: '', sopInstanceUid: '1.2.3', frameIndex: 0 }
const reached = new OverreadError('compute.died')

/** A service of one network that `provider` runs; asked for anything but the provider, the compute process is said to die. */
function serviceOf(format: 'onnx' | 'tfjs', provider: ProviderName): LayerService {
  const network = installedModel(
    identityPackage(8, { id: 'tiny', engine: format, weightFiles: format === 'tfjs' ? ['w.bin'] : [] }),
    '/tiny',
  )
  const compute = { prepare: async () => ({ provider }), ask: () => Promise.reject(reached) }
  return new LayerService({ models: async () => [network], compute } as unknown as Engine)
}

const notOffered = expect.objectContaining({ code: 'layers.not-offered' })

test('of a network that TensorFlow.js runs neither its translation nor a map of it is shown', async () => {
  const service = serviceOf('tfjs', 'tfjs-wasm')
  await expect(service.list({ modelId: 'tiny' })).rejects.toEqual(notOffered)
  await expect(service.maps({ modelId: 'tiny', ...picture, layer: 0, first: 0 })).rejects.toEqual(notOffered)
  await expect(service.overlay({ modelId: 'tiny', ...picture, layer: 0, first: 0, map: 0 })).rejects.toEqual(notOffered)
})

test.each([
  ['tfjs', 'cpu'],
  ['onnx', 'cpu'],
] as const)('of one that ONNX Runtime runs they are asked for: %s', async (format, provider) => {
  await expect(serviceOf(format, provider).list({ modelId: 'tiny' })).rejects.toBe(reached)
})
