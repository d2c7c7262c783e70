import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytesSource, fileSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { mosaicLayout } from '../../../main/dicom/siemens-mosaic'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { shownFrame } from '../../../main/pixels/shown-frame'
import { mosaicSlice } from '../../../main/pixels/split-mosaic'
import { buildObject, join as joinBytes, pictureElements, type SampleElement } from '../../samples/build-object'
import { hasSharedData, sharedData } from '../../shared-data'

/** The manufacturer's header with one item for each value. */
function manufacturerHeader(values: Record<string, readonly string[]>): Uint8Array {
  const head = new DataView(new ArrayBuffer(16))
  ;[...'SV10'].forEach((letter, index) => head.setUint8(index, letter.charCodeAt(0)))
  head.setUint32(8, Object.keys(values).length, true)
  const tags = Object.entries(values).map(([name, items]) => {
    const tag = new DataView(new ArrayBuffer(84))
    ;[...name].forEach((letter, index) => tag.setUint8(index, letter.charCodeAt(0)))
    tag.setUint32(76, items.length, true)
    const written = items.map((item) => {
      const view = new DataView(new ArrayBuffer(16 + Math.ceil(item.length / 4) * 4))
      view.setUint32(4, item.length, true)
      ;[...item].forEach((letter, index) => view.setUint8(16 + index, letter.charCodeAt(0)))
      return new Uint8Array(view.buffer)
    })
    return joinBytes([new Uint8Array(tag.buffer), ...written])
  })
  return joinBytes([new Uint8Array(head.buffer), ...tags])
}

/** Three slices of 2 rows and 3 columns in two by two tiles; rows 4 mm apart, columns 1 mm. */
const mosaic = (extra: readonly SampleElement[] = []) => {
  const pixels = [0, 1, 2, 100, 101, 102, 3, 4, 5, 103, 104, 105, 200, 201, 202, 0, 0, 0, 203, 204, 205, 0, 0, 0]
  const elements: SampleElement[] = [
    [0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\M\\MOSAIC'],
    [0x00080070, 'LO', 'SIEMENS'],
    [0x00180088, 'DS', '5'],
    [0x00200032, 'DS', '10\\20\\30'],
    [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
    [0x00280030, 'DS', '4\\1'],
    [0x00291010, 'OB', manufacturerHeader({ EchoLinePosition: [], NumberOfImagesInMosaic: ['3 '], SliceNormalVector: ['0', '0', '-1'] })],
    ...extra,
  ]
  return readDicomObject(
    bytesSource(buildObject(pictureElements({ rows: 4, columns: 6, bitsAllocated: 16 }, [0x7fe00010, 'OW', pixels], elements))),
  )
}

test('tiles from the upper left, each with its own place in the patient', () => {
  const layout = mosaicLayout(mosaic())!
  expect(layout).toMatchObject({ slices: 3, tilesAcross: 2, tileRows: 2, tileColumns: 3 })
  // Half of the mosaic beyond the tile: 1.5 columns of 1 mm, one row of 4 mm. The normal points to the feet.
  expect(layout.geometry.map(({ position }) => position)).toEqual([
    [11.5, 24, 30],
    [11.5, 24, 25],
    [11.5, 24, 20],
  ])
})

test('a slice holds the pixels of its tile and their range', async () => {
  const object = mosaic()
  const slice = mosaicSlice(await decodeFrame(object, 0, 'modality'), mosaicLayout(object)!, 1)
  expect([...slice.samples]).toEqual([100, 101, 102, 103, 104, 105])
  expect(slice.description).toMatchObject({ rows: 2, columns: 3, min: 100, max: 105 })
})

test('a slice that is not there is refused', async () => {
  const object = mosaic()
  const frame = await decodeFrame(object, 0, 'stored')
  expect(() => mosaicSlice(frame, mosaicLayout(object)!, 3)).toThrow(/slice 4 of 3/)
})

test.each([
  { why: 'another maker', extra: [[0x00080070, 'LO', 'GE']] },
  { why: 'no mosaic', extra: [[0x00080008, 'CS', 'ORIGINAL\\PRIMARY']] },
  { why: 'more slices than the picture divides into', extra: [[0x00291010, 'OB', manufacturerHeader({ NumberOfImagesInMosaic: ['26'] })]] },
  { why: 'no number of slices', extra: [[0x00291010, 'OB', manufacturerHeader({})]] },
] as { why: string; extra: SampleElement[] }[])('none: $why', ({ extra }) => expect(mosaicLayout(mosaic(extra))).toBeNull())

test('without the slice normal the slices are split, but have no place', () => {
  const layout = mosaicLayout(mosaic([[0x00291010, 'OB', manufacturerHeader({ NumberOfImagesInMosaic: ['3'] })]]))!
  expect(layout.geometry.map(({ position }) => position)).toEqual([null, null, null])
})

const referenceMosaics = [
  {
    path: 'dcm-qa/dcm_qa_nih/In/20180918Si/mr_0003/epi_pe_ap-00001.dcm',
    slices: 5,
    tileRows: 72,
    first: [-108, -108, 16],
    last: [-108, -108, 64],
  },
  {
    path: 'dcm-qa/dcm_qa/In/Orientation/axmb/AxAsc36mb2a/jpg1.dcm',
    slices: 36,
    tileRows: 86,
    first: [-116, -166.8, -52.14],
    last: [-116, -144.27, 71.83],
  },
  {
    path: 'dcm-qa/dcm_qa_12bit/In/12bitSigned_0x0F0F.dcm',
    slices: 35,
    tileRows: 64,
    first: [-108.841, -119.565, -25.627],
    last: [-108.651, -129.615, 82.708],
  },
]

/** First pixel of the first and of the last slice, LPS+ mm, as dcm2niix has them (its rows turned back). */
describe.skipIf(!hasSharedData)('as dcm2niix splits it', () => {
  test.each(referenceMosaics)('$path', ({ path, slices, tileRows, first, last }) => {
    const source = fileSource(join(sharedData, 'dicom', path))
    const layout = mosaicLayout(readDicomObject(source))!
    source.close()
    expect(layout).toMatchObject({ slices, tileRows })
    first.forEach((value, axis) => expect(layout.geometry[0].position![axis]).toBeCloseTo(value, 2))
    last.forEach((value, axis) => expect(layout.geometry[slices - 1].position![axis]).toBeCloseTo(value, 2))
  })
})

test('a reader sees the tiles of a mosaic as its frames, at each stage as they stand in the whole', async () => {
  const object = mosaic()
  for (const stage of ['stored', 'modality', 'display'] as const) {
    const whole = await decodeFrame(object, 0, stage)
    for (const slice of [0, 1, 2]) {
      const shown = await shownFrame(object, true, slice, stage)
      expect([...shown.samples]).toEqual([...mosaicSlice(whole, mosaicLayout(object)!, slice).samples])
      expect(shown.description).toMatchObject({ rows: mosaicLayout(object)!.tileRows, columns: mosaicLayout(object)!.tileColumns })
    }
  }
  await expect(shownFrame(object, true, 3, 'modality')).rejects.toThrow(/slice 4 of 3/)
})

test('a mosaic whose facts were kept before its tiles counted as frames is shown whole', async () => {
  const object = mosaic()
  expect(await shownFrame(object, false, 0, 'modality')).toEqual(await decodeFrame(object, 0, 'modality'))
})

test('tiles of what is no mosaic are refused', async () => {
  const object = mosaic([[0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\M']])
  await expect(shownFrame(object, true, 0, 'modality')).rejects.toThrow(/no mosaic/)
})
