/** Whether a frame is marked as lossy: by its header, by its transfer syntax, and by what its code stream says itself. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { readJpeg2000Header } from '../../../main/pixels/codecs/jpeg-2000-markers'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { buildObject, encapsulate, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'
import { encode, encodeRle, samplePicture } from '../../samples/encode-picture'

const picture = samplePicture({ rows: 40, columns: 33, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false })
const htj2k = '1.2.840.10008.1.2.4.203'

const streams = {
  plain: () => picture.bytes,
  RLE: () => encodeRle(picture),
  deflated: () => new Uint8Array(deflateRawSync(picture.bytes)),
  'JPEG Baseline': () => encode(picture, 'encodeJpeg', { lossy: true, quality: 90 }),
  'JPEG Lossless': () => encode(picture, 'encodeJpeg', { lossy: false, predictor: 1, pointTransform: 0 }),
  'JPEG Lossless, point transform 2': () => encode(picture, 'encodeJpeg', { lossy: false, predictor: 1, pointTransform: 2 }),
  'JPEG-LS, NEAR 0': () => encode(picture, 'encodeJpegLs', { lossy: false }),
  'JPEG-LS, NEAR 2': () => encode(picture, 'encodeJpegLs', { lossy: true, allowedLossyError: 2 }),
  'JPEG 2000, 5/3': () => encode(picture, 'encodeJpeg2000', { lossy: false }),
  'JPEG 2000, 9/7': () => encode(picture, 'encodeJpeg2000', { lossy: true, rate: 5 }),
  'HTJ2K, 5/3': () => encode(picture, 'encodeHtJpeg2000', { lossy: false }),
  'HTJ2K, 9/7': () => encode(picture, 'encodeHtJpeg2000', { lossy: true }),
} as const

async function integrityOf(stream: Uint8Array, transferSyntax: string, stated: string): Promise<string> {
  const word: SampleElement[] = stated === '' ? [] : [[0x00282110, 'CS', stated]]
  const pixels: SampleElement =
    transferSyntax === syntaxes.explicit ? [0x7fe00010, 'OB', stream] : [0x7fe00010, 'encapsulated', encapsulate([stream])]
  const object = readDicomObject(bytesSource(buildObject(pictureElements(picture, pixels, word), { transferSyntax })))
  return (await decodeFrame(object, 0, 'modality')).description.integrity
}

/** `silent`, `says00`, `says01`: what is shown where (0028,2110) is missing, 00 or 01. */
const cases: readonly (readonly [stream: keyof typeof streams, syntax: string, silent: string, says00: string, says01: string])[] = [
  ['plain', syntaxes.explicit, 'lossless', 'lossless', 'lossy'],
  ['RLE', syntaxes.rle, 'lossless', 'lossless', 'lossy'],
  ['deflated', syntaxes.deflatedFrame, 'lossless', 'lossless', 'lossy'],
  ['JPEG Baseline', syntaxes.jpegBaseline, 'lossy', 'lossy', 'lossy'],
  ['JPEG Lossless', syntaxes.jpegLosslessFirstOrder, 'lossless', 'lossless', 'lossy'],
  ['JPEG Lossless, point transform 2', syntaxes.jpegLosslessFirstOrder, 'lossy', 'lossy', 'lossy'],
  ['JPEG-LS, NEAR 0', syntaxes.jpegLsLossless, 'lossless', 'lossless', 'lossy'],
  // The syntax may lose; this stream did not, and says so.
  ['JPEG-LS, NEAR 0', syntaxes.jpegLsNear, 'lossless', 'lossless', 'lossy'],
  ['JPEG-LS, NEAR 2', syntaxes.jpegLsNear, 'lossy', 'lossy', 'lossy'],
  ['JPEG-LS, NEAR 2', syntaxes.jpegLsLossless, 'lossy', 'lossy', 'lossy'],
  ['JPEG 2000, 5/3', syntaxes.jpeg2000Lossless, 'lossless', 'lossless', 'lossy'],
  // A reversible stream may have been cut to fewer layers: without a word of the header it stays doubtful.
  ['JPEG 2000, 5/3', syntaxes.jpeg2000, 'lossy', 'lossless', 'lossy'],
  ['JPEG 2000, 9/7', syntaxes.jpeg2000, 'lossy', 'lossy', 'lossy'],
  ['JPEG 2000, 9/7', syntaxes.jpeg2000Lossless, 'lossy', 'lossy', 'lossy'],
  ['HTJ2K, 5/3', syntaxes.htj2kLossless, 'lossless', 'lossless', 'lossy'],
  ['HTJ2K, 5/3', htj2k, 'lossy', 'lossless', 'lossy'],
  ['HTJ2K, 9/7', htj2k, 'lossy', 'lossy', 'lossy'],
  ['HTJ2K, 9/7', syntaxes.htj2kLossless, 'lossy', 'lossy', 'lossy'],
  // Another stream than the syntax says is judged by what it is.
  ['JPEG Baseline', syntaxes.jpegLossless, 'lossy', 'lossy', 'lossy'],
  ['RLE', syntaxes.jpegBaseline, 'lossless', 'lossless', 'lossy'],
]

describe.each(cases)('%s in %s', (name, syntax, silent, says00, says01) => {
  test.each([
    ['nothing', '', silent],
    ['00', '00', says00],
    ['01', '01', says01],
  ])('where the header says %s', async (_what, stated, expected) => {
    expect(await integrityOf(await streams[name](), syntax, stated)).toBe(expected)
  })
})

test('a 9/7 wavelet of one component or of one tile is found too', async () => {
  const stream = await streams['JPEG 2000, 5/3']()
  const at = Buffer.from(stream).indexOf(Buffer.from([0xff, 0x52]))
  const length = (stream[at + 2] << 8) | stream[at + 3]
  const coding = stream.subarray(at, at + 2 + length)
  // COC of component 0: the same parameters, another wavelet. ITU-T T.800 A.6.2.
  const ofComponent = Uint8Array.from([0xff, 0x53, 0, 9, 0, 0, ...coding.subarray(9, 13), 0])
  const inHeader = Buffer.concat([stream.subarray(0, at + coding.length), ofComponent, stream.subarray(at + coding.length)])
  const tile = Buffer.from(stream).indexOf(Buffer.from([0xff, 0x90, 0, 10]))
  const inTile = Buffer.concat([stream.subarray(0, tile + 12), ofComponent, stream.subarray(tile + 12)])
  const partLength = inTile.readUInt32BE(tile + 6)
  if (partLength > 0) inTile.writeUInt32BE(partLength + ofComponent.length, tile + 6)
  for (const changed of [inHeader, inTile]) expect(readJpeg2000Header(Uint8Array.from(changed)).reversible).toBe(false)
  expect(readJpeg2000Header(stream).reversible).toBe(true)
})
