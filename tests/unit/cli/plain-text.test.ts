import { expect, test } from 'vitest'
import { plainJson, plainText } from '../../../main/cli/plain-text'

/** What a terminal would obey, or what turns the order of letters around. */
const harmful = ['\x1b[2J', '\u009b31m', '\x07', '\r', '\x00', '\u202e', '\u2066', '\u200f', '\u061c', '\u2028', '\u{e0041}']

test.each(harmful)('%j becomes a replacement sign', (text) => {
  expect(plainText(text)[0]).toBe('\ufffd')
  expect(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(plainText(`a${text}b`))).toBe(false)
})

test('what is written stays', () => expect(plainText('Müller^Jürgen 山田 שרון “x” 5 µm')).toBe('Müller^Jürgen 山田 שרון “x” 5 µm'))

test.each(harmful)('a JSON document with %j is the same document and holds none of it', (text) => {
  const json = plainJson({ value: `a${text}b` })
  expect(JSON.parse(json)).toEqual({ value: `a${text}b` })
  expect(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(json)).toBe(false)
})
