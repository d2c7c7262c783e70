import { expect, test } from 'vitest'
import { bytesSource, type ByteSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
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
