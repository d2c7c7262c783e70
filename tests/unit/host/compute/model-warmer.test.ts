import { expect, test } from 'vitest'
import { OverreadError } from '../../../../contracts/errors'
import type { Suggestion } from '../../../../contracts/protocol'
import type { ComputeClient } from '../../../../main/host/compute/compute-client'
import { ModelWarmer, networksToWarm } from '../../../../main/host/compute/model-warmer'
import type { InstalledModel } from '../../../../main/networks/catalogue'
import { bundled } from '../../../../main/networks/signature'
import { installedModel } from '../../../installed-model'
import { identityPackage } from '../../../integration/inference/tiny-packages'

const network = (name: string) => ({
  package: identityPackage(8, { id: name, sha256: name.repeat(64) }),
  folder: name,
  signature: bundled,
})
const [a, b, c] = ['a', 'b', 'c'].map(network)

/** Preparing ends when the test says so. */
function compute() {
  const asked: string[] = []
  const ends: ((fault?: OverreadError) => void)[] = []
  const prepare: ComputeClient['prepare'] = (model) => {
    asked.push(model.folder)
    return new Promise((resolve, reject) =>
      ends.push((fault) => (fault ? reject(fault) : resolve({ model, provider: 'cpu', threads: null, failed: [] }))),
    )
  }
  const end = async (fault?: OverreadError) => {
    ends.shift()!(fault)
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { asked, end, prepare }
}

test('prepares one after the other, also after one that failed', async () => {
  const fake = compute()
  const warmed = new ModelWarmer(fake, () => false).warm([a, b])
  expect(fake.asked).toEqual(['a'])
  await fake.end(new OverreadError('model.missing'))
  expect(fake.asked).toEqual(['a', 'b'])
  await fake.end()
  await expect(warmed).resolves.toBeUndefined()
})

test('prepares nothing while a job runs, and nothing more once one comes', async () => {
  const fake = compute()
  let busy = true
  const warmer = new ModelWarmer(fake, () => busy)
  await warmer.warm([a])
  expect(fake.asked).toEqual([])
  busy = false
  const warmed = warmer.warm([a, b])
  busy = true
  await fake.end()
  await warmed
  expect(fake.asked).toEqual(['a'])
})

test('of the series that a reader goes through the last alone is prepared', async () => {
  const fake = compute()
  const warmer = new ModelWarmer(fake, () => false)
  void warmer.warm([a])
  void warmer.warm([b])
  void warmer.warm([c])
  await fake.end()
  await fake.end()
  expect(fake.asked).toEqual(['a', 'c'])
})

test('what is prepared is the best match, with its input check, and nothing that the header contradicts', () => {
  const installed = (folder: string, changes: Parameters<typeof identityPackage>[1]): InstalledModel => {
    const described = identityPackage(8, { id: folder, ...changes })
    return installedModel(described, folder)
  }
  const models = [
    installed('other', {}),
    installed('check', { task: 'input-check' }),
    installed('best', { accepts: { modality: ['MR'], pixels: { model: 'check', label: 'spot' } } }),
  ]
  const suggestion = (modelId: string, verdict: Suggestion['gate']['verdict']): Suggestion => ({
    modelId,
    title: modelId,
    version: '1.0.0',
    sha256: 'a'.repeat(64),
    gate: { verdict, contradictions: [], unchecked: [] },
  })
  const folders = (suggestions: Suggestion[]) => networksToWarm(models, suggestions).map(({ folder }) => folder)
  expect(folders([suggestion('best', 'unknown'), suggestion('other', 'unknown')])).toEqual(['best', 'check'])
  expect(folders([suggestion('other', 'accepts')])).toEqual(['other'])
  expect(folders([suggestion('best', 'contradicts')])).toEqual([])
  expect(folders([])).toEqual([])
})
