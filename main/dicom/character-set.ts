/**
 * Text of a data set: specific character sets with and without code extensions.
 * PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H to K.
 */

/** One set of a code-extended value: its name for TextDecoder, and how many bytes a character takes. */
interface CodeElement {
  readonly decoder: string
  readonly bytes: 1 | 2
}

/** (0008,0005) as read: how the values of a data set become text. */
export interface CharacterSet {
  /** The defined terms as written; empty where the attribute is missing. */
  readonly terms: readonly string[]
  /** Terms that no edition of the standard knows. */
  readonly unknownTerms: readonly string[]
  decode(bytes: Uint8Array): string
}

const latin1 = 'latin1'
const ascii: CodeElement = { decoder: 'ascii', bytes: 1 }

/** By the number of the defined term ISO_IR n or ISO 2022 IR n. */
const singleByteSets: Readonly<Record<string, string>> = {
  '6': 'ascii',
  '100': latin1,
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '144': 'iso-8859-5',
  '127': 'iso-8859-6',
  '126': 'iso-8859-7',
  '138': 'iso-8859-8',
  '148': 'windows-1254',
  '203': 'iso-8859-15',
  '13': 'shift_jis',
  '166': 'windows-874',
  '192': 'utf-8',
}
const multiByteTerms = new Set(['87', '159', '149', '58'])

/** The escape sequences of PS3.3 tables C.12-3 and C.12-4, without the escape itself: which half they set, and to what. */
const escapes: Readonly<Record<string, { readonly half: 'low' | 'high'; readonly set: CodeElement }>> = {
  '(B': { half: 'low', set: ascii },
  '(J': { half: 'low', set: { decoder: 'shift_jis', bytes: 1 } },
  ')I': { half: 'high', set: { decoder: 'shift_jis', bytes: 1 } },
  '-A': { half: 'high', set: { decoder: latin1, bytes: 1 } },
  '-B': { half: 'high', set: { decoder: 'iso-8859-2', bytes: 1 } },
  '-C': { half: 'high', set: { decoder: 'iso-8859-3', bytes: 1 } },
  '-D': { half: 'high', set: { decoder: 'iso-8859-4', bytes: 1 } },
  '-L': { half: 'high', set: { decoder: 'iso-8859-5', bytes: 1 } },
  '-G': { half: 'high', set: { decoder: 'iso-8859-6', bytes: 1 } },
  '-F': { half: 'high', set: { decoder: 'iso-8859-7', bytes: 1 } },
  '-H': { half: 'high', set: { decoder: 'iso-8859-8', bytes: 1 } },
  '-M': { half: 'high', set: { decoder: 'windows-1254', bytes: 1 } },
  '-b': { half: 'high', set: { decoder: 'iso-8859-15', bytes: 1 } },
  '-T': { half: 'high', set: { decoder: 'windows-874', bytes: 1 } },
  $B: { half: 'low', set: { decoder: 'jis-x-0208', bytes: 2 } },
  '$(D': { half: 'low', set: { decoder: 'jis-x-0212', bytes: 2 } },
  '$)C': { half: 'high', set: { decoder: 'euc-kr', bytes: 2 } },
  '$)A': { half: 'high', set: { decoder: 'gb2312', bytes: 2 } },
}
const escapeKeys = Object.keys(escapes)

const decoders = new Map<string, InstanceType<typeof TextDecoder>>()
function textDecoder(label: string): InstanceType<typeof TextDecoder> {
  let decoder = decoders.get(label)
  if (!decoder) decoders.set(label, (decoder = new TextDecoder(label)))
  return decoder
}
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 0x7e) return false
  return true
}

/** Bytes one to one as characters; TextDecoder's latin1 is windows-1252, which is not the same. */
function byteText(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 8192) text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  return text
}

function decodeSet(decoder: string, bytes: Uint8Array): string {
  switch (decoder) {
    case 'ascii':
    case latin1:
      return byteText(bytes)
    // The web's EUC-JP holds both Japanese sets, with the upper bit set and 0x8F before the second one.
    case 'jis-x-0208':
      return textDecoder('euc-jp').decode(bytes.map((byte) => byte | 0x80))
    case 'jis-x-0212': {
      const euc = new Uint8Array(Math.floor(bytes.length / 2) * 3)
      for (let i = 0; i + 1 < bytes.length; i += 2) euc.set([0x8f, bytes[i] | 0x80, bytes[i + 1] | 0x80], (i / 2) * 3)
      return textDecoder('euc-jp').decode(euc)
    }
    default:
      return textDecoder(decoder).decode(bytes)
  }
}

/** Where no set is declared, bytes above ASCII are mostly UTF-8 by mistake, else Latin 1. */
function decodeUndeclared(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return byteText(bytes)
  }
}

/** Control characters, and in names and lists the delimiters, bring back the first set. PS3.5 6.1.2.5.3. */
const resets = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x5c, 0x5e, 0x3d])

function decodeExtended(bytes: Uint8Array, initialHigh: CodeElement, initialLow: CodeElement): string {
  let low = initialLow
  let high = initialHigh
  let text = ''
  let position = 0
  while (position < bytes.length) {
    const byte = bytes[position]
    if (byte === 0x1b) {
      const ahead = String.fromCharCode(...bytes.subarray(position + 1, position + 4))
      const key = escapeKeys.find((candidate) => ahead.startsWith(candidate))
      if (key) {
        const { half, set } = escapes[key]
        if (half === 'low') low = set
        else high = set
        position += 1 + key.length
      } else {
        position++
      }
      continue
    }
    const isHigh = byte >= 0x80
    const set = isHigh ? high : low
    if (set.bytes === 1 && resets.has(byte)) {
      low = initialLow
      high = initialHigh
      text += String.fromCharCode(byte)
      position++
      continue
    }
    let end = position
    // A run of one set, so that the decoder is called once for it.
    while (end < bytes.length && bytes[end] !== 0x1b && bytes[end] >= 0x80 === isHigh && !(set.bytes === 1 && resets.has(bytes[end]))) {
      if (set.bytes === 2 && (bytes[end] < 0x21 || end + 1 >= bytes.length)) break
      end += set.bytes
    }
    if (end === position) {
      text += String.fromCharCode(byte)
      position++
      continue
    }
    text += decodeSet(set.decoder, bytes.subarray(position, end))
    position = end
  }
  return text
}

/** A defined term as its number and whether it allows code extensions; null for those without a number. Common misspellings count. */
function termNumber(term: string): { readonly number: string; readonly extended: boolean } | null {
  const match = /^ISO[ _-]?(2022)?[ _-]?(?:IR)?[ _-]?(\d{1,3})$/.exec(term)
  return match ? { number: match[2], extended: match[1] !== undefined } : null
}

const cache = new Map<string, CharacterSet>()

/** The character set that the values of (0008,0005) name. Unknown terms are reported and read as undeclared text is. */
export function characterSet(terms: readonly string[]): CharacterSet {
  const key = terms.join('\\')
  let known = cache.get(key)
  // A hostile directory of files may name any number of sets.
  if (cache.size > 256) cache.clear()
  if (!known) cache.set(key, (known = makeCharacterSet(terms)))
  return known
}

function makeCharacterSet(terms: readonly string[]): CharacterSet {
  const names = terms.map((term) => term.trim().toUpperCase())
  const first = names[0] ?? ''
  const wide = /^GB ?18030$/.test(first)
    ? 'gb18030'
    : first === 'GBK'
      ? 'gbk'
      : /^UTF-?8$/.test(first) || termNumber(first)?.number === '192'
        ? 'utf-8'
        : null
  const unknownTerms = names.filter((name, index) => {
    if (name === '' || (index === 0 && wide)) return false
    const number = termNumber(name)?.number ?? ''
    return !(number in singleByteSets || multiByteTerms.has(number))
  })
  const withAscii = (decode: (bytes: Uint8Array) => string) => (bytes: Uint8Array) => (isAscii(bytes) ? byteText(bytes) : decode(bytes))
  // PS3.3 C.12.1.1.2: these three forbid code extensions.
  if (wide) return { terms, unknownTerms, decode: withAscii((bytes) => textDecoder(wide).decode(bytes)) }

  const firstNumber = termNumber(first)?.number ?? ''
  const firstDecoder = singleByteSets[firstNumber]
  const extended = names.length > 1 || (termNumber(first)?.extended ?? false)
  if (extended) {
    const high: CodeElement = { decoder: firstDecoder && firstDecoder !== 'ascii' ? firstDecoder : latin1, bytes: 1 }
    const low: CodeElement = firstNumber === '13' ? { decoder: 'shift_jis', bytes: 1 } : ascii
    // Some write Korean or Chinese as the first value and never the escape: then that set is on from the start.
    const initialHigh = firstNumber === '149' ? escapes['$)C'].set : firstNumber === '58' ? escapes['$)A'].set : high
    const single = names.length === 1 && firstDecoder !== undefined
    return {
      terms,
      unknownTerms,
      decode: (bytes) =>
        isAscii(bytes) && !bytes.includes(0x1b) ? byteText(bytes) : decodeExtended(bytes, single ? high : initialHigh, low),
    }
  }
  if (!firstDecoder || firstDecoder === 'ascii') return { terms, unknownTerms, decode: withAscii(decodeUndeclared) }
  return { terms, unknownTerms, decode: withAscii((bytes) => decodeSet(firstDecoder, bytes)) }
}

export const defaultCharacterSet = characterSet([])
