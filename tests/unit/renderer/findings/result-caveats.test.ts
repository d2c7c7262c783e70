import { expect, test } from 'vitest'
import { isPartial, overriddenWords, partialWords, staleWords } from '../../../../renderer/findings/result-caveats'
import { unlabelledNote } from '../../../../contracts/analysis'
import { imageResult, result } from '../../results'

const both = [imageResult('1'), imageResult('2')]
const { model } = result()

test.each([
  ['a whole result', result({ images: both }), 2, ''],
  ['one that broke off', result({ images: [both[0]], imagesTotal: 2, incomplete: { code: 'compute.died', message: '' } }), 2, 'Analysed 1 of 2 images'], // prettier-ignore
  ['one picture that was asked for', result({ images: [both[0]], requested: [{ sopInstanceUid: both[0].sopInstanceUid, frameIndex: 0 }] }), 2, 'Analysed 1 of 2 images'], // prettier-ignore
  ['one that pictures came after', result({ images: both }), 3, 'Analysed 2 of 3 images'],
  ['one of which the network declined a picture', result({ images: [both[0], imageResult('2', { refused: true })] }), 2, ''],
])('%s of a stack of %#', (_, made, images, words) => {
  expect(partialWords(made, images)).toBe(words)
  expect(isPartial(made, images)).toBe(words !== '')
})

test.each([
  [null, ''],
  [0.099, ''],
  [0.1, '10 % of what “Brain tissue, light” outlines got no label here: structures are missed, or too small'],
])('of an outline without labels, %j of it, it says %j', (share, words) =>
  expect(unlabelledNote(result({ unlabelled: share === null ? null : { by: 'Brain tissue, light', share } }))).toBe(words),
)

test('another version or other weights make a result stale; a model that is not installed does not', () => {
  expect(staleWords(result(), model)).toBe('')
  expect(staleWords(result(), null)).toBe('')
  expect(staleWords(result(), { ...model, version: '1.1.0' })).toBe('By 1.0.0; 1.1.0 is active')
  expect(staleWords(result(), { ...model, sha256: 'c'.repeat(64) })).toBe('By other weights of 1.0.0 than those active')
})

test('run against the refusal of the network: with what spoke against it', () => {
  const message = 'This network reads another kind of picture (modality).'
  const gate = { verdict: 'contradicts', contradictions: [{ code: 'gate.modality', message }], unchecked: [] } as const
  expect(overriddenWords(result())).toBe('')
  expect(overriddenWords(result({ overridden: true, gate: { ...gate, contradictions: [...gate.contradictions], unchecked: [] } }))).toBe(
    `Run although the network refused, on record: ${message}`,
  )
})
