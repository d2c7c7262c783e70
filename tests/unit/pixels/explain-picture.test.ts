import { expect, test } from 'vitest'
import { reportOf } from '../../../contracts/errors'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { explainPicture } from '../../../main/pixels/explain-picture'
import { buildObject, encapsulate, pictureElements, syntaxes, type SampleElement, type SamplePicture } from '../../samples/build-object'
import { encode, samplePicture } from '../../samples/encode-picture'

const lut: SampleElement[] = [
  [0x00283002, 'US', [4, 0, 16]],
  [0x00283003, 'LO', 'BONE'],
  [0x00283006, 'OW', [0, 1, 2, 65535]],
]

async function explain(extra: readonly SampleElement[] = [], picture: Partial<SamplePicture> = {}, transferSyntax?: string) {
  const shape = { rows: 2, columns: 2, bitsAllocated: 16, ...picture }
  const colours = shape.samplesPerPixel ?? 1
  const bytes = new Uint8Array(Buffer.from(Uint16Array.of(0, 1, 2, 3).buffer))
  const pixels: SampleElement =
    transferSyntax === undefined
      ? [0x7fe00010, 'OW', shape.bitsAllocated === 16 ? bytes : new Uint8Array(4 * colours)]
      : [0x7fe00010, 'encapsulated', encapsulate([new Uint8Array(8)])]
  const object = readDicomObject(bytesSource(buildObject(pictureElements(shape, pixels, extra), { transferSyntax })))
  let outcome
  try {
    outcome = (await decodeFrame(object, 0, 'modality')).description
  } catch (error) {
    outcome = reportOf(error)
  }
  return explainPicture(object, 0, outcome)
}

/** Each case: what the file states, and the sentence of one subject with the attributes it must name. */
interface Case {
  readonly why: string
  readonly extra?: readonly SampleElement[]
  readonly picture?: Partial<SamplePicture>
  readonly syntax?: string
  readonly subject: string
  readonly says: RegExp
  readonly by: readonly string[]
}

const spacing: SampleElement = [0x00280030, 'DS', '2\\0.5']
const cases: readonly Case[] = [
  { why: 'size', subject: 'Size', says: /^2 columns × 2 rows, 1 frame\.$/, by: ['(0028,0010) Rows', '(0028,0011) Columns'] },
  { why: 'bits', picture: { bitsStored: 12, signed: true }, subject: 'Samples', says: /signed: bits stored 12 of 16\.$/, by: ['(0028,0101) Bits Stored'] },
  { why: 'a high bit elsewhere', picture: { bitsStored: 12, highBit: 13 }, subject: 'Samples', says: /bit 13/, by: ['(0028,0102) High Bit'] },
  { why: 'uncompressed', subject: 'Encoding', says: /^Not compressed: Explicit/, by: ['(0002,0010) Transfer Syntax UID'] },
  { why: 'low values black', subject: 'Colour', says: /^MONOCHROME2: .*black/, by: ['(0028,0004) Photometric Interpretation'] },
  { why: 'low values white', picture: { photometric: 'MONOCHROME1' }, subject: 'Colour', says: /^MONOCHROME1: .*white/, by: [] },
  { why: 'colour', picture: { photometric: 'RGB', samplesPerPixel: 3, bitsAllocated: 8, planar: 1 }, subject: 'Colour', says: /colour by colour/, by: ['(0028,0006) Planar Configuration'] },
  { why: 'YBR', picture: { photometric: 'YBR_FULL', samplesPerPixel: 3, bitsAllocated: 8, planar: 0 }, subject: 'Colour', says: /converted to red, green and blue/, by: [] },
  { why: 'no rescale', subject: 'Values', says: /taken as they are.* holds 0 to 3\.$/, by: [] },
  { why: 'a rescale', extra: [[0x00080060, 'CS', 'CT'], [0x00281052, 'DS', '-1024'], [0x00281053, 'DS', '2']], subject: 'Values', says: /× 2 − 1024 gives the value in HU\. .*−1024 to −1018 HU/, by: ['(0028,1053) Rescale Slope', '(0028,1052) Rescale Intercept'] },
  { why: 'a slope of 0', extra: [[0x00281052, 'DS', '5'], [0x00281053, 'DS', '0']], subject: 'Values', says: /slope is stated as 0/, by: ['(0028,1053) Rescale Slope'] },
  { why: 'a Modality LUT', extra: [[0x00283000, 'SQ', [lut]]], subject: 'Values', says: /Modality LUT: 4 entries from value 0/, by: ['(0028,3000) Modality LUT Sequence'] },
  { why: 'no window', subject: 'Window', says: /no window: .*0 to 3/, by: [] },
  { why: 'the first window', extra: [[0x00281050, 'DS', '40\\-600'], [0x00281051, 'DS', '400\\1500'], [0x00281055, 'LO', 'SOFT\\LUNG']], subject: 'Window', says: /centre 40, width 400, LINEAR “SOFT”/, by: ['(0028,1050) Window Center'] },
  { why: 'further windows', extra: [[0x00281050, 'DS', '40\\-600'], [0x00281051, 'DS', '400\\1500'], [0x00281055, 'LO', 'SOFT\\LUNG']], subject: 'Other windows', says: /^centre −600, width 1500, LINEAR “LUNG”\.$/, by: [] },
  { why: 'a window that is none', extra: [[0x00281050, 'DS', '40'], [0x00281051, 'DS', '0']], subject: 'Window', says: /One stated window is not valid/, by: ['(0028,1051) Window Width'] },
  { why: 'a VOI LUT', extra: [[0x00283010, 'SQ', [lut]]], subject: 'Window', says: /VOI LUT “BONE”/, by: ['(0028,3010) VOI LUT Sequence'] },
  { why: 'a VOI LUT behind a window', extra: [[0x00281050, 'DS', '4'], [0x00281051, 'DS', '4'], [0x00283010, 'SQ', [lut]]], subject: 'Other windows', says: /VOI LUT “BONE” of 4 entries/, by: ['(0028,3010) VOI LUT Sequence'] },
  { why: 'not inverted', subject: 'Inversion', says: /^Not inverted/, by: [] },
  { why: 'inverted by MONOCHROME1', picture: { photometric: 'MONOCHROME1' }, subject: 'Inversion', says: /^Inverted, as MONOCHROME1/, by: ['(0028,0004) Photometric Interpretation'] },
  { why: 'inverted once', picture: { photometric: 'MONOCHROME1' }, extra: [[0x20500020, 'CS', 'INVERSE']], subject: 'Inversion', says: /^Inverted once/, by: ['(2050,0020) Presentation LUT Shape'] },
  { why: 'inverted by the shape', extra: [[0x20500020, 'CS', 'INVERSE']], subject: 'Inversion', says: /^Inverted, as the shape INVERSE/, by: ['(2050,0020) Presentation LUT Shape'] },
  { why: 'padding, mapped', extra: [[0x00280120, 'US', [3]], [0x00281052, 'DS', '-10'], [0x00281053, 'DS', '1']], subject: 'Padding', says: /^Stored value 3 \(when mapped −7\)/, by: ['(0028,0120) Pixel Padding Value'] },
  { why: 'a range of padding', extra: [[0x00280120, 'US', [2]], [0x00280121, 'US', [3]]], subject: 'Padding', says: /^Stored values 2 to 3: padding/, by: ['(0028,0121) Pixel Padding Range Limit'] },
  { why: 'spacing in the patient', extra: [spacing], subject: 'Pixel size', says: /^2 mm between rows, 0\.5 mm between columns, in the patient\.$/, by: ['(0028,0030) Pixel Spacing'] },
  { why: 'spacing of a projection', extra: [spacing, [0x00080060, 'CS', 'DX']], subject: 'Pixel size', says: /at the detector, not in the patient/, by: ['(0028,0030) Pixel Spacing', '(0008,0060) Modality'] },
  { why: 'spacing of the detector', extra: [[0x00181164, 'DS', '2\\0.5']], subject: 'Pixel size', says: /at the detector/, by: ['(0018,1164) Imager Pixel Spacing'] },
  { why: 'calibrated spacing', extra: [spacing, [0x00181164, 'DS', '3\\0.75']], subject: 'Pixel size', says: /as calibrated/, by: ['(0018,1164) Imager Pixel Spacing'] },
  { why: 'spacing of a scanned film', extra: [[0x00182010, 'DS', '2\\0.5']], subject: 'Pixel size', says: /film/, by: ['(0018,2010) Nominal Scanned Pixel Spacing'] },
  { why: 'no spacing', subject: 'Pixel size', says: /^Not known: .*in pixels/, by: [] },
  { why: 'an aspect ratio', extra: [[0x00280034, 'IS', '4\\3']], subject: 'Pixel shape', says: /4 high and 3 wide/, by: ['(0028,0034) Pixel Aspect Ratio'] },
  { why: 'a plane', extra: [[0x00200032, 'DS', '1\\2\\3'], [0x00200037, 'DS', '1\\0\\0\\0\\0\\-1']], subject: 'Plane', says: /^Known: the first pixel lies at 1, 2, 3 mm, .*0, 0, −1\.$/, by: ['(0020,0032) Image Position Patient'] },
  { why: 'an orientation that is none', extra: [[0x00200032, 'DS', '1\\2\\3'], [0x00200037, 'DS', '1\\0\\0\\1\\0\\0']], subject: 'Plane', says: /not two unit vectors/, by: ['(0020,0037) Image Orientation Patient'] },
  { why: 'directions of a projection', extra: [[0x00200020, 'CS', 'L\\F']], subject: 'Plane', says: /towards L, columns towards F/, by: ['(0020,0020) Patient Orientation'] },
  { why: 'lossless by its encoding', subject: 'Integrity', says: /^Lossless: Explicit/, by: ['(0002,0010) Transfer Syntax UID'] },
  { why: 'lossy by its word', extra: [[0x00282110, 'CS', '01'], [0x00282112, 'DS', '12.5'], [0x00282114, 'CS', 'ISO_10918_1']], subject: 'Integrity', says: /^Lossy: .*\(ISO_10918_1, ratio 12\.5\)/, by: ['(0028,2110) Lossy Image Compression'] },
  { why: 'an ICC profile', extra: [[0x00282000, 'OB', new Uint8Array(4)]], subject: 'Not applied', says: /ICC/, by: ['(0028,2000) ICC Profile'] },
  { why: 'overlay planes', extra: [[0x60000010, 'US', [2]], [0x60020010, 'US', [2]]], subject: 'Overlays', says: /^2 overlay planes are drawn/, by: ['(6000,0010) Overlay Rows', '(6002,0010) Overlay Rows'] },
  { why: 'a supplemental palette', extra: [[0x00281101, 'US', [4, 0, 16]]], subject: 'Not applied', says: /supplemental palette/, by: [] },
  { why: 'a shutter', extra: [[0x00181600, 'CS', 'CIRCULAR']], subject: 'Not applied', says: /shutter \(CIRCULAR\)/, by: ['(0018,1600) Shutter Shape'] },
  { why: 'a refusal, with what is known nevertheless', syntax: syntaxes.jpegXl, subject: 'Not shown', says: /JPEG XL.*\(pixels\.transfer-syntax\)/, by: [] },
  { why: 'a damaged code stream, with what to do', syntax: syntaxes.jpegLsLossless, subject: 'Not shown', says: /\(pixels\.code-stream\) Ask the sender/, by: [] },
] // prettier-ignore

test.each(cases)('$subject: $why', async ({ extra, picture, syntax, subject, says, by }) => {
  const reasons = (await explain(extra, picture, syntax)).filter((reason) => reason.subject === subject)
  expect(reasons.map(({ sentence }) => sentence).join('\n')).toMatch(says)
  for (const name of by) expect(reasons.flatMap(({ attributes }) => attributes)).toContain(name)
})

test('each sentence ends with a full stop, each attribute has a name', async () => {
  for (const { extra, picture, syntax } of cases) {
    for (const { sentence, attributes } of await explain(extra, picture, syntax)) {
      expect(sentence).toMatch(/[.)]$/)
      for (const name of attributes) expect(name).toMatch(/^\([0-9A-F]{4},[0-9A-F]{4}\) \S/)
    }
  }
})

test('a refusal says what the header tells, and no more', async () => {
  const subjects = (await explain([spacing], {}, syntaxes.jpegXl)).map(({ subject }) => subject)
  expect(subjects).toEqual(['Not shown', 'Size', 'Samples', 'Encoding', 'Colour', 'Pixel size', 'Plane', 'Integrity'])
})

test('an object without a picture is refused, and nothing is made up about one', () => {
  const object = readDicomObject(bytesSource(buildObject([[0x00080018, 'UI', '1.2']])))
  const reasons = explainPicture(object, 0, { code: 'file.not-an-image', message: 'The object holds no picture.' })
  expect(reasons).toEqual([{ subject: 'Not shown', sentence: 'The object holds no picture. (file.not-an-image)', attributes: [] }])
})

test('the spacing of enhanced objects is that of their functional group', async () => {
  const groups: SampleElement = [0x52009229, 'SQ', [[[0x00289110, 'SQ', [[spacing]]]]]]
  const reasons = await explain([groups])
  expect(reasons.find(({ subject }) => subject === 'Pixel size')!.attributes[0]).toBe('(0028,9110) Pixel Measures Sequence')
})

test('what the code stream says of its loss goes before the header', async () => {
  const picture = samplePicture({ rows: 8, columns: 8, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false })
  const integrity = async (transferSyntax: string, stream: Uint8Array, extra: readonly SampleElement[]) => {
    const elements = pictureElements(picture, [0x7fe00010, 'encapsulated', encapsulate([stream])], extra)
    const object = readDicomObject(bytesSource(buildObject(elements, { transferSyntax })))
    const { description } = await decodeFrame(object, 0, 'modality')
    const said = explainPicture(object, 0, description).find(({ subject }) => subject === 'Integrity')!.sentence
    expect(said.startsWith(description.integrity === 'lossy' ? 'Lossy' : 'Lossless')).toBe(true)
    return said
  }
  const dct = await encode(picture, 'encodeJpeg', { lossy: true, quality: 90 })
  expect(await integrity(syntaxes.jpegBaseline, dct, [[0x00282110, 'CS', '00']])).toMatch(/^Lossy: the code stream .* though the file says/)
  const exact = await encode(picture, 'encodeJpegLs', { lossy: false })
  expect(await integrity(syntaxes.jpegLsNear, exact, [])).toMatch(/^Lossless: JPEG-LS Lossy .* this code stream cannot have\.$/)
})
