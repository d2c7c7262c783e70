import { describe, expect, test } from 'vitest'
import { bytesSource, type ByteSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { buildObject, encapsulate, join, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'

const name: SampleElement = [0x00100010, 'PN', 'A^B']
const read = (bytes: Uint8Array) => readDicomObject(bytesSource(bytes))
const picture = { rows: 2, columns: 2, bitsAllocated: 8 }
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 2, 1, 1, 0x11, 0, 0xff, 0xd9, 0])

test.each([
  { why: 'says explicit, is implicit', stated: syntaxes.explicit, form: { explicit: false }, found: syntaxes.implicit },
  { why: 'says implicit, is explicit', stated: syntaxes.implicit, form: { explicit: true }, found: syntaxes.explicit },
  { why: 'says little, is big endian', stated: syntaxes.explicit, form: { littleEndian: false }, found: syntaxes.bigEndian },
  { why: 'says deflated, is not', stated: syntaxes.deflated, form: { deflated: false }, found: syntaxes.explicit },
])('group 0002 $why: the data set decides and the reader is told', ({ stated, form, found }) => {
  const object = read(buildObject([[0x00080018, 'UI', '1.2'], name], { transferSyntax: stated, ...form }))
  expect(object.dataSet.text(0x00100010)).toBe('A^B')
  expect(object.transferSyntax.uid).toBe(found)
  expect(object.statedTransferSyntaxUid).toBe(stated)
  expect(object.warnings.join()).toContain('(0002,0010) says')
})

test('encapsulated pixels under an uncompressed transfer syntax are known by their code stream', () => {
  const elements = pictureElements(picture, [0x7fe00010, 'encapsulated', encapsulate([jpeg])])
  expect(read(buildObject(elements)).transferSyntax.uid).toBe(syntaxes.jpegBaseline)
})

test('pixels of stated length under a compressed transfer syntax are uncompressed', () => {
  const elements = pictureElements(picture, [0x7fe00010, 'OB', Uint8Array.of(1, 2, 3, 4)])
  expect(read(buildObject(elements, { transferSyntax: syntaxes.jpegLsLossless })).transferSyntax.uid).toBe(syntaxes.explicit)
})

test('a compressed object keeps its syntax', () => {
  const elements = pictureElements(picture, [0x7fe00010, 'encapsulated', encapsulate([jpeg])])
  const object = read(buildObject(elements, { transferSyntax: syntaxes.jpegBaseline }))
  expect(object.transferSyntax.uid).toBe(syntaxes.jpegBaseline)
  expect(object.warnings).toEqual([])
})

test('the letters DICM within a text of a file without preamble are no prefix', () => {
  const filler = 'x'.repeat(128 - 8 - 8)
  const object = read(buildObject([[0x00080005, 'CS', filler], [0x00081010, 'SH', 'DICMA1'], name], { preamble: false, meta: false }))
  expect(object.dataSet.text(0x00100010)).toBe('A^B')
})

test('a group length of the meta information that lies is not believed', () => {
  const bytes = buildObject([name])
  new DataView(bytes.buffer).setUint32(128 + 4 + 8, 9999, true)
  expect(read(bytes).dataSet.text(0x00100010)).toBe('A^B')
})

test('reads little of a large file: the header alone', () => {
  const elements = pictureElements({ rows: 1000, columns: 1000, bitsAllocated: 16 }, [0x7fe00010, 'OW', new Uint8Array(2_000_000)])
  const inner = bytesSource(buildObject(elements))
  let total = 0
  const watched: ByteSource = { size: inner.size, read: (offset, length) => ((total += length), inner.read(offset, length)) }
  expect(readDicomObject(watched).pixelElement?.length).toBe(2_000_000)
  expect(total).toBeLessThan(40_000)
})

test('an unknown character set is told and text still read', () => {
  const object = read(buildObject([[0x00080005, 'CS', 'KLINGON'], name]))
  expect(object.warnings).toEqual(['(0008,0005) names an unknown character set: KLINGON'])
  expect(object.dataSet.text(0x00100010)).toBe('A^B')
})

test('an item that states more than its sequence holds ends with it, and is told', () => {
  const bytes = buildObject([[0x00081140, 'SQ', [[[0x00081150, 'UI', '1.2.4']]]], name])
  const at = bytes.findIndex(
    (_, index) => bytes[index] === 0xfe && bytes[index + 1] === 0xff && bytes[index + 2] === 0 && bytes[index + 3] === 0xe0,
  )
  new DataView(bytes.buffer).setUint32(at + 4, 200, true)
  const object = read(bytes)
  expect(object.dataSet.items(0x00081140)[0].text(0x00081150)).toBe('1.2.4')
  expect(object.dataSet.text(0x00100010)).toBe('A^B')
  expect(object.warnings.join()).toContain('more than its sequence holds')
})

test('bytes of a Node buffer are read as those of an array', () => {
  expect(read(Buffer.from(buildObject([name]))).dataSet.text(0x00100010)).toBe('A^B')
  expect(read(join([buildObject([name])])).dataSet.text(0x00100010)).toBe('A^B')
})

describe('what stands around the data set', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4)
  const object = (extra: readonly SampleElement[] = []) =>
    buildObject(pictureElements(picture, [0x7fe00010, 'OB', bytes], [name, ...extra]))

  test.each([
    ['zeros', new Uint8Array(512)],
    ['other bytes', Uint8Array.from({ length: 513 }, (_, index) => (index * 37) % 251)],
    ['a second object', object()],
  ])('%s behind the pixel data are passed over', async (_, junk) => {
    const whole = read(join([object(), junk]))
    expect(whole.dataSet.text(0x00100010)).toBe('A^B')
    expect([...(await decodeFrame(whole, 0, 'stored')).samples]).toEqual([1, 2, 3, 4])
  })

  test('Data Set Trailing Padding, of an object without pixels too', () => {
    const padding: SampleElement = [0xfffcfffc, 'OB', new Uint8Array(300)]
    expect(read(buildObject([[0x00080018, 'UI', '1.2'], name, padding])).warnings).toEqual([])
  })

  test('an element of odd length, and a padded one of each kind', () => {
    const odd = buildObject([[0x00080018, 'UI', '1.2'], name])
    // `A^B ` loses its padding and states three bytes.
    const cut = join([odd.slice(0, -1)])
    new DataView(cut.buffer).setUint16(cut.length - 5, 3, true)
    expect(read(cut).dataSet.text(0x00100010)).toBe('A^B')
    const padded = read(
      buildObject([
        [0x00080018, 'UI', '1.2\0\0\0'],
        [0x00080060, 'CS', ' MR  '],
        [0x00100020, 'LO', '  7\0 '],
        [0x00200013, 'IS', ' 12 '],
        [0x00280030, 'DS', ' 2.0 \\ 0.5 '],
      ]),
    )
    expect(padded.dataSet.text(0x00080018)).toBe('1.2')
    expect(padded.dataSet.text(0x00080060)).toBe('MR')
    expect(padded.dataSet.text(0x00100020)).toBe('7')
    expect(padded.dataSet.integer(0x00200013)).toBe(12)
    expect(padded.dataSet.numbers(0x00280030)).toEqual([2, 0.5])
  })
})

describe('private groups', () => {
  const elements: SampleElement[] = [
    [0x00080018, 'UI', '1.2'],
    [0x00090010, 'LO', 'MAKER'],
    [0x00091001, 'SQ', [[[0x00091002, 'LO', 'within']]]],
    [0x00091003, 'DS', '1.5'],
    name,
  ]

  test.each([
    ['explicit', {}],
    ['explicit, without lengths', { undefinedLengths: true }],
    ['implicit, without lengths', { transferSyntax: syntaxes.implicit, undefinedLengths: true }],
  ])('%s: a sequence in it is opened, what follows is read', (_, form) => {
    const { dataSet } = read(buildObject(elements, form))
    expect(dataSet.items(0x00091001)[0].wholeText(0x00091002)).toBe('within')
    expect(dataSet.text(0x00100010)).toBe('A^B')
  })

  test('implicit with lengths: bytes that only their maker can read, and what follows', () => {
    const { dataSet } = read(buildObject(elements, { transferSyntax: syntaxes.implicit }))
    expect(dataSet.element(0x00091001)).toMatchObject({ vr: 'UN', items: null })
    expect(dataSet.text(0x00090010)).toBe('MAKER')
    expect(dataSet.text(0x00100010)).toBe('A^B')
  })

  test('a picture and an icon in one, compressed', async () => {
    const icon: SampleElement[] = [[0x7fe00010, 'encapsulated', encapsulate([jpeg])]]
    const pixels: SampleElement = [0x7fe00010, 'OB', Uint8Array.of(1, 2, 3, 4)]
    const object = read(buildObject(pictureElements(picture, pixels, [[0x00091010, 'SQ', [icon]], name])))
    expect(object.dataSet.text(0x00100010)).toBe('A^B')
    expect([...(await decodeFrame(object, 0, 'stored')).samples]).toEqual([1, 2, 3, 4])
  })
})

describe('missing or wrong file meta information', () => {
  const elements = pictureElements(picture, [0x7fe00010, 'OB', Uint8Array.of(1, 2, 3, 4)])
  test.each([
    { why: 'no preamble', form: { preamble: false }, warns: ['the preamble is missing'] },
    { why: 'no group 0002', form: { meta: false }, warns: ['the file meta information (group 0002) is missing'] },
    {
      why: 'neither, implicit',
      form: { preamble: false, meta: false, transferSyntax: syntaxes.implicit },
      warns: ['the preamble is missing', 'the file meta information (group 0002) is missing'],
    },
    {
      why: 'neither, big endian',
      form: { preamble: false, meta: false, transferSyntax: syntaxes.bigEndian },
      warns: ['the preamble is missing', 'the file meta information (group 0002) is missing'],
    },
    { why: 'a transfer syntax that is no UID', form: { transferSyntax: 'JPEG', explicit: true }, warns: ['(0002,0010) Transfer Syntax UID is no UID'] },
    { why: 'no transfer syntax', form: { transferSyntax: '', explicit: true }, warns: ['(0002,0010) Transfer Syntax UID is missing'] },
    { why: 'a transfer syntax of nobody', form: { transferSyntax: '1.2.3', explicit: true }, warns: [expect.stringContaining('(0002,0010) says unknown (1.2.3)')] },
  ])('$why: the picture is read and the reader told', async ({ form, warns }) => {
    const object = read(buildObject(elements, form))
    expect(object.warnings).toEqual(warns)
    expect([...(await decodeFrame(object, 0, 'stored')).samples]).toEqual([1, 2, 3, 4])
  }) // prettier-ignore
})
