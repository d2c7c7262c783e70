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

const found = (patientName: string, typed: string) => {
  const text = searchText({ patientName, patientId: '7', description: 'Kopf', accessionNumber: 'X1', studyDate: '20261102' })
  return searchWords(typed).every((word) => text.includes(word))
}

test('every field, and both forms of a date', () => {
  for (const typed of ['doe', '7', 'kopf', 'X1', '2026-11', '20261102']) expect(found('Doe^Jane', typed)).toBe(true)
  expect(found('Doe^Jane', 'smith')).toBe(false)
})

/** Each group by its family and given name, by a part of them, and the whole as the window shows it. */
test.each([
  {
    script: 'Japanese',
    name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    typed: ['yamada', 'TAROU yam', '山田', '太郎', '郎', 'やまだ', 'たろう', 'Yamada, Tarou (山田, 太郎; やまだ, たろう)'],
  },
  { script: 'half-width katakana, typed wide or narrow', name: 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎', typed: ['ﾔﾏﾀﾞ', 'ヤマダ', 'ﾀﾛｳ', 'タロ', '山田'] },
  { script: 'Korean', name: 'Hong^Gildong=洪^吉洞=홍^길동', typed: ['hong', '洪', '吉洞', '홍', '길동', '길'] },
  { script: 'Korean, typed in letters', name: '김희중', typed: ['김희중', '희중', '\u1100\u1175\u11b7\u1112\u1174'] },
  { script: 'Chinese', name: 'Wang^XiaoDong=王^小東', typed: ['wang', 'xiao', '王', '小東', '東'] },
  { script: 'Greek', name: 'Διονύσιος^Ανδρέας', typed: ['ΔΙΟΝΥΣΙΟΣ', 'διονυσιος', 'ΔΙΟΝΥΣ', 'διονυς', 'ανδρέας', 'ΑΝΔΡΕΑΣ'] },
  { script: 'Cyrillic', name: 'Йорданов^Люк', typed: ['йорданов', 'ЙОРДАНОВ', 'Иорданов', 'люк'] },
  { script: 'Arabic, with and without vowel signs', name: 'قَبَّاني^لنزار', typed: ['قباني', 'قَبَّاني', 'لنزار'] },
  { script: 'Hebrew, with and without points', name: 'שָׁרוֹן^דבורה', typed: ['שרון', 'שָׁרוֹן', 'דבורה'] },
  { script: 'Thai', name: 'สมชาย^ใจดี', typed: ['สมชาย', 'ใจดี'] },
  { script: 'Vietnamese', name: 'Nguyễn^Đức', typed: ['nguyen', 'Nguyễn', 'duc'] },
])('a name is found in $script', ({ name, typed }) => {
  for (const words of [...typed, name]) expect(found(name, words), words).toBe(true)
  expect(found('Doe^Jane', typed[0])).toBe(false)
})

test('names sort by the first group that says something', () => {
  expect(nameKey('Doe^Jane')).toBe('doe jane')
  expect(nameKey('^^=山田^太郎')).toBe(fold('山田 太郎'))
  expect(nameKey('')).toBe('')
})
