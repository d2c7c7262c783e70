/** Names and value representations of attributes, PS3.6. Read from its text when first asked for. */
import { dictionaryText } from './dictionary-data'

export interface DictionaryEntry {
  /** Two letters, or `xs` (US or SS), `ox` (OB or OW), `lt` (US or OW). */
  readonly vr: string
  /** `PatientName` and the like. */
  readonly keyword: string
}

let entries: Map<number, DictionaryEntry> | null = null

function readDictionary(): Map<number, DictionaryEntry> {
  const read = new Map<number, DictionaryEntry>()
  for (const line of dictionaryText.split('\n')) {
    if (line.length > 10) read.set(parseInt(line.slice(0, 8), 16), { vr: line.slice(8, 10), keyword: line.slice(10) })
  }
  return read
}

/** The entry of a standard attribute; repeating groups (50xx, 60xx) share theirs. Null for private and unknown ones. */
export function dictionaryEntry(tag: number): DictionaryEntry | null {
  entries ??= readDictionary()
  const group = tag >>> 16
  const repeating = group >>> 8 === 0x50 || group >>> 8 === 0x60
  return entries.get(repeating ? (tag & 0xff00ffff) >>> 0 : tag) ?? null
}

/** The VR that an implicitly encoded attribute has; `UN` where it is not known. PS3.5 7.1.2 and 7.8.1. */
export function dictionaryVr(tag: number): string {
  if ((tag & 0xffff) === 0) return 'UL'
  // A private creator is LO; other private attributes are known to their maker alone.
  if ((tag >>> 16) & 1) return (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff ? 'LO' : 'UN'
  return dictionaryEntry(tag)?.vr ?? 'UN'
}

/** The name in words, from the keyword: "SOP Instance UID", "Pixel Spacing". Empty for private and unknown attributes. */
export function attributeName(tag: number): string {
  if ((tag & 0xffff) === 0 && tag !== 0) return 'Group Length'
  return (dictionaryEntry(tag)?.keyword ?? '')
    .replace('VOILUT', 'VOI LUT')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
}

/** `(0028,0030)`, as errors and the inspector write it. */
export function tagText(tag: number): string {
  const digits = tag.toString(16).padStart(8, '0').toUpperCase()
  return `(${digits.slice(0, 4)},${digits.slice(4)})`
}
