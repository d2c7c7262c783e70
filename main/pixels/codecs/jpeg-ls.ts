/** JPEG-LS, lossless and near-lossless, by CharLS. ITU-T T.87. */
import { createRequire } from 'node:module'
import type { DecodedPicture, ExpectedPicture } from './codec'
import { checkSize, copySamples, damagedStream, keptDecoder } from './codec'
import { withDecoder, type HeapDecoder } from './emscripten'
import { readJpegHeader } from './jpeg-markers'
import { interleavePlanes } from '../sample-bytes'

interface JpegLsDecoder extends HeapDecoder {
  getInterleaveMode(): number
}
interface CharLs {
  readonly JpegLSDecoder: new () => JpegLsDecoder
  getExceptionMessage(pointer: number): string
}

/** The decoder, initialised once in each thread. */
export const load = keptDecoder(async () => {
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-charls/decodewasmjs') as () => Promise<CharLs>
  const charls = await create()
  return (bytes, expected) => decode(charls, bytes, expected)
})

function decode(charls: CharLs, bytes: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  // Sizes are checked before CharLS allocates by them.
  const header = readJpegHeader(bytes)
  if (header.process !== 0xf7) throw damagedStream('the picture is JPEG, not JPEG-LS')
  checkSize(expected, header.rows, header.columns, header.components.length)
  return withDecoder(charls.JpegLSDecoder, bytes, (stream) => {
    try {
      stream.decode()
    } catch (error) {
      throw damagedStream(typeof error === 'number' ? charls.getExceptionMessage(error) : 'the JPEG-LS decoder gave up', error)
    }
    const { width, height, bitsPerSample, componentCount } = stream.getFrameInfo()
    checkSize(expected, height, width, componentCount)
    const size = bitsPerSample <= 8 ? 1 : 2
    const decoded = stream.getDecodedBuffer()
    const wanted = width * height * componentCount * size
    if (decoded.length < wanted) throw damagedStream(`the JPEG-LS decoder gave ${decoded.length} bytes of ${wanted}`)
    const ordered = copySamples(decoded.subarray(0, wanted), size * 8, false)
    // Scans of one component each come out one after the other. ITU-T T.87 C.2.3.
    const samples = componentCount > 1 && stream.getInterleaveMode() === 0 ? interleavePlanes(ordered, componentCount) : ordered
    return { samples, bits: bitsPerSample, signed: false, colour: null, lossy: header.lossy }
  })
}
