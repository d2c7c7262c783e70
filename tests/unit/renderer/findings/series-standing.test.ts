import { describe, expect, test } from 'vitest'
import type { AnalysisResult, Finding, Job } from '../../../../contracts/analysis'
import { sizeWords, sliceWords } from '../../../../renderer/findings/finding-words'
import { failureWords, nothingAbove, progressWords, standingOf } from '../../../../renderer/findings/series-standing'

const job = (state: Job['state'], more: Partial<Job> = {}): Job => ({
  jobId: 'j',
  studyInstanceUid: '1',
  seriesInstanceUid: '1.1',
  stack: '',
  frames: null,
  modelId: 'flair',
  override: false,
  state,
  imagesDone: 0,
  imagesTotal: 140,
  attempts: 1,
  error: null,
  resultId: null,
  step: 'reading',
  ...more,
})
const result = {} as AnalysisResult

describe('how a series stands', () => {
  test('nothing was asked', () => expect(standingOf([], []).state).toBe('not-analysed'))
  test('what runs goes before what failed and what waits', () =>
    expect(standingOf([job('failed'), job('queued'), job('running')], [result])).toMatchObject({
      state: 'busy',
      job: { state: 'running' },
    }))
  test('a refusal is said until something newer is asked', () => {
    expect(standingOf([job('refused')], []).state).toBe('refused')
    expect(standingOf([job('refused'), job('done')], [result]).state).toBe('result')
  })
  test('a cancelled job leaves what there was', () => {
    expect(standingOf([job('cancelled')], []).state).toBe('not-analysed')
    expect(standingOf([job('cancelled')], [result]).state).toBe('result')
  })
})

describe('in words', () => {
  test('nothing above the operating point is never called normal', () => {
    const words = nothingAbove({ label: 'spot', threshold: 0.42, source: 'package' }, { score: 0.18, slice: 61 }, false)
    expect(words).toBe('Nothing above the operating point (0.42). Highest 0.18 on slice 61.')
    expect(words).not.toMatch(/normal/i)
  })
  test('progress counts images, and says the time left once it can be known', () => {
    expect(progressWords(job('running', { imagesDone: 12 }), null, 0)).toBe('12 of 140 images')
    expect(progressWords(job('running', { imagesDone: 40 }), 10_000, 20)).toBe('40 of 140 images, about 50 s left')
    expect(progressWords(job('queued'), null, 0)).toBe('Queued')
  })
  test('a failure says what was kept and what to do', () => {
    const error = { code: 'compute.died', message: 'The computing process stopped: code 134' } as const
    expect(failureWords(job('failed', { error }))).toBe('The computing process stopped: code 134. Try again, or use the CPU.')
  })
})

describe('the size of a finding', () => {
  const region = { kind: 'region', firstSlice: 61, lastSlice: 74, pixels: 300, areaMm2: null, volumeMl: null } as Finding
  test('is a volume, a range where gaps are uneven', () => {
    expect(sizeWords({ ...region, volumeMl: [14.2, 14.2] })).toBe('14.2 ml')
    expect(sizeWords({ ...region, volumeMl: [1.24, 2.5] })).toBe('1.2 to 2.5 ml')
  })
  test('is an area where there is no volume, pixels where nothing is known', () => {
    expect(sizeWords({ ...region, areaMm2: 310 })).toBe('310 mm²')
    expect(sizeWords(region)).toBe('300 pixels')
  })
  test('slices are named where there are several', () => {
    expect(sliceWords(region, 140)).toBe('slices 61–74')
    expect(sliceWords({ ...region, lastSlice: 61 }, 140)).toBe('slice 61')
    expect(sliceWords(region, 1)).toBe('')
  })
})
