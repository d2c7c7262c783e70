import { expect, test } from 'vitest'
import { characterSet } from '../../../main/dicom/character-set'

const hex = (text: string) => Uint8Array.from(text.split(/\s+/).map((pair) => parseInt(pair, 16)))

/** Examples of PS3.5 annexes H, I, J, K and of PS3.3 C.12.1.1.2; the text is what the standard prints. */
test.each([
  {
    why: 'H.3.1: Japanese, three groups',
    terms: ['', 'ISO 2022 IR 87'],
    bytes:
      '59 61 6d 61 64 61 5e 54 61 72 6f 75 3d 1b 24 42 3b 33 45 44 1b 28 42 5e 1b 24 42 42 40 4f 3a 1b 28 42 3d 1b 24 42 24 64 24 5e 24 40 1b 28 42 5e 1b 24 42 24 3f 24 6d 24 26 1b 28 42',
    text: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
  },
  {
    why: 'H.3.2: half-width katakana first, then kanji',
    terms: ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    bytes:
      'd4 cf c0 de 5e c0 db b3 3d 1b 24 42 3b 33 45 44 1b 28 4a 5e 1b 24 42 42 40 4f 3a 1b 28 4a 3d 1b 24 42 24 64 24 5e 24 40 1b 28 4a 5e 1b 24 42 24 3f 24 6d 24 26 1b 28 4a',
    text: 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  },
  {
    why: 'I.2: Korean',
    terms: ['', 'ISO 2022 IR 149'],
    bytes:
      '48 6f 6e 67 5e 47 69 6c 64 6f 6e 67 3d 1b 24 29 43 fb f3 5e 1b 24 29 43 d1 ce d4 d7 3d 1b 24 29 43 c8 ab 5e 1b 24 29 43 b1 e6 b5 bf',
    text: 'Hong^Gildong=洪^吉洞=홍^길동',
  },
  {
    why: 'J.1: Chinese in UTF-8',
    terms: ['ISO_IR 192'],
    bytes: '57 61 6e 67 5e 58 3d e7 8e 8b 5e e5 b0 8f e6 9d b1 3d',
    text: 'Wang^X=王^小東=',
  },
  { why: 'J.3: Chinese in GB18030', terms: ['GB18030'], bytes: '57 61 6e 67 5e 58 3d cd f5 5e d0 a1 b6 ab 3d', text: 'Wang^X=王^小东=' },
  {
    why: 'K.2: simplified Chinese by escapes',
    terms: ['', 'ISO 2022 IR 58'],
    bytes: '5a 68 3d 1b 24 29 41 d5 c5 5e 1b 24 29 41 d0 a1 b6 ab',
    text: 'Zh=张^小东',
  },
  {
    why: 'two European sets by escapes',
    terms: ['ISO 2022 IR 100', 'ISO 2022 IR 144'],
    bytes: 'c4 6e 6e 65 20 1b 2d 4c bb ee da',
    text: 'Änne Люк',
  },
  { why: 'a delimiter brings the first set back', terms: ['ISO 2022 IR 100', 'ISO 2022 IR 144'], bytes: '1b 2d 4c bb 5e c4', text: 'Л^Ä' },
  { why: 'Latin 1', terms: ['ISO_IR 100'], bytes: '42 75 63 5e 4a e9 72 f4 6d 65', text: 'Buc^Jérôme' },
  { why: 'Latin 2', terms: ['ISO_IR 101'], bytes: 'a3 bb', text: 'Łť' },
  { why: 'Greek', terms: ['ISO_IR 126'], bytes: 'c4 e9 ef', text: 'Διο' },
  { why: 'Cyrillic', terms: ['ISO_IR 144'], bytes: 'bb ee da', text: 'Люк' },
  { why: 'Arabic', terms: ['ISO_IR 127'], bytes: 'e2 c8', text: 'قب' },
  { why: 'Hebrew', terms: ['ISO_IR 138'], bytes: 'f9 f8', text: 'שר' },
  { why: 'Turkish', terms: ['ISO_IR 148'], bytes: 'd0 fe', text: 'Ğş' },
  { why: 'Thai', terms: ['ISO_IR 166'], bytes: 'a1 a2', text: 'กข' },
  { why: 'Latin 9', terms: ['ISO_IR 203'], bytes: 'a4', text: '€' },
  { why: 'a byte of Latin 1 that the web reads as another set', terms: ['ISO_IR 100'], bytes: '85', text: '\u0085' },
  { why: 'nothing declared, yet UTF-8', terms: [], bytes: 'c3 a9', text: 'é' },
  { why: 'nothing declared, not UTF-8: Latin 1', terms: [], bytes: 'e9', text: 'é' },
  { why: 'a misspelt term', terms: ['ISO-IR 100'], bytes: 'e9', text: 'é' },
  {
    why: 'the second byte of a GB18030 character may be a backslash',
    terms: ['GBK'],
    bytes: '95 5c',
    text: '昞',
  },
  { why: 'a double-byte value cut in its middle', terms: ['', 'ISO 2022 IR 87'], bytes: '1b 24 42 3b 33 45', text: '山E' },
])('$why', ({ terms, bytes, text }) => expect(characterSet(terms).decode(hex(bytes))).toBe(text))

test('names the terms it does not know', () => {
  expect(characterSet(['', 'ISO 2022 IR 87']).unknownTerms).toEqual([])
  expect(characterSet(['ISO_IR 999']).unknownTerms).toEqual(['ISO_IR 999'])
})
