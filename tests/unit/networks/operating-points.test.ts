import { describe, expect, test } from 'vitest'
import { changesOf, parseThreshold, thresholdWords, type PointSetting } from '../../../contracts/operating-points'
import { packagePoints, pointsInForce, resolveChoice } from '../../../main/networks/operating-points'
import { identityPackage } from '../../integration/inference/tiny-packages'

const measured = { sensitivity: 0.9, specificity: 0.8, measuredOn: 'ten pictures' }
const model = identityPackage(8, {
  sha256: 'a'.repeat(64),
  operatingPoints: [
    { label: 'spot', name: 'balanced', threshold: 0.42, ...measured },
    { label: 'spot', name: 'sensitive', threshold: 0.1, ...measured },
    { label: 'streak', name: 'outline', threshold: 0.7, ...measured },
  ],
})
const settings = (...changes: Partial<PointSetting>[]): PointSetting[] =>
  changes.map((change, index) => ({
    sequence: index + 1,
    settingId: `s${index}`,
    modelId: model.id,
    modelVersion: model.version,
    modelSha256: model.sha256,
    label: 'spot',
    threshold: 0.3,
    name: null,
    packageThreshold: 0.42,
    reader: 'r',
    setAt: '',
    comment: '',
    ...change,
  }))
const spot = (...changes: Partial<PointSetting>[]) => pointsInForce(model, settings(...changes))[0]
const own = { label: 'spot', threshold: 0.42, source: 'package', name: 'balanced' }

describe('what is in force', () => {
  test("is the package's first point of each label", () =>
    expect(packagePoints(model)).toEqual([own, { label: 'streak', threshold: 0.7, source: 'package', name: 'outline' }]))
  test('is the newest setting of a label, and the other labels stay', () =>
    expect(pointsInForce(model, settings({}, { threshold: 0.1, name: 'sensitive' }))).toEqual([
      { label: 'spot', threshold: 0.1, source: 'site', name: 'sensitive' },
      { label: 'streak', threshold: 0.7, source: 'package', name: 'outline' },
    ]))
  test('goes by sequence, in whatever order they come', () =>
    expect(pointsInForce(model, settings({ threshold: 0.2 }, { threshold: 0.6 }).reverse())[0].threshold).toBe(0.6))
  test("is the package's again once it was set back", () => expect(spot({}, { threshold: null })).toEqual(own))
  test.each<[string, Partial<PointSetting>]>([
    ['other weights', { modelSha256: 'c'.repeat(64) }],
    ['another version', { modelVersion: '1.1.0' }],
    ['another model', { modelId: 'other' }],
  ])('is not what was set for %s', (_, change) => expect(spot(change)).toEqual(own))
})

describe('a choice', () => {
  test.each([
    { choice: { kind: 'typed', threshold: 0.3 }, stored: { threshold: 0.3, name: null } },
    { choice: { kind: 'typed', threshold: 0.1 }, stored: { threshold: 0.1, name: 'sensitive' } },
    { choice: { kind: 'named', name: 'sensitive' }, stored: { threshold: 0.1, name: 'sensitive' } },
    { choice: { kind: 'named', name: 'balanced' }, stored: { threshold: null, name: 'balanced' } },
    { choice: { kind: 'typed', threshold: 0.42 }, stored: { threshold: null, name: 'balanced' } },
    { choice: { kind: 'package' }, stored: { threshold: null, name: 'balanced' } },
  ] as const)('$choice is stored as $stored', ({ choice, stored }) =>
    expect(resolveChoice(model, 'spot', choice)).toEqual({ ...stored, packageThreshold: 0.42 }),
  )
  test.each([
    ['a name of another label', 'spot', { kind: 'named', name: 'outline' }],
    ['a label without a point', 'ghost', { kind: 'typed', threshold: 0.3 }],
  ] as const)('EXPECTED FAILURE: %s', (_, label, choice) =>
    expect(() => resolveChoice(model, label, choice)).toThrow(expect.objectContaining({ code: 'model.operating-point' })),
  )
  test('EXPECTED FAILURE: an input check keeps its own', () =>
    expect(() => resolveChoice({ ...model, task: 'input-check' }, 'spot', { kind: 'typed', threshold: 0.3 })).toThrow(/input check/))
})

test('the history tells from what to what, each version by itself', () => {
  const history = settings(
    { threshold: 0.3 },
    { threshold: 0.6 },
    { modelVersion: '1.1.0', threshold: 0.2, packageThreshold: 0.5 },
    { threshold: null },
  )
  expect(changesOf(history).map(({ from, to }) => [from, to])).toEqual([
    [0.42, 0.3],
    [0.3, 0.6],
    [0.5, 0.2],
    [0.6, 0.42],
  ])
})

describe('a threshold', () => {
  test.each([
    ['0', 0],
    ['1', 1],
    ['0.3', 0.3],
    [' .25 ', 0.25],
    ['1.00', 1],
    ['0.3261', 0.3261],
  ])('%j is read', (text, value) => expect(parseThreshold(text)).toBe(value))
  test.each(['', '1.01', '-0.1', '0,3', '0.32611', '1e-1', 'half', '0.', '2', '0x0'])('EXPECTED FAILURE: %j is none', (text) =>
    expect(parseThreshold(text)).toBeNull(),
  )
  test.each([
    [0.3, '0.30'],
    [0.326, '0.326'],
    [0.3261, '0.3261'],
    [1, '1.00'],
  ])('%d is written %s', (value, words) => expect(thresholdWords(value)).toBe(words))
})
