import { expect, test } from 'vitest'
import { plainValues } from '../../../../renderer/engine/plain-values'

const harmful = ['\x1b', '\u009b', '\x07', '\r', '\x00', '\x7f', '\u202e', '\u202a', '\u2066', '\u2069', '\u2028', '\u{e0041}']

test.each(harmful)('%j becomes a replacement sign, wherever it stands in a message', (character) => {
  const message = { name: `a${character}b`, list: [{ deep: [character] }], none: null, count: 3 }
  expect(plainValues(message)).toEqual({ name: 'a\ufffdb', list: [{ deep: ['\ufffd'] }], none: null, count: 3 })
})

test('letters of every script, their joiners, marks of direction, line breaks and tabs stay', () => {
  const text = 'Müller^Jürgen 山田 שרון\u200f علی‌رضا 👩‍⚕️ <b>&amp;</b>\n\tx'
  expect(plainValues({ text })).toEqual({ text })
})

test('a line break of two characters is one', () => expect(plainValues('a\r\nb')).toBe('a\nb'))

test('bytes are left alone', () => {
  const bytes = Uint8Array.of(0x1b, 0)
  expect(plainValues({ bytes })).toEqual({ bytes: Uint8Array.of(0x1b, 0) })
})
