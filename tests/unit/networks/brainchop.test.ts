/** The packages of the brainchop networks: whole, unchanged, and translated as TensorFlow.js runs them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isPictureModel } from '../../../contracts/model-package'
import { goldenFault } from '../../../main/inference/golden-case'
import { openOnnxSession } from '../../../main/inference/onnx-session'
import { greatestClass } from '../../../main/inference/volume/greatest-class'
import { checkHeader } from '../../../main/networks/gate'
import { loadModelPackage, readGolden } from '../../../main/networks/package'
import { hasSharedData, repository, sharedData } from '../../shared-data'
import { chestFacts, factsWith } from './facts'

const sources: Record<string, { folder: string; labels: number; classes: number }> = {
  'brainchop-tissue-light': { folder: 'model5_gw_ae', labels: 3, classes: 3 },
  'brainchop-tissue': { folder: 'model20chan3cls', labels: 3, classes: 3 },
  'brainchop-mask': { folder: 'model11_gw_ae', labels: 2, classes: 3 },
  'brainchop-subcortical': { folder: 'model30chan18cls', labels: 18, classes: 18 },
  'brainchop-subcortical-light': { folder: 'model18cls', labels: 18, classes: 18 },
  'brainchop-aparc-50': { folder: 'model30chan50cls', labels: 50, classes: 50 },
  'brainchop-aparc-104': { folder: 'model21_104class', labels: 104, classes: 104 },
  'brainchop-mindgrab': { folder: 'mindgrab', labels: 2, classes: 2 },
}

describe.each(Object.keys(sources))('%s', (name) => {
  const { folder: source, labels, classes } = sources[name]
  const folder = join(repository, 'models', name)

  test('gives the scores of TensorFlow.js, and the same class found within the graph', async () => {
    const loaded = await loadModelPackage(folder)
    const { package: model } = loaded
    if (isPictureModel(model)) throw new TypeError('it reads volumes')
    expect(loaded.tfjs?.untranslatable).toEqual([])
    expect(model.outputs[0].labels).toHaveLength(labels)
    const session = await openOnnxSession(loaded, 'cpu')
    expect(await goldenFault(session, loaded)).toBeNull()
    const input = await readGolden(folder, model.golden.input)
    const scores = await readGolden(folder, model.golden.outputs.output)
    const found = await session.classes!(Float32Array.from(input.values), [1, 1, ...input.shape])
    const expected = greatestClass(Float32Array.from(scores.values), classes, 'NCDHW')
    const others = found.filter((number, voxel) => number !== expected[voxel]).length
    // Where two scores are as good as equal either may be the greater.
    expect(others).toBeLessThanOrEqual(2)
    await session.release()
  })

  test('reads heads of adults; of a child it says why not', async () => {
    const { package: model } = await loadModelPackage(folder)
    const ofAge = (patientAge: string) =>
      checkHeader(
        model,
        factsWith({
          viewPosition: '',
          study: { ...chestFacts.study, patientAge },
          series: { modality: 'MR', bodyPart: 'HEAD', description: 'T1 MPRAGE' },
        }),
        'axial',
      )
    expect(ofAge('018Y')).toEqual({ verdict: 'accepts', contradictions: [], unchecked: [] })
    expect(ofAge('')).toEqual({ verdict: 'unknown', contradictions: [], unchecked: ['age of the patient'] })
    expect(ofAge('017Y')).toMatchObject({
      verdict: 'contradicts',
      contradictions: [{ message: expect.stringContaining('patients of 18 years or more; this patient was 17 years old') }],
    })
  })

  test.skipIf(!hasSharedData)('holds the files of its makers unchanged', () => {
    const [weights] = (JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as { weightFiles: string[] }).weightFiles
    const original = (file: string) => readFileSync(join(sharedData, 'brainchop/models', source, file))
    expect(readFileSync(join(folder, 'network.json'))).toEqual(original('model.json'))
    expect(readFileSync(join(folder, weights))).toEqual(original(weights))
  })
})
