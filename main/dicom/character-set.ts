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
  /** @param vr of the value: which characters divide it, and so bring the first set back */
  decode(bytes: Uint8Array, vr: string): string
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
const escape = 0x1b
const escapeKeys = Object.keys(escapes)

/** Text that is one value: a backslash in it is a backslash. PS3.5 6.2. */
export const undividedVrs: ReadonlySet<string> = new Set(['LT', 'ST', 'UT', 'UR'])

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

/**
 * What brings back the sets of the first value: control characters, where values are divided the backslash, and in names the
 * delimiters of components and groups. PS3.5 6.1.2.5.3.
 */
function resetsAt(byte: number, vr: string): boolean {
  switch (byte) {
    case 0x09:
    case 0x0a:
    case 0x0c:
    case 0x0d:
      return true
    case 0x5c:
      return !undividedVrs.has(vr)
    case 0x5e:
    case 0x3d:
      return vr === 'PN'
    default:
      return false
  }
}

interface Halves {
  readonly low: CodeElement
  readonly high: CodeElement
}

function decodeExtended(bytes: Uint8Array, vr: string, initial: Halves): string {
  let { low, high } = initial
  let text = ''
  let position = 0
  while (position < bytes.length) {
    const byte = bytes[position]
    if (byte === escape) {
      const key = escapeAt(bytes, position)
      if (key) {
        const { half, set } = escapes[key]
        if (half === 'low') low = set
        else high = set
      }
      position += 1 + (key?.length ?? 0)
      continue
    }
    const isHigh = byte >= 0x80
    const set = isHigh ? high : low
    // Of two bytes a character may hold a delimiter, but no control character.
    if ((set.bytes === 1 || byte < 0x20) && resetsAt(byte, vr)) {
      ;({ low, high } = initial)
      text += String.fromCharCode(byte)
      position++
      continue
    }
    const end = endOfRun(bytes, position, set, vr)
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

function escapeAt(bytes: Uint8Array, position: number): string | undefined {
  const ahead = String.fromCharCode(...bytes.subarray(position + 1, position + 4))
  return escapeKeys.find((candidate) => ahead.startsWith(candidate))
}

/** Where the run of one set ends, so that the decoder is called once for it. */
function endOfRun(bytes: Uint8Array, start: number, set: CodeElement, vr: string): number {
  const isHigh = bytes[start] >= 0x80
  let end = start
  while (end < bytes.length && bytes[end] !== escape && bytes[end] >= 0x80 === isHigh) {
    if (set.bytes === 1 ? resetsAt(bytes[end], vr) : bytes[end] < 0x21 || end + 1 >= bytes.length) break
    end += set.bytes
  }
  return Math.min(end, bytes.length)
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
  const unknownTerms = names.filter((name) => {
    const number = termNumber(name)?.number ?? ''
    return name !== '' && !wideDecoder(name) && !(number in singleByteSets || multiByteTerms.has(number))
  })
  return { terms, unknownTerms, decode: decoderOf(names) }
}

/** The sets that forbid code extensions, as their characters hold any byte. PS3.3 table C.12-5. */
function wideDecoder(name: string): string | null {
  if (/^GB ?18030$/.test(name)) return 'gb18030'
  if (name === 'GBK') return 'gbk'
  return /^UTF-?8$/.test(name) || termNumber(name)?.number === '192' ? 'utf-8' : null
}

function decoderOf(names: readonly string[]): CharacterSet['decode'] {
  const withAscii = (decode: (bytes: Uint8Array, vr: string) => string) => (bytes: Uint8Array, vr: string) =>
    isAscii(bytes) && !bytes.includes(escape) ? byteText(bytes) : decode(bytes, vr)
  // A first value that says no more than ASCII takes nothing from one of these behind it, which is wrong there, but meant.
  const wide = wideDecoder(names.find((name) => name !== '' && termNumber(name)?.number !== '6') ?? '')
  if (wide) return withAscii((bytes) => textDecoder(wide).decode(bytes))

  const first = names[0] ?? ''
  const { number, extended } = termNumber(first) ?? { number: '', extended: false }
  const single = singleByteSets[number]
  if (names.length < 2 && !extended && !multiByteTerms.has(number)) {
    if (single && single !== 'ascii') return withAscii((bytes) => decodeSet(single, bytes))
    return withAscii((bytes, vr) => (bytes.includes(escape) ? decodeExtended(bytes, vr, undeclared) : decodeUndeclared(bytes)))
  }
  const initial: Halves = {
    low: number === '13' ? { decoder: 'shift_jis', bytes: 1 } : ascii,
    // Some write Korean or Chinese as the first value and never the escape: then that set is on from the start.
    high:
      number === '149'
        ? escapes['$)C'].set
        : number === '58'
          ? escapes['$)A'].set
          : { decoder: single && single !== 'ascii' ? single : latin1, bytes: 1 },
  }
  return withAscii((bytes, vr) => decodeExtended(bytes, vr, initial))
}

/** Where no set is declared, escapes still mean what they mean. */
const undeclared: Halves = { low: ascii, high: { decoder: latin1, bytes: 1 } }

export const defaultCharacterSet = characterSet([])
