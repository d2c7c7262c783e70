import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { describeObject } from '../../../main/dicom/describe-object'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { buildObject, pictureElements, syntaxes } from '../../samples/build-object'

const describe = (...parameters: Parameters<typeof buildObject>) => describeObject(readDicomObject(bytesSource(buildObject(...parameters))))

test('every element with its name, VR and value, nested ones within', () => {
  const { dataSet, meta, transferSyntax } = describe([
    [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.5']]]],
    [0x00090010, 'LO', 'MAKER 1'],
    [0x00091001, 'LO', 'private'],
    [0x00091101, 'LO', 'nobody'],
    [0x00280009, 'AT', [0x00181063]],
    [0x00280030, 'DS', '2\\0.5'],
    [0x00281201, 'OW', [1, 2, 3]],
  ])
  expect(transferSyntax).toEqual({ uid: syntaxes.explicit, name: 'Explicit VR Little Endian', statedUid: syntaxes.explicit })
  expect(meta.map(({ keyword }) => keyword)).toContain('TransferSyntaxUID')
  expect(dataSet.map(({ tag, vr, keyword, name, value }) => [tag, vr, keyword, name, value])).toEqual([
    ['(0008,1140)', 'SQ', 'ReferencedImageSequence', 'Referenced Image Sequence', '1 item'],
    ['(0009,0010)', 'LO', '', 'Private Creator', 'MAKER 1'],
    ['(0009,1001)', 'LO', '', 'Private, MAKER 1', 'private'],
    ['(0009,1101)', 'LO', '', 'Private, creator not stated', 'nobody'],
    ['(0028,0009)', 'AT', 'FrameIncrementPointer', 'Frame Increment Pointer', '(0018,1063)'],
    ['(0028,0030)', 'DS', 'PixelSpacing', 'Pixel Spacing', '2\\0.5'],
    ['(0028,1201)', 'OW', 'RedPaletteColorLookupTableData', 'Red Palette Color Lookup Table Data', '6 bytes'],
  ])
  expect(dataSet[0].items![0][0]).toMatchObject({ keyword: 'ReferencedSOPInstanceUID', value: '1.2.5' })
})

test('pixel data are named, not read; long texts are cut', () => {
  const elements = pictureElements(
    { rows: 2, columns: 2, bitsAllocated: 8 },
    [0x7fe00010, 'OW', new Uint8Array(4)],
    [[0x00104000, 'LT', 'x'.repeat(5000)]],
  )
  const { dataSet } = describe(elements)
  expect(dataSet[dataSet.length - 1]).toMatchObject({ keyword: 'PixelData', value: '4 bytes', length: 4 })
  expect(dataSet.find(({ tag }) => tag === '(0010,4000)')!.value).toBe(`${'x'.repeat(256)}…`)
})

test('a value that cannot be read leaves the others readable', () => {
  const bytes = buildObject([
    [0x00080018, 'UI', '1.2'],
    [0x00420011, 'OB', new Uint8Array(4)],
    [0x00100020, 'LO', 'after'],
  ])
  const inner = bytesSource(bytes)
  const object = readDicomObject(inner)
  // The file shrinks between its header being read and a value being asked for.
  const element = object.dataSet.element(0x00100020)!
  object.dataSet.elements.set(0x00100020, { ...element, held: null, offset: bytes.length })
  const { dataSet } = describeObject(object)
  expect(dataSet.map(({ value }) => value)).toEqual(['1.2', '4 bytes', expect.stringMatching(/^not readable \(.*\(0010,0020\)/)])
})
