import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { compareObjects } from '../../../main/dicom/compare-objects'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { buildObject, encapsulate, pictureElements, syntaxes, type SampleElement, type SampleForm } from '../../samples/build-object'

const form = { rows: 2, columns: 3, bitsAllocated: 16 } as const
const pixels: SampleElement = [0x7fe00010, 'OW', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]
const compressed = (fragments: readonly number[][], table: readonly number[] = []): SampleElement => [
  0x7fe00010,
  'encapsulated',
  encapsulate(
    fragments.map((bytes) => Uint8Array.from(bytes)),
    table,
  ),
]

function object(extra: readonly SampleElement[] = [], written: SampleForm = {}, picture: SampleElement = pixels) {
  const identity: SampleElement[] = [
    [0x00100010, 'PN', 'Doe^Jane'],
    [0x00100020, 'LO', '0042'],
  ]
  return readDicomObject(bytesSource(buildObject(pictureElements(form, picture, [...identity, ...extra]), written)))
}

test.each<[string, SampleForm]>([
  ['implicitly', { transferSyntax: syntaxes.implicit }],
  ['deflated', { transferSyntax: syntaxes.deflated }],
  ['without a preamble', { preamble: false, meta: false }],
])('an object written %s is the same', (_, written) => {
  expect(compareObjects(object(), object([], written))).toEqual({ samePixels: true, changed: [] })
})

test('sequences of stated and of open length are the same', () => {
  const sequence: SampleElement = [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.3']]]]
  expect(compareObjects(object([sequence]), object([sequence], { undefinedLengths: true })).changed).toEqual([])
  const other: SampleElement = [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.4']]]]
  expect(compareObjects(object([sequence]), object([other])).changed).toMatchObject([{ tag: '(0008,1140)' }])
})

test('what an archive notes of itself is no change, nor is the character set of a text that stays', () => {
  const noted = object([
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080054, 'AE', 'PACS'],
    [0x00880140, 'UI', '1.2.9'],
  ])
  expect(compareObjects(object(), noted).changed).toEqual([])
})

test('what changed is named, with what it was', () => {
  const after = object([
    [0x00100010, 'PN', 'Doe^Joan'],
    [0x00281053, 'DS', '2'],
  ])
  expect(compareObjects(object(), after)).toEqual({
    samePixels: true,
    changed: [
      { tag: '(0010,0010)', name: 'Patient Name', before: 'Doe^Jane', after: 'Doe^Joan' },
      { tag: '(0028,1053)', name: 'Rescale Slope', before: '', after: '2' },
    ],
  })
})

test('one bit of the pixels tells two pictures apart', () => {
  const other: SampleElement = [0x7fe00010, 'OW', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13)]
  expect(compareObjects(object(), object([], {}, other))).toEqual({ samePixels: false, changed: [] })
})

test('compressed pixels are the same with and without an offset table, and not with another fragment', () => {
  const jpeg = (picture: SampleElement) => object([], { transferSyntax: syntaxes.jpeg2000Lossless }, picture)
  const whole = jpeg(compressed([[1, 2, 3, 4]]))
  expect(compareObjects(whole, jpeg(compressed([[1, 2, 3, 4]], [0]))).samePixels).toBe(true)
  for (const other of [
    [[1, 2, 3, 5]],
    [
      [1, 2, 3, 4],
      [5, 6],
    ],
    [[1, 2, 3, 4, 5, 6]],
  ])
    expect(compareObjects(whole, jpeg(compressed(other))).samePixels).toBe(false)
  expect(compareObjects(whole, object()).samePixels).toBe(false)
})
