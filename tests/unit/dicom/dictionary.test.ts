import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { attributeName, dictionaryEntry, dictionaryVr, tagText } from '../../../main/dicom/dictionary'

interface Dcmjs {
  readonly data: {
    readonly DicomMetaDictionary: {
      readonly nameMap: Record<string, { tag: string; vr: string; name: string; version: string } | undefined>
    }
  }
}

/** Where dcmjs 0.51 differs from PS3.6: VRs since corrected, keywords misspelt, and `up` for an offset. */
const theirFaults = new Set([
  0x00041200, 0x00041202, 0x00041400, 0x00041420, 0x00041504, 0x0040a803, 0x00660040, 0x00660041, 0x00660042, 0x00660043, 0x006862f0,
  0x00701305, 0x00701306, 0x0070150c, 0x00760034, 0x300a0131,
])

test('agrees with the dictionary of dcmjs', () => {
  const { data } = createRequire(import.meta.url)('dcmjs') as Dcmjs
  const different: string[] = []
  let compared = 0
  for (const entry of Object.values(data.DicomMetaDictionary.nameMap)) {
    if (!entry || entry.version !== 'DICOM' || !/^\([0-9A-F]{4},[0-9A-F]{4}\)$/.test(entry.tag)) continue
    const tag = parseInt(entry.tag.slice(1, 5) + entry.tag.slice(6, 10), 16)
    if (theirFaults.has(tag)) continue
    const own = dictionaryEntry(tag)
    // Where the standard leaves the VR open they write one of the two.
    if (!own || own.vr === 'xs' || own.vr === 'ox' || own.vr === 'lt') continue
    compared++
    // Retired names carry a prefix there, and some keywords another capital.
    const keyword = entry.name.replace(/^RETIRED_/, '').toLowerCase()
    if (own.vr !== entry.vr || own.keyword.toLowerCase() !== keyword)
      different.push(`${entry.tag} ${entry.vr} ${entry.name}: ${own.vr} ${own.keyword}`)
  }
  expect(compared).toBeGreaterThan(3000)
  expect(different).toEqual([])
})

test.each([
  { tag: 0x00280010, vr: 'US' },
  { tag: 0x60020010, vr: 'US' },
  { tag: 0x00080000, vr: 'UL' },
  { tag: 0x00290010, vr: 'LO' },
  { tag: 0x00291010, vr: 'UN' },
  { tag: 0x00280106, vr: 'xs' },
  { tag: 0x7fe00010, vr: 'ox' },
])('the VR of $tag is $vr', ({ tag, vr }) => expect(dictionaryVr(tag)).toBe(vr))

test('writes tags as the standard does', () => expect(tagText(0x7fe00010)).toBe('(7FE0,0010)'))

test.each([
  [0x00080018, 'SOP Instance UID'],
  [0x00280030, 'Pixel Spacing'],
  [0x00283010, 'VOI LUT Sequence'],
  [0x00180060, 'KVP'],
  [0x60020010, 'Overlay Rows'],
  [0x00290000, 'Group Length'],
  [0x00091001, ''],
])('%i is called %j', (tag, name) => expect(attributeName(tag)).toBe(name))
