import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytesSource, fileSource } from '../../../main/base/byte-source'
import { characterSet } from '../../../main/dicom/character-set'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { personName } from '../../../main/dicom/header-facts'
import { buildObject } from '../../samples/build-object'
import { hasSharedData, sharedData } from '../../shared-data'

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
    bytes: '57 61 6e 67 5e 58 69 61 6f 44 6f 6e 67 3d e7 8e 8b 5e e5 b0 8f e6 9d b1 3d',
    text: 'Wang^XiaoDong=王^小東=',
  },
  {
    why: 'J.3: Chinese in GB18030',
    terms: ['GB18030'],
    bytes: '57 61 6e 67 5e 58 69 61 6f 44 6f 6e 67 3d cd f5 5e d0 a1 b6 ab 3d',
    text: 'Wang^XiaoDong=王^小东=',
  },
  { why: 'characters of two and of four bytes in GB18030', terms: ['GB18030'], bytes: '96 7c 95 32 82 36', text: '東𠀀' },
  {
    why: 'K.2: simplified Chinese by escapes',
    terms: ['', 'ISO 2022 IR 58'],
    bytes: '5a 68 61 6e 67 5e 58 69 61 6f 44 6f 6e 67 3d 1b 24 29 41 d5 c5 5e 1b 24 29 41 d0 a1 b6 ab 3d',
    text: 'Zhang^XiaoDong=张^小东=',
  },
  { why: 'JIS X 0212, and back to ASCII', terms: ['', 'ISO 2022 IR 159'], bytes: '41 1b 24 28 44 30 21 1b 28 42 42', text: 'A丂B' },
  {
    why: 'both Japanese sets of two bytes in one name',
    terms: ['ISO 2022 IR 6', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
    bytes: '1b 24 42 3b 33 45 44 1b 24 28 44 30 21 1b 28 42 5e 41',
    text: '山田丂^A',
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
  { why: 'Latin 3', terms: ['ISO_IR 109'], bytes: 'c6 a9', text: 'Ĉİ' },
  { why: 'Latin 4', terms: ['ISO_IR 110'], bytes: 'e8 f0', text: 'čđ' },
  { why: 'half-width katakana alone', terms: ['ISO_IR 13'], bytes: 'd4 cf c0 de 5e c0 db b3', text: 'ﾔﾏﾀﾞ^ﾀﾛｳ' },
  { why: 'ASCII named', terms: ['ISO_IR 6'], bytes: '41 5e 42', text: 'A^B' },
  { why: 'UTF-8 named behind an empty value', terms: ['', 'ISO_IR 192'], bytes: 'e7 8e 8b', text: '王' },
  { why: 'Japanese by escapes, nothing declared', terms: [], bytes: '1b 24 42 3b 33 45 44 1b 28 42 5e 41', text: '山田^A' },
  { why: 'Japanese by escapes, the term without 2022', terms: ['ISO_IR 87'], bytes: '1b 24 42 3b 33 45 44 1b 28 42', text: '山田' },
  { why: 'Korean named first and never invoked', terms: ['ISO 2022 IR 149'], bytes: 'c8 ab 5e b1 e6 b5 bf', text: '홍^길동' },
  { why: 'an escape that means nothing is left out', terms: ['', 'ISO 2022 IR 87'], bytes: '41 1b 28 5a 42', text: 'A(ZB' },
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
])('$why', ({ terms, bytes, text }) => expect(characterSet(terms).decode(hex(bytes), 'PN')).toBe(text))

/** PS3.3 table C.12-3: each set of one byte invoked by its escape, with a letter that it alone has at this place. */
test.each([
  ['ISO 2022 IR 100', '2d 41', 'e9', 'é'],
  ['ISO 2022 IR 101', '2d 42', 'a3', 'Ł'],
  ['ISO 2022 IR 109', '2d 43', 'c6', 'Ĉ'],
  ['ISO 2022 IR 110', '2d 44', 'f0', 'đ'],
  ['ISO 2022 IR 144', '2d 4c', 'bb', 'Л'],
  ['ISO 2022 IR 127', '2d 47', 'e2', 'ق'],
  ['ISO 2022 IR 126', '2d 46', 'c4', 'Δ'],
  ['ISO 2022 IR 138', '2d 48', 'f9', 'ש'],
  ['ISO 2022 IR 148', '2d 4d', 'd0', 'Ğ'],
  ['ISO 2022 IR 203', '2d 62', 'a4', '€'],
  ['ISO 2022 IR 13', '29 49', 'd4', 'ﾔ'],
  ['ISO 2022 IR 166', '2d 54', 'a1', 'ก'],
])('%s by its escape, until a delimiter', (term, sequence, byte, letter) => {
  const { decode, unknownTerms } = characterSet(['ISO 2022 IR 100', term])
  expect(decode(hex(`1b ${sequence} ${byte} 3d e9`), 'PN')).toBe(`${letter}=é`)
  expect(unknownTerms).toEqual([])
})

describe('what brings back the first set depends on the VR. PS3.5 6.1.2.5.3', () => {
  const terms = ['ISO 2022 IR 100', 'ISO 2022 IR 144']
  const reading = (byte: string, vr: string) => characterSet(terms).decode(hex(`1b 2d 4c bb ${byte} bb`), vr)
  test.each([
    { vr: 'PN', byte: '5e', text: 'Л^»' },
    { vr: 'PN', byte: '3d', text: 'Л=»' },
    { vr: 'PN', byte: '5c', text: 'Л\\»' },
    { vr: 'LO', byte: '5e', text: 'Л^Л' },
    { vr: 'LO', byte: '3d', text: 'Л=Л' },
    { vr: 'LO', byte: '5c', text: 'Л\\»' },
    { vr: 'UT', byte: '5c', text: 'Л\\Л' },
    { vr: 'UT', byte: '0a', text: 'Л\n»' },
    { vr: 'LT', byte: '0d', text: 'Л\r»' },
    { vr: 'LT', byte: '0c', text: 'Л\f»' },
    { vr: 'ST', byte: '09', text: 'Л\t»' },
  ])('$vr at byte $byte', ({ vr, byte, text }) => expect(reading(byte, vr)).toBe(text))

  test('a new line does so within a set of two bytes', () =>
    expect(characterSet(['', 'ISO 2022 IR 87']).decode(hex('1b 24 42 3b 33 45 44 0d 0a 41'), 'LT')).toBe('山田\r\nA'))
  test('a delimiter as half of a character does not', () =>
    // 0x25 0x5C is a letter of katakana.
    expect(characterSet(['', 'ISO 2022 IR 87']).decode(hex('1b 24 42 25 5c 25 5e 25 3d 1b 28 42 41'), 'PN')).toBe('ボマソA'))
})

/** Long texts of the annexes: each line invokes its set anew. */
test.each([
  {
    why: 'I.3: Korean',
    terms: ['', 'ISO 2022 IR 149'],
    bytes: [
      '1b 24 29 43 54 68 65 20 66 69 72 73 74 20 6c 69 6e 65 20 69 6e 63 6c 75 64 65 73 20 b1 e6 b5 bf 2e 0d 0a',
      '1b 24 29 43 54 68 65 20 73 65 63 6f 6e 64 20 6c 69 6e 65 20 69 6e 63 6c 75 64 65 73 20 b1 e6 b5 bf 2c 20 74 6f 6f 2e 0d 0a',
      '54 68 65 20 74 68 69 72 64 20 6c 69 6e 65 2e',
    ],
    text: 'The first line includes 길동.\r\nThe second line includes 길동, too.\r\nThe third line.',
  },
  {
    why: 'K.3: Chinese',
    terms: ['', 'ISO 2022 IR 58'],
    bytes: [
      '31 2e 20 1b 24 29 41 b5 da d2 bb d0 d0 ce c4 d7 d6 a1 a3 0d 0a',
      '32 2e 20 1b 24 29 41 b5 da b6 fe d0 d0 ce c4 d7 d6 a1 a3 0d 0a',
      '33 2e 20 1b 24 29 41 b5 da c8 fd d0 d0 ce c4 d7 d6 a1 a3 0d 0a',
    ],
    text: '1. 第一行文字。\r\n2. 第二行文字。\r\n3. 第三行文字。\r\n',
  },
  {
    why: 'J.2: Chinese in UTF-8',
    terms: ['ISO_IR 192'],
    bytes: ['54 68 65 20 66 69 72 73 74 20 6c 69 6e 65 20 69 6e 63 6c 75 64 65 73 20 e4 b8 ad e6 96 87 2e 0d 0a'],
    text: 'The first line includes 中文.\r\n',
  },
  {
    why: 'J.4: Chinese in GB18030',
    terms: ['GB18030'],
    bytes: ['54 68 65 20 66 69 72 73 74 20 6c 69 6e 65 20 69 6e 63 6c 75 64 65 73 20 d6 d0 ce c4 2e 0d 0a'],
    text: 'The first line includes 中文.\r\n',
  },
])('a long text, $why', ({ terms, bytes, text }) => expect(characterSet(terms).decode(hex(bytes.join(' ')), 'LT')).toBe(text))

test('an item has the set of the object that holds it, unless it names its own', () => {
  const object = readDicomObject(
    bytesSource(
      buildObject([
        [0x00080005, 'CS', 'ISO_IR 144'],
        [
          0x00081110,
          'SQ',
          [
            [[0x00100010, 'PN', '\xbb']],
            [
              [0x00080005, 'CS', 'ISO_IR 126'],
              [0x00081111, 'SQ', [[[0x00100010, 'PN', '\xc4']]]],
            ],
          ],
        ],
      ]),
    ),
  )
  const [first, second] = object.dataSet.items(0x00081110)
  expect(first.wholeText(0x00100010)).toBe('Л')
  expect(second.items(0x00081111)[0].wholeText(0x00100010)).toBe('Δ')
})

test('text that (0008,0005) does not apply to is not read by it', () => {
  const object = readDicomObject(
    bytesSource(
      buildObject([
        [0x00080005, 'CS', 'ISO_IR 144'],
        [0x00080060, 'CS', 'M\xe9'],
      ]),
    ),
  )
  expect(object.dataSet.text(0x00080060)).toBe('Mé')
})

/** Names of the standard and of its makers' samples, as pydicom 2.3 reads them too. */
describe.skipIf(!hasSharedData)('names of real files', () => {
  test.each([
    ['chrArab', 'قباني^لنزار'],
    ['chrFren', 'Buc^Jérôme'],
    ['chrFrenMulti', 'Buc^Jérôme'],
    ['chrGerm', 'Äneas^Rüdiger'],
    ['chrGreek', 'Διονυσιος'],
    ['chrH31', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
    ['chrH32', 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'],
    ['chrHbrw', 'שרון^דבורה'],
    ['chrI2', 'Hong^Gildong=洪^吉洞=홍^길동'],
    ['chrJapMultiExplicitIR6', 'やまだ^たろう'],
    ['chrKoreanMulti', '김희중'],
    ['chrRuss', 'Люкceмбypг'],
    ['chrX1', 'Wang^XiaoDong=王^小東'],
    ['chrX2', 'Wang^XiaoDong=王^小东'],
  ])('%s: %s', (file, name) => {
    const source = fileSource(join(sharedData, 'dicom/pydicom-charset', `${file}.dcm`))
    expect(personName(readDicomObject(source).dataSet, 0x00100010)).toBe(name)
    source.close()
  })

  test.each(['chrSQEncoding', 'chrSQEncoding1'])('%s: a name within a sequence that names its own sets', (file) => {
    const source = fileSource(join(sharedData, 'dicom/pydicom-charset', `${file}.dcm`))
    const [item] = readDicomObject(source).dataSet.items(0x00321064)
    expect(item.wholeText(0x00100010)).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう')
    source.close()
  })
})

test('names the terms it does not know', () => {
  expect(characterSet(['', 'ISO 2022 IR 87']).unknownTerms).toEqual([])
  expect(characterSet(['ISO_IR 999']).unknownTerms).toEqual(['ISO_IR 999'])
  for (const term of ['ISO_IR 192', 'GB18030', 'GBK']) expect(characterSet([term]).unknownTerms).toEqual([])
  for (const number of [6, 13, 58, 87, 100, 101, 109, 110, 126, 127, 138, 144, 148, 149, 159, 166, 203])
    expect(characterSet(['', `ISO 2022 IR ${number}`]).unknownTerms).toEqual([])
})
