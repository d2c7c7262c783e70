import { describe, expect, test } from 'vitest'
import { intervalTitle, intervalWords } from '../../../../renderer/findings/finding-words'
import { screeningWords } from '../../../../renderer/findings/screening-words'
import { finding, imageResult } from '../../results'

describe('how far a score moves', () => {
  test('is said where it was asked', () => {
    expect(intervalWords(finding({ interval: null }))).toBe('')
    expect(intervalTitle(finding({ interval: null }))).toBe('')
    expect(intervalWords(finding({ interval: [0.836, 0.951] }))).toBe('0.84–0.95')
  })
  test('is a doubt where the operating point lies between', () => {
    const crossing = /other side of the operating point/
    expect(intervalTitle(finding({ interval: [0.6, 0.95], operatingPoint: 0.5 }))).not.toMatch(crossing)
    expect(intervalTitle(finding({ interval: [0.4, 0.95], operatingPoint: 0.5 }))).toMatch(crossing)
    expect(intervalTitle(finding({ above: false, score: 0.4, interval: [0.3, 0.5], operatingPoint: 0.5 }))).toMatch(crossing)
  })
})

test('what the pixels showed is said with the model that saw it', () => {
  const model = { id: 'check', version: '1.2.0', sha256: 'c'.repeat(64), title: 'Chest input check' }
  const seen = { inputCheck: { model, probabilities: { turned: 0.021, suitable: 0.979 } }, distance: null }
  const far = { inputCheck: null, distance: { value: 14.23, threshold: 12 } }
  expect(screeningWords({ screening: null, images: [] })).toEqual([])
  expect(screeningWords({ screening: null, images: [{ ...imageResult('1'), screening: seen }] })).toEqual([
    'Chest input check 1.2.0: suitable 0.98',
  ])
  // Each of several pictures has its own; none stands for the others.
  expect(screeningWords({ screening: far, images: [{ ...imageResult('1'), screening: seen }, imageResult('2')] })).toEqual([
    'Distance from the training data 14.2, at most 12.0 is usual',
  ])
})
