import { describe, expect, test } from 'vitest'
import type { AnalysisResult, Finding, PointInForce } from '../../../../contracts/analysis'
import { changedPoints, madePoints, onlyPoint, pointWords } from '../../../../renderer/findings/result-points'
import { nothingAbove } from '../../../../renderer/findings/series-standing'

const model = { id: 'brain', version: '1.0.0', sha256: 'b'.repeat(64), title: 'Brain' }
const result = (more: Partial<AnalysisResult>) => ({ model, operatingPoints: [], findings: [], ...more }) as unknown as AnalysisResult
const foundAt = (operatingPoint: number) =>
  ({ label: 'abnormality', title: 'Abnormality', operatingPoint, operatingPointSource: 'package' }) as Finding
const ofPackage = (threshold: number, label = 'abnormality'): PointInForce => ({ label, threshold, source: 'package', name: 'outline' })
const ofSite = (threshold: number, label = 'abnormality'): PointInForce => ({ label, threshold, source: 'site', name: null })
const made = (...operatingPoints: PointInForce[]) => result({ operatingPoints })
const now = (...inForce: PointInForce[]) => ({ model, inForce, history: [] })
/** Of before sites could set their own. */
const old = (...findings: Finding[]) => result({ findings })

describe('the points a result was made with', () => {
  test('are its own; of an old one those of its findings', () => {
    expect(madePoints(made(ofSite(0.3)))).toEqual([ofSite(0.3)])
    expect(madePoints(old(foundAt(0.42), foundAt(0.42)))).toEqual([{ label: 'abnormality', threshold: 0.42, source: 'package' }])
    expect(madePoints(old())).toEqual([])
  })
  test('are one where all labels have the same', () => {
    expect(onlyPoint(made(ofSite(0.3), ofSite(0.3, 'other')))).toEqual(ofSite(0.3))
    expect(onlyPoint(made(ofSite(0.3), ofPackage(0.3, 'other')))).toBeNull()
    expect(onlyPoint(made(ofSite(0.3), ofSite(0.4, 'other')))).toBeNull()
    expect(onlyPoint(old())).toBeNull()
  })
  test('name the site wherever they stand', () => {
    expect(pointWords(ofPackage(0.42))).toBe('0.42')
    expect(pointWords(ofSite(0.3))).toBe('0.30, site setting')
    expect(nothingAbove(ofSite(0.3), { score: 0.18, slice: 61 }, false)).toBe(
      'Nothing above the operating point (0.30, site setting). Highest 0.18 on slice 61.',
    )
  })
})

describe('another point is in force now', () => {
  test.each([
    { then: made(ofPackage(0.42)), points: [ofSite(0.3)], says: ['Made at 0.42; this site now uses 0.30.'] },
    { then: made(ofSite(0.3)), points: [ofSite(0.25)], says: ['Made at 0.30, site setting; this site now uses 0.25.'] },
    { then: made(ofSite(0.3)), points: [ofPackage(0.42)], says: ["Made at 0.30, site setting; the package's 0.42 is in force."] },
    { then: made(ofSite(0.3)), points: [ofSite(0.3)], says: [] },
    { then: old(foundAt(0.42)), points: [ofSite(0.3)], says: ['Made at 0.42; this site now uses 0.30.'] },
    { then: old(), points: [ofSite(0.3)], says: ["Made at the package's own operating point; this site now uses 0.30."] },
    { then: old(), points: [ofPackage(0.42)], says: [] },
    {
      then: made(ofPackage(0.42), ofPackage(0.7, 'streak')),
      points: [ofPackage(0.42), ofSite(0.6, 'streak')],
      says: ['streak: made at 0.70; this site now uses 0.60.'],
    },
  ])('$says', ({ then, points, says }) => expect(changedPoints(then, now(...points))).toEqual(says))

  test.each<[string, object | null]>([
    ['another version', { version: '1.1.0' }],
    ['other weights', { sha256: 'c'.repeat(64) }],
    ['no model', null],
  ])('nothing is said where %s is in use', (_, change) => {
    const points = now(ofSite(0.3))
    expect(changedPoints(made(ofPackage(0.42)), { ...points, model: change && { ...model, ...change } })).toEqual([])
  })
})
