import { expect, test } from 'vitest'
import { fold, nameKey, plainDate, searchText, searchWords } from '../../../main/archive/search'

test.each([
  ['Müller', 'muller'],
  ['ÅNGSTRÖM', 'angstrom'],
  ['Łukasz', 'lukasz'],
  ['Søren Æble', 'soren aeble'],
  ['Straße', 'strasse'],
  ['Ｊａｎｅ', 'jane'],
  ['İstanbul', 'istanbul'],
  ['Ψυχή', 'ψυχη'],
  ['  two \t words ', 'two words'],
])('%j is folded to %j', (text, folded) => expect(fold(text)).toBe(folded))

test('composed and decomposed forms are the same', () => expect(fold('Jos\u00e9')).toBe(fold('Jose\u0301')))

test('a name as written, as shown and as typed gives the same words', () => {
  expect(searchWords('Doe^Jane')).toEqual(['doe', 'jane'])
  expect(searchWords('Doe, Jane')).toEqual(['doe', 'jane'])
  expect(searchWords(' DOE  jane doe ')).toEqual(['doe', 'jane'])
  expect(searchWords(' ^ ')).toEqual([])
})

test.each([
  ['20261102', '20261102'],
  ['2026.11.02', '20261102'],
  ['', ''],
  ['2026', '2026'],
])('the date %j is %j', (date, plain) => expect(plainDate(date)).toBe(plain))

test('every group of a name and both forms of a date are found', () => {
  const text = searchText({
    patientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    patientId: '7',
    description: 'Kopf',
    accessionNumber: 'X1',
    studyDate: '20261102',
  })
  for (const typed of ['yamada', '太郎', 'たろう', '2026-11', '20261102', 'x1', 'kopf']) expect(text).toContain(fold(typed))
})

test('names sort by the first group that says something', () => {
  expect(nameKey('Doe^Jane')).toBe('doe jane')
  expect(nameKey('^^=山田^太郎')).toBe(fold('山田 太郎'))
  expect(nameKey('')).toBe('')
})
