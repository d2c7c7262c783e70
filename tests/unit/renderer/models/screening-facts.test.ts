import { describe, expect, test } from 'vitest'
import type { PictureModel } from '../../../../contracts/model-package'
import { screeningFacts } from '../../../../renderer/models/screening-facts'

const variant = { shift: [1, 1] as [number, number], gain: 1, offset: 0 }
const packageWith = (changes: Partial<PictureModel>) =>
  ({
    task: 'classification',
    accepts: { modality: ['CR'] },
    testTimeFlips: [],
    testTimeVariants: [],
    ...changes,
  }) as unknown as PictureModel

describe('what a card says of doubt', () => {
  test('nothing of a package that knows none', () => expect(screeningFacts(packageWith({}), () => null)).toEqual([]))

  test('each of its means, with what it was measured on', () => {
    const model = packageWith({
      accepts: { modality: ['CR'], pixels: { model: 'check', label: 'suitable' } },
      distribution: { output: 'distance', of: 'picture', threshold: 12.34, measuredOn: '99 % of 300 films lie within' },
      testTimeFlips: ['columns'],
      testTimeVariants: [variant, variant],
    })
    expect(screeningFacts(model, () => 'Chest input check')).toEqual([
      { term: 'Pixel check', text: 'Chest input check' },
      {
        term: 'Distance',
        text: 'withheld where a picture lies further than 12.3 from the training data; 99 % of 300 films lie within',
      },
      { term: 'Doubt', text: 'the spread of 3 runs on the picture changed a little' },
    ])
  })

  test('that a check is missing, and that a check is no network to run', () => {
    const asking = packageWith({ accepts: { modality: ['CR'], pixels: { model: 'check', label: 'suitable' } } })
    expect(screeningFacts(asking, () => null)[0].text).toMatch(/not installed: the pixels are not checked/)
    expect(screeningFacts(packageWith({ task: 'input-check' }), () => null)[0].text).toMatch(/not run by itself/)
  })
})
