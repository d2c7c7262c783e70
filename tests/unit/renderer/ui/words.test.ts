import { expect, test } from 'vitest'
import { aiStateWords, dicomDate, duration, megabytes, personName, sexWords, studyStateWords } from '../../../../renderer/ui/words'

test.each([
  ['Doe^Jane', 'Doe, Jane'],
  ['Adams^John Robert Quincy^^Rev.^B.A. M.Div.', 'Adams, Rev. John Robert Quincy, B.A. M.Div.'],
  ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎; やまだ, たろう)'],
  ['ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう', 'ﾔﾏﾀﾞ, ﾀﾛｳ (山田, 太郎; やまだ, たろう)'],
  ['Hong^Gildong=洪^吉洞=홍^길동', 'Hong, Gildong (洪, 吉洞; 홍, 길동)'],
  ['Wang^XiaoDong=王^小東', 'Wang, XiaoDong (王, 小東)'],
  ['Yamada^Tarou==やまだ^たろう', 'Yamada, Tarou (やまだ, たろう)'],
  ['שרון^דבורה', 'שרון, דבורה'],
  ['=山田^太郎', '山田, 太郎'],
  ['REMOVED', 'REMOVED'],
  ['', ''],
])('the name %j reads %j', (written, read) => expect(personName(written)).toBe(read))

test('a date that is none stays as it was written', () =>
  expect([dicomDate('20261102'), dicomDate('2026.11.02'), dicomDate('202611')]).toEqual(['2026-11-02', '2026-11-02', '202611']))

test('no state of analysis is called normal', () => {
  const states = [
    { state: 'not-run' },
    { state: 'queued' },
    { state: 'running', done: 12, total: 140 },
    { state: 'refused' },
    { state: 'failed' },
    { state: 'partial', done: 120, total: 140 },
    { state: 'no-finding' },
    { state: 'findings', count: 1 },
    { state: 'reviewed', decided: 2, count: 2 },
    { state: 'stale', by: '1.0', active: '1.1' },
    { state: 'stale', by: '1.1', active: '1.1' },
    { state: 'overridden', decided: 0, count: 0 },
    { state: 'overridden', decided: 1, count: 2 },
    { state: 'overridden', decided: 2, count: 2 },
    { state: 'untrusted', decided: 0, count: 2 },
    { state: 'agreed' },
    { state: 'missed', count: 1 },
  ] as const
  expect(states.map(aiStateWords)).toEqual([
    '–',
    'queued',
    '12 of 140',
    'not suitable',
    'failed',
    'analysed 120 of 140',
    'no finding',
    '1 finding',
    'reviewed 2 of 2',
    'by 1.0; 1.1 is active',
    'by other weights of 1.1',
    'run anyway',
    'run anyway: 2 findings',
    'run anyway: reviewed 2 of 2',
    'untrusted network: 2 findings',
    'agreed: nothing found',
    '1 missed by the network',
  ])
})

test('a miss is said beside any other state', () => {
  expect(studyStateWords({ ai: { state: 'findings', count: 2 }, missed: 1 })).toBe('2 findings, 1 missed')
  expect(studyStateWords({ ai: { state: 'missed', count: 1 }, missed: 1 })).toBe('1 missed by the network')
  expect(studyStateWords({ ai: { state: 'no-finding' }, missed: 0 })).toBe('no finding')
})

test('durations are short', () => expect([duration(420), duration(61_000), duration(12_400)]).toEqual(['0.4 s', '1 min 1 s', '12 s']))
test('memory is in whole megabytes', () => expect(megabytes(187.4 * 2 ** 20)).toBe('187 MB'))
test('sex is a word, and what is not defined stays as written', () =>
  expect(['F', '', 'X'].map(sexWords)).toEqual(['female', 'sex not stated', 'X']))
