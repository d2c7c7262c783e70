import { describe, expect, test } from 'vitest'
import type { OperatingPoint } from '../../../../contracts/model-package'
import type { PointSetting } from '../../../../contracts/operating-points'
import { choiceOf, historyWords, isUnmeasured, leftBehind, thresholdOf } from '../../../../renderer/models/point-words'

const model = { id: 'm', version: '1.1.0', sha256: 'a'.repeat(64), title: 'M' }
const points: OperatingPoint[] = [
  { label: 'spot', name: 'balanced', threshold: 0.42, sensitivity: 0.9, specificity: 0.8, measuredOn: 'ten pictures' },
  { label: 'spot', name: 'sensitive', threshold: 0.1, sensitivity: 0.99, specificity: 0.5, measuredOn: 'ten pictures' },
]
const setting = (sequence: number, changes: Partial<PointSetting> = {}): PointSetting => ({
  sequence,
  settingId: `s${sequence}`,
  modelId: 'm',
  modelVersion: '1.1.0',
  modelSha256: model.sha256,
  label: 'spot',
  threshold: 0.3,
  name: null,
  packageThreshold: 0.42,
  reader: 'Reader One',
  setAt: 'then',
  comment: '',
  ...changes,
})
const before = { modelVersion: '1.0.0', modelSha256: 'b'.repeat(64) }

test('a choice is a named point, or a threshold that is one', () => {
  expect(choiceOf('sensitive', 'nonsense')).toEqual({ kind: 'named', name: 'sensitive' })
  expect(choiceOf(null, '0.3')).toEqual({ kind: 'typed', threshold: 0.3 })
  expect(choiceOf(null, '1.3')).toBeNull()
  expect(choiceOf(null, '')).toBeNull()
})

test('a choice has its threshold, and only what the package names was measured', () => {
  expect(thresholdOf({ kind: 'named', name: 'sensitive' }, points)).toBe(0.1)
  expect(thresholdOf({ kind: 'named', name: 'gone' }, points)).toBeNull()
  expect(thresholdOf({ kind: 'package' }, points)).toBe(0.42)
  expect(isUnmeasured(0.1, points)).toBe(false)
  expect(isUnmeasured(0.3, points)).toBe(true)
})

test('the history tells who, when, from what to what, and for which version where that is another', () => {
  const history = [setting(1, { ...before, comment: 'too many specks' }), setting(2), setting(3, { threshold: null })]
  expect(historyWords(history, model, () => '')).toEqual([
    { key: 3, what: "0.30 to 0.42, the package's", by: 'Reader One, then', comment: '' },
    { key: 2, what: '0.42 to 0.30', by: 'Reader One, then', comment: '' },
    { key: 1, what: '0.42 to 0.30', by: 'Reader One, then, version 1.0.0', comment: 'too many specks' },
  ])
  expect(historyWords(history, model, () => 'Spot')[1]!.what).toBe('Spot: 0.42 to 0.30')
})

describe('that a new version starts from its own points', () => {
  const own = [{ label: 'spot', threshold: 0.42, source: 'package', name: 'balanced' } as const]
  test('is said where an earlier one had a setting', () => {
    expect(leftBehind([setting(1, before)], model, own)).toBe(
      "What this site had set was for version 1.0.0. 1.1.0 starts from its package's own points.",
    )
    expect(leftBehind([setting(1, { modelSha256: 'b'.repeat(64) })], model, own)).toContain('other weights')
  })
  test('is not said where there was none, or this version has its own', () => {
    expect(leftBehind([], model, own)).toBeNull()
    expect(leftBehind([setting(1, before), setting(2)], model, [{ ...own[0], threshold: 0.3, source: 'site' }])).toBeNull()
    expect(leftBehind([setting(1, before), setting(2, { threshold: null })], model, own)).toBeNull()
  })
  test('is not said where the earlier one had been set back', () => {
    expect(leftBehind([setting(1, before), setting(2, { ...before, threshold: null })], model, own)).toBeNull()
  })
})
