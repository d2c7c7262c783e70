/** JPEG of ITU-T T.81: Baseline, Extended (8 and 12 bit), Lossless (processes 14 and 14 SV1) up to 16 bits, by the Independent JPEG Group's code. */
import { createRequire } from 'node:module'
import type * as nativeCodecs from 'dcmjs-codecs'
import { DicomError } from '../../../contracts/errors'
import type { DecodedPicture, ExpectedPicture } from './codec'
import { checkSize, copySamples, damagedStream, keptDecoder, samplesOver } from './codec'
import { jpegColour, readJpegHeader } from './jpeg-markers'

type NativeCodecs = typeof nativeCodecs

/** What the library said first of the frame in hand. Decoding is synchronous, so there is one. */
let warning: string | null = null

/** The decoder, initialised once in each thread. */
export const load = keptDecoder(async () => {
  // The package is CommonJS whose named exports Node does not see.
  const codecs = createRequire(import.meta.url)('dcmjs-codecs') as NativeCodecs
  codecs.log.setLevel('silent')
  // The library's warnings come out of its log alone: data that end early, codes that do not exist, markers out of place.
  codecs.log.info = (text: string) => {
    if (/Corrupt JPEG data|Premature end|Inconsistent progression/.test(text)) warning ??= text.replace(/^.*::/, '')
  }
  codecs.NativeCodecs.release()
  await codecs.NativeCodecs.initializeAsync({ logCodecsInfo: true })
  return (bytes, expected) => decode(codecs, bytes, expected)
})

const processes: Readonly<Record<number, string>> = { 0xc0: 'baseline', 0xc1: 'extended', 0xc2: 'progressive', 0xc3: 'lossless' }

function decode({ Context, NativeCodecs }: NativeCodecs, bytes: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  const header = readJpegHeader(bytes)
  const { precision, rows, columns, components } = header
  if (!(header.process in processes)) throw new DicomError('pixels.transfer-syntax', `JPEG process 0x${header.process.toString(16)}`)
  checkSize(expected, rows, columns, components.length)
  const bitsAllocated = precision <= 8 ? 8 : 16
  const context = new Context({
    width: columns,
    height: rows,
    bitsAllocated,
    bitsStored: precision,
    samplesPerPixel: components.length,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: components.length === 3 ? 'RGB' : 'MONOCHROME2',
    encodedBuffer: bytes,
  })
  let decoded: Uint8Array | undefined
  warning = null
  try {
    decoded = NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false }).getDecodedBuffer()
  } catch (error) {
    throw damagedStream('the JPEG decoder gave up', error)
  }
  // It fills up with grey and reports success.
  if (warning) throw damagedStream(warning)
  const wanted = rows * columns * components.length * (bitsAllocated / 8)
  if (!decoded || decoded.length < wanted) throw damagedStream(`the JPEG decoder gave ${decoded?.length ?? 0} bytes of ${wanted}`)
  // The library hands out a copy of its own, which is taken as it is.
  const { buffer } = decoded
  const own = decoded.length === wanted && buffer.byteLength === wanted && buffer instanceof ArrayBuffer
  return {
    samples: own ? samplesOver(buffer, bitsAllocated, false) : copySamples(decoded.subarray(0, wanted), bitsAllocated, false),
    bits: precision,
    signed: false,
    colour: jpegColour(header),
    lossy: header.lossy,
  }
}
