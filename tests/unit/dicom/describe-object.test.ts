import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { describeObject } from '../../../main/dicom/describe-object'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { buildObject, pictureElements, syntaxes } from '../../samples/build-object'

const describe = (...parameters: Parameters<typeof buildObject>) => describeObject(readDicomObject(bytesSource(buildObject(...parameters))))

test('every element with its name, VR and value, nested ones within', () => {
  const { dataSet, meta, transferSyntax } = describe([
    [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.5']]]],
    [0x00091001, 'LO', 'private'],
    [0x00280009, 'AT', [0x00181063]],
    [0x00280030, 'DS', '2\\0.5'],
    [0x00281201, 'OW', [1, 2, 3]],
  ])
  expect(transferSyntax).toEqual({ uid: syntaxes.explicit, name: 'Explicit VR Little Endian', statedUid: syntaxes.explicit })
  expect(meta.map(({ keyword }) => keyword)).toContain('TransferSyntaxUID')
  expect(dataSet.map(({ tag, vr, keyword, value }) => [tag, vr, keyword, value])).toEqual([
    ['(0008,1140)', 'SQ', 'ReferencedImageSequence', '1 item'],
    ['(0009,1001)', 'LO', '', 'private'],
    ['(0028,0009)', 'AT', 'FrameIncrementPointer', '(0018,1063)'],
    ['(0028,0030)', 'DS', 'PixelSpacing', '2\\0.5'],
    ['(0028,1201)', 'OW', 'RedPaletteColorLookupTableData', '6 bytes'],
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
