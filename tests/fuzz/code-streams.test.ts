/** A thousand damaged code streams a codec: a picture of the stated size or a refusal, quickly, and the next good frame is right. */
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { OverreadError } from '../../contracts/errors'
import { bytesSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { decodeFrame, warmCodecs } from '../../main/pixels/decode-frame'
import { buildObject, encapsulate, pictureElements, syntaxes } from '../samples/build-object'
import { encode, encodeRle, samplePicture, type PictureSample } from '../samples/encode-picture'
import { mutate, Watch } from './mutate'

const mutants = 1000

const deep = samplePicture({ rows: 61, columns: 47, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: false })
const colour = samplePicture({ rows: 61, columns: 47, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, signed: false })

const codecs: readonly {
  name: string
  syntax: string
  picture: PictureSample
  write: (picture: PictureSample) => Promise<Uint8Array> | Uint8Array
}[] = [
  { name: 'RLE', syntax: syntaxes.rle, picture: deep, write: encodeRle },
  {
    name: 'JPEG Baseline',
    syntax: syntaxes.jpegBaseline,
    picture: colour,
    write: (picture) => encode(picture, 'encodeJpeg', { lossy: true, quality: 90 }),
  },
  {
    name: 'JPEG Lossless',
    syntax: syntaxes.jpegLossless,
    picture: deep,
    write: (picture) => encode(picture, 'encodeJpeg', { lossy: false, predictor: 6, pointTransform: 0 }),
  },
  {
    name: 'JPEG-LS',
    syntax: syntaxes.jpegLsLossless,
    picture: deep,
    write: (picture) => encode(picture, 'encodeJpegLs', { lossy: false }),
  },
  {
    name: 'JPEG-LS, colour',
    syntax: syntaxes.jpegLsLossless,
    picture: colour,
    write: (picture) => encode(picture, 'encodeJpegLs', { lossy: false }),
  },
  {
    name: 'JPEG 2000',
    syntax: syntaxes.jpeg2000Lossless,
    picture: deep,
    write: (picture) => encode(picture, 'encodeJpeg2000', { lossy: false }),
  },
  {
    name: 'HTJ2K',
    syntax: syntaxes.htj2kLossless,
    picture: deep,
    write: (picture) => encode(picture, 'encodeHtJpeg2000', { lossy: false }),
  },
  { name: 'deflated frame', syntax: syntaxes.deflatedFrame, picture: deep, write: ({ bytes }) => new Uint8Array(deflateRawSync(bytes)) },
]

test.each(codecs)(`${mutants} mutants, $name`, async ({ syntax, picture, write }) => {
  await warmCodecs()
  const stream = await write(picture)
  const decode = (bytes: Uint8Array) => {
    const photometric = picture.samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2'
    const elements = pictureElements({ ...picture, photometric }, [0x7fe00010, 'encapsulated', encapsulate([bytes])])
    return decodeFrame(readDicomObject(bytesSource(buildObject(elements, { transferSyntax: syntax }))), 0, 'stored')
  }
  const expected = Buffer.from((await decode(stream)).samples.buffer)
  const watch = new Watch()
  const codes = new Map<string, number>()
  for (let seed = 0; seed < mutants; seed++) {
    let outcome = 'a picture'
    try {
      const { samples } = await watch.run(`seed ${seed}`, () => decode(mutate(stream, seed)))
      expect(samples.length).toBe(picture.rows * picture.columns * picture.samplesPerPixel)
    } catch (error) {
      if (!(error instanceof OverreadError)) throw new Error(`seed ${seed}: no fault of the catalogue`, { cause: error })
      outcome = error.code
    }
    codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
    if (seed % 50 === 0)
      expect(Buffer.from((await decode(stream)).samples.buffer).equals(expected), `the frame after seed ${seed}`).toBe(true)
  }
  console.log(
    `slowest ${watch.slowestMs.toFixed(0)} ms (${watch.slowest}), ${watch.highestMb.toFixed(0)} MB more, ${[...codes].map(([code, count]) => `${count} × ${code}`).join(', ')}`,
  )
  expect(watch.slowestMs, watch.slowest).toBeLessThan(2000)
  expect(watch.highestMb).toBeLessThan(256)
  expect(Buffer.from((await decode(stream)).samples.buffer).equals(expected)).toBe(true)
})
