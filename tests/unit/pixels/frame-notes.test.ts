import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { buildObject, pictureElements, type SampleElement } from '../../samples/build-object'

const grey = { rows: 1, columns: 2, bitsAllocated: 8 } as const
const colour = { ...grey, samplesPerPixel: 3, photometric: 'RGB', planar: 0 } as const
const describeFrame = async (picture: typeof grey | typeof colour, extra: readonly SampleElement[]) => {
  const pixels: SampleElement = [0x7fe00010, 'OB', new Uint8Array('samplesPerPixel' in picture ? 6 : 2)]
  const object = readDicomObject(bytesSource(buildObject(pictureElements(picture, pixels, extra))))
  return (await decodeFrame(object, 0, 'modality')).description
}
const profile: SampleElement = [0x00282000, 'OB', Uint8Array.of(1, 2, 3, 4)]

describe('what is in the file and not applied is noted', () => {
  test('a colour profile of the object or of its optical path, where there is colour', async () => {
    expect((await describeFrame(colour, [profile])).notes).toEqual(['icc-profile'])
    expect((await describeFrame(colour, [[0x00480105, 'SQ', [[profile]]]])).notes).toEqual(['icc-profile'])
    expect((await describeFrame(colour, [])).notes).toEqual([])
    expect((await describeFrame(grey, [profile])).notes).toEqual([])
  })
  test('supplemental colours, where the object says that some of its values are colours', async () => {
    const table: SampleElement = [0x00281101, 'US', [256, 0, 16]]
    expect((await describeFrame(grey, [[0x00089205, 'CS', 'MIXED'], table])).notes).toEqual(['supplemental-palette'])
    expect((await describeFrame(grey, [[0x00089205, 'CS', 'MONOCHROME'], table])).notes).toEqual([])
    expect((await describeFrame(grey, [[0x00089205, 'CS', 'COLOR']])).notes).toEqual([])
  })
})

describe('regions of ultrasound', () => {
  const region = (unit: number): SampleElement[] => [
    [0x00186018, 'UL', [10]],
    [0x0018601a, 'UL', [20]],
    [0x0018601c, 'UL', [110]],
    [0x0018601e, 'UL', [220]],
    [0x00186024, 'US', [unit]],
    [0x00186026, 'US', [3]],
    [0x0018602c, 'FD', [0.05]],
    [0x0018602e, 'FD', [-0.2]],
  ]
  test('carry their corners and their scale in mm, rows first; seconds along an axis are none', async () =>
    expect((await describeFrame(grey, [[0x00186011, 'SQ', [region(3), region(4)]]])).regions).toEqual([
      { left: 10, top: 20, right: 110, bottom: 220, pixelSpacing: [2, 0.5] },
      { left: 10, top: 20, right: 110, bottom: 220, pixelSpacing: null },
    ]))
  test('without corners are passed over', async () =>
    expect((await describeFrame(grey, [[0x00186011, 'SQ', [region(3).slice(1)]]])).regions).toEqual([]))
})
