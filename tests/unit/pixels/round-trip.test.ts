/** The same picture in every lossless transfer syntax gives the same samples; cut short, none gives a picture. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject, type DicomObject } from '../../../main/dicom/dicom-object'
import { decodeFrame, warmCodecs } from '../../../main/pixels/decode-frame'
import { buildObject, encapsulate, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'
import { encode, encodeRle, samplePicture, type PictureSample } from '../../samples/encode-picture'

const forms = {
  'grey, 8 bit': { rows: 37, columns: 53, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false },
  'grey, 10 of 16 bit': { rows: 37, columns: 53, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 10, signed: false },
  'grey, 12 of 16 bit, signed': { rows: 37, columns: 53, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: true },
  'grey, 16 bit': { rows: 37, columns: 53, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, signed: false },
  'grey, 16 bit, signed': { rows: 37, columns: 53, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, signed: true },
  RGB: { rows: 37, columns: 53, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, signed: false },
} as const

/** Each way to write a frame, as bytes of one fragment. */
const ways: readonly {
  readonly name: string
  readonly syntax: string
  readonly encode: (picture: PictureSample) => Promise<Uint8Array> | Uint8Array
}[] = [
  { name: 'RLE', syntax: syntaxes.rle, encode: encodeRle },
  {
    name: 'JPEG Lossless, first-order',
    syntax: syntaxes.jpegLosslessFirstOrder,
    encode: (picture) => encode(picture, 'encodeJpeg', { lossy: false, predictor: 1, pointTransform: 0 }),
  },
  ...[2, 3, 4, 5, 6, 7].map((predictor) => ({
    name: `JPEG Lossless, predictor ${predictor}`,
    syntax: syntaxes.jpegLossless,
    encode: (picture: PictureSample) => encode(picture, 'encodeJpeg', { lossy: false, predictor, pointTransform: 0 }),
  })),
  { name: 'JPEG-LS', syntax: syntaxes.jpegLsLossless, encode: (picture) => encode(picture, 'encodeJpegLs', { lossy: false }) },
  { name: 'JPEG 2000', syntax: syntaxes.jpeg2000Lossless, encode: (picture) => encode(picture, 'encodeJpeg2000', { lossy: false }) },
  { name: 'HTJ2K', syntax: syntaxes.htj2kLossless, encode: (picture) => encode(picture, 'encodeHtJpeg2000', { lossy: false }) },
  { name: 'deflated frame', syntax: syntaxes.deflatedFrame, encode: ({ bytes }) => new Uint8Array(deflateRawSync(bytes)) },
]

function objectOf(picture: PictureSample, pixels: SampleElement, transferSyntax: string, frames?: number): DicomObject {
  const { samplesPerPixel } = picture
  const colour = samplesPerPixel === 3 ? { photometric: 'RGB', planar: 0 } : {}
  return readDicomObject(bytesSource(buildObject(pictureElements({ ...picture, ...colour, frames }, pixels), { transferSyntax })))
}

/** Compared as text: a difference of thousands of numbers says nothing more. */
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const plainBytes = async (object: DicomObject, frameIndex = 0): Promise<string> => {
  const { samples } = await decodeFrame(object, frameIndex, 'stored')
  return hex(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
}

/** What the picture's bytes are as stored values: signed ones of fewer bits carry their sign upwards. */
const expectedBytes = (picture: PictureSample) => plainBytes(objectOf(picture, [0x7fe00010, 'OW', picture.bytes], syntaxes.explicit))

describe.each(Object.entries(forms))('%s', (name, form) => {
  const picture = samplePicture(form)

  test('uncompressed, by the known values', async () => {
    const { samples, description } = await decodeFrame(objectOf(picture, [0x7fe00010, 'OW', picture.bytes], syntaxes.explicit), 0, 'stored')
    const view = new DataView(picture.bytes.buffer)
    const at = form.rows * form.columns * form.samplesPerPixel - 5
    const value = form.bitsAllocated === 8 ? view.getUint8(at) : form.signed ? view.getInt16(at * 2, true) : view.getUint16(at * 2, true)
    expect(samples[at]).toBe(value)
    expect([description.min, description.max]).toEqual(
      form.signed ? [-(2 ** (form.bitsStored - 1)), 2 ** (form.bitsStored - 1) - 1] : [0, 2 ** form.bitsStored - 1],
    )
  })

  test('big endian, as 16-bit words', async () => {
    const swapped = form.bitsAllocated === 16 ? Buffer.from(picture.bytes).swap16() : picture.bytes
    const words: SampleElement = form.bitsAllocated === 16 ? [0x7fe00010, 'OW', new Uint8Array(swapped)] : [0x7fe00010, 'OB', picture.bytes]
    expect(await plainBytes(objectOf(picture, words, syntaxes.bigEndian))).toBe(await expectedBytes(picture))
  })

  test.each(ways)('$name', async ({ syntax, encode: write }) => {
    const stream = await write(picture)
    const object = objectOf(picture, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntax)
    const frame = await decodeFrame(object, 0, 'stored')
    expect(frame.description).toMatchObject({
      rows: form.rows,
      columns: form.columns,
      samplesPerPixel: form.samplesPerPixel,
      integrity: 'lossless',
    })
    expect(await plainBytes(object)).toBe(await expectedBytes(picture))
  })

  test.each(ways)('$name, cut short at twenty places: refused, and the next frame is right', async ({ syntax, encode: write }) => {
    const stream = await write(picture)
    const expected = await expectedBytes(picture)
    // The end marker and the padding behind it do not belong to the picture.
    for (let step = 1; step <= 20; step++) {
      const length = Math.floor(((stream.length - 4) * step) / 20)
      const object = objectOf(
        picture,
        [0x7fe00010, 'encapsulated', encapsulate([stream.subarray(0, length), stream], [0, 8 + length + (length % 2)])],
        syntax,
        2,
      )
      await expect(decodeFrame(object, 0, 'stored'), `${name}, ${length} of ${stream.length} bytes`).rejects.toMatchObject({
        code: 'pixels.code-stream',
      })
      if (step % 10 === 0) expect(await plainBytes(object, 1)).toBe(expected)
    }
  })

  test.each(ways)('$name of another size than the header says is refused', async ({ syntax, encode: write }) => {
    const stream = await write(picture)
    const object = objectOf({ ...picture, rows: form.rows + 1 }, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntax)
    await expect(decodeFrame(object, 0, 'stored')).rejects.toMatchObject({ code: expect.stringMatching(/^pixels\.(size|code-stream)$/) })
  })
})

/** All depths, with and without a sign, and colour, in three frames each: seeds make them different, and a frame taken for another shows. */
const depths = [8, 9, 10, 11, 12, 13, 14, 15, 16].flatMap((bitsStored) =>
  [false, true].map((signed) => ({
    name: `grey, ${bitsStored} bit${signed ? ', signed' : ''}`,
    form: { rows: 11, columns: 13, samplesPerPixel: 1, bitsAllocated: bitsStored === 8 ? 8 : 16, bitsStored, signed } as const,
  })),
)
const smallForms = [
  ...depths,
  ...[6, 7].flatMap((bitsStored) =>
    [false, true].map((signed) => ({
      name: `grey, ${bitsStored} of 8 bit${signed ? ', signed' : ''}`,
      form: { rows: 11, columns: 13, samplesPerPixel: 1, bitsAllocated: 8, bitsStored, signed } as const,
    })),
  ),
  { name: 'RGB, 8 bit', form: { rows: 11, columns: 13, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, signed: false } as const },
  { name: 'RGB, 12 bit', form: { rows: 11, columns: 13, samplesPerPixel: 3, bitsAllocated: 16, bitsStored: 12, signed: false } as const },
  { name: 'RGB, 16 bit', form: { rows: 11, columns: 13, samplesPerPixel: 3, bitsAllocated: 16, bitsStored: 16, signed: false } as const },
]

/** What the encoder at hand spoils, by the tools of OpenJPEG and OpenJPH: signed bytes, and colours of more than 8 bits. */
const spoilt = (way: string, { bitsAllocated, signed, samplesPerPixel }: (typeof smallForms)[number]['form']) =>
  (way === 'JPEG 2000' && bitsAllocated === 8 && signed) || (/2000|HTJ2K/.test(way) && samplesPerPixel === 3 && bitsAllocated === 16)

describe.each(smallForms)('three frames, $name', ({ form }) => {
  const pictures = [1, 2, 3].map((seed) => samplePicture(form, seed))

  test.each(ways.filter(({ name }) => !spoilt(name, form)))(
    '$name gives the samples of the uncompressed object',
    async ({ syntax, encode: write }) => {
      const streams = await Promise.all(pictures.map((picture) => write(picture)))
      const object = objectOf(pictures[0], [0x7fe00010, 'encapsulated', encapsulate(streams)], syntax, 3)
      const plain = objectOf(pictures[0], [0x7fe00010, 'OW', Buffer.concat(pictures.map(({ bytes }) => bytes))], syntaxes.explicit, 3)
      for (const frameIndex of [2, 0, 1]) expect(await plainBytes(object, frameIndex)).toBe(await plainBytes(plain, frameIndex))
    },
  )
})

test('JPEG 2000 of signed bytes keeps its values below zero', async () => {
  // Made by opj_compress, 9 columns, 7 rows: row * 31 + column * 17, modulo 256, less 128.
  const stream = Buffer.from(
    '/0//UQApAAAAAAAJAAAABwAAAAAAAAAAAAAACQAAAAcAAAAAAAAAAAABhwEB/1IADAAAAAEAAQQEAAH/XAAHQEBISFD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZl' +
      'cnNpb24gMi41LjD/kAAKAAAAAABCAAH/k9+AsBH3vezIUnNqT2N6h5uEzXtLV071mMfH2g0faDx+AKAjrACJDdEg9BhCMlODGb1szJ//2Q==',
    'base64',
  )
  const header = { rows: 7, columns: 9, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: true } as const
  const object = objectOf({ ...header, bytes: stream }, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntaxes.jpeg2000Lossless)
  const { samples, description } = await decodeFrame(object, 0, 'stored')
  expect(description.type).toBe('int8')
  expect([...samples]).toEqual(Array.from({ length: 63 }, (_, i) => ((Math.floor(i / 9) * 31 + (i % 9) * 17) % 256) - 128))
})

describe('whole words that were compressed as they stood, with other things in the unused bits. PS3.5 8.1.1', () => {
  /** 12 bits stored up to the high bit, overlay-like bits around them, in a stream of 16 bits. */
  const words = (highBit: number, signed: boolean): PictureSample => {
    const inner = samplePicture({ ...forms['grey, 16 bit'], bitsStored: 12, signed })
    const cells = new Uint16Array(Uint8Array.from(inner.bytes).buffer).map((word, index) => {
      const around = highBit === 15 ? index % 16 : (index % 16) << 12
      return ((word & 0xfff) << (highBit - 11)) | around
    })
    return { ...inner, bitsStored: 16, signed: false, bytes: new Uint8Array(cells.buffer) }
  }
  const cases = [11, 15].flatMap((highBit) => [false, true].map((signed) => ({ highBit, signed })))

  test.each(cases.flatMap((one) => ways.map((way) => ({ ...one, ...way }))))(
    '$name, high bit $highBit, signed $signed',
    async ({ highBit, signed, syntax, encode: write }) => {
      const cells = words(highBit, signed)
      const header = { ...cells, bitsStored: 12, highBit, signed }
      const object = objectOf(header, [0x7fe00010, 'encapsulated', encapsulate([await write(cells)])], syntax)
      const expected = await expectedBytes(samplePicture({ ...forms['grey, 16 bit'], bitsStored: 12, signed }))
      expect(await plainBytes(object)).toBe(expected)
    },
  )
})

test('a deflated frame by plane is brought together by pixel', async () => {
  const picture = samplePicture(forms.RGB)
  const planes = Buffer.concat([0, 1, 2].map((plane) => picture.bytes.filter((_, index) => index % 3 === plane)))
  const object = readDicomObject(
    bytesSource(
      buildObject(
        pictureElements({ ...picture, photometric: 'RGB', planar: 1 }, [
          0x7fe00010,
          'encapsulated',
          encapsulate([new Uint8Array(deflateRawSync(planes))]),
        ]),
        { transferSyntax: syntaxes.deflatedFrame },
      ),
    ),
  )
  expect(await plainBytes(object)).toBe(hex(picture.bytes))
})

test('a code stream of another kind than stated is decoded by what it is', async () => {
  const picture = samplePicture(forms['grey, 8 bit'])
  const stream = await encode(picture, 'encodeJpegLs', { lossy: false })
  expect(await plainBytes(objectOf(picture, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntaxes.jpegLosslessFirstOrder))).toBe(
    hex(picture.bytes),
  )
})

test('a code stream in several fragments is joined', async () => {
  const picture = samplePicture(forms['grey, 16 bit'])
  const stream = await encode(picture, 'encodeJpeg2000', { lossy: false })
  const half = (stream.length >> 2) * 2
  const pixels = encapsulate([stream.subarray(0, half), stream.subarray(half)])
  expect(await plainBytes(objectOf(picture, [0x7fe00010, 'encapsulated', pixels], syntaxes.jpeg2000Lossless))).toBe(hex(picture.bytes))
})

test('JPEG Baseline stays within 6 grey levels at quality 95', async () => {
  const picture = samplePicture({ ...forms['grey, 8 bit'], rows: 64, columns: 64 })
  const smooth = { ...picture, bytes: picture.bytes.map((_, index) => (index % 64) * 3) }
  const stream = await encode(smooth, 'encodeJpeg', { lossy: true, quality: 95 })
  const { samples } = await decodeFrame(
    objectOf(smooth, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntaxes.jpegBaseline),
    0,
    'stored',
  )
  expect(Math.max(...smooth.bytes.map((value, index) => Math.abs(value - samples[index])))).toBeLessThanOrEqual(6)
})

test('an unsupported transfer syntax is named', async () => {
  const picture = samplePicture(forms['grey, 8 bit'])
  const object = objectOf(picture, [0x7fe00010, 'encapsulated', encapsulate([Uint8Array.of(0xff, 0x0a, 1, 2)])], syntaxes.jpegXl)
  await expect(decodeFrame(object, 0, 'stored')).rejects.toThrow('not yet supported: JPEG XL Lossless')
})

test('a few bytes that state 11,000 pixels square are refused before a decoder sees them', async () => {
  const picture = { ...samplePicture(forms['grey, 8 bit']), rows: 11_000, columns: 11_000 }
  const start = performance.now()
  for (const syntax of [syntaxes.rle, syntaxes.jpegLsLossless, syntaxes.jpeg2000Lossless, syntaxes.htj2kLossless]) {
    const object = objectOf(picture, [0x7fe00010, 'encapsulated', encapsulate([new Uint8Array(200)])], syntax)
    await expect(decodeFrame(object, 0, 'stored')).rejects.toMatchObject({ code: 'pixels.size' })
  }
  expect(performance.now() - start).toBeLessThan(1000)
})

test.each(ways.filter(({ name }) => !/RLE|predictor/.test(name)))(
  'an empty picture of 4096 × 4000 pixels, which $name makes very small, is decoded',
  async ({ syntax, encode: write }) => {
    const form = { rows: 4000, columns: 4096, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false } as const
    const picture = { ...form, bytes: new Uint8Array(form.rows * form.columns) }
    const object = objectOf(picture, [0x7fe00010, 'encapsulated', encapsulate([await write(picture)])], syntax)
    expect((await decodeFrame(object, 0, 'stored')).description).toMatchObject({ rows: 4000, columns: 4096, min: 0, max: 0 })
  },
)

test('decoders can be loaded ahead', () => expect(warmCodecs()).resolves.toBeUndefined())

describe('where header and code stream contradict', () => {
  const signed = samplePicture(forms['grey, 12 of 16 bit, signed'])

  test('a signed JPEG 2000 stream under an unsigned header keeps its values below zero', async () => {
    const stream = await encode(signed, 'encodeJpeg2000', { lossy: false })
    const object = objectOf({ ...signed, signed: false }, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntaxes.jpeg2000Lossless)
    expect((await decodeFrame(object, 0, 'stored')).description).toMatchObject({ type: 'int16', min: -2048, max: 2047 })
  })

  test('an unsigned one under a signed header holds a two’s complement', async () => {
    const words = new Uint16Array(Uint8Array.from(signed.bytes).buffer).map((word) => word & 0xfff)
    const unsigned = { ...signed, signed: false, bytes: new Uint8Array(words.buffer) }
    const stream = await encode(unsigned, 'encodeJpeg2000', { lossy: false })
    const object = objectOf(signed, [0x7fe00010, 'encapsulated', encapsulate([stream])], syntaxes.jpeg2000Lossless)
    expect(await plainBytes(object)).toBe(await expectedBytes(signed))
  })

  test('a stream of more bits than the header allocates is refused', async () => {
    const deep = samplePicture(forms['grey, 16 bit'])
    const stream = await encode(deep, 'encodeJpegLs', { lossy: false })
    const object = objectOf(
      { ...deep, bitsAllocated: 8, bitsStored: 8 },
      [0x7fe00010, 'encapsulated', encapsulate([stream])],
      syntaxes.jpegLsLossless,
    )
    await expect(decodeFrame(object, 0, 'stored')).rejects.toThrow(/has 16 bits, the header allocates 8/)
  })
})

test('encapsulated uncompressed pixels (1.2.840.10008.1.2.1.98)', async () => {
  const picture = samplePicture(forms['grey, 16 bit'])
  const object = objectOf(picture, [0x7fe00010, 'encapsulated', encapsulate([picture.bytes])], '1.2.840.10008.1.2.1.98')
  expect(await plainBytes(object)).toBe(hex(picture.bytes))
})
