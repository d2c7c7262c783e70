/** JPEG 2000 part 1, by OpenJPEG. ITU-T T.800. */
import { createRequire } from 'node:module'
import { DicomError } from '../../../contracts/errors'
import type { DecodedPicture, ExpectedPicture } from './codec'
import { checkSize, copySamples, damagedStream, keptDecoder } from './codec'
import { withDecoder, type HeapDecoder } from './emscripten'
import { declaredUnsigned, readJpeg2000Header, withoutJp2Boxes } from './jpeg-2000-markers'

interface OpenJpeg {
  readonly J2KDecoder: new () => HeapDecoder
}

/** The decoder, initialised once in each thread. */
export const load = keptDecoder(async () => {
  // The package's default export is asm.js, eight times slower.
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs') as (options: object) => Promise<OpenJpeg>
  const openjpeg = await create({ print: () => {}, printErr: () => {} })
  return (bytes, expected) => decode(openjpeg, bytes, expected)
})

function decode({ J2KDecoder }: OpenJpeg, frame: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  const bytes = withoutJp2Boxes(frame)
  const header = readJpeg2000Header(bytes)
  checkSize(expected, header.rows, header.columns, header.components)
  if (header.uneven) throw new DicomError('pixels.format', 'the JPEG 2000 components differ in depth or sampling')
  if (header.bits > 16) throw new DicomError('pixels.format', `JPEG 2000 of ${header.bits} bits`)
  // Signed values of one byte come out of this build of OpenJPEG with all below zero cut to 0.
  const raised = header.signed && header.bits <= 8
  return withDecoder(J2KDecoder, raised ? declaredUnsigned(bytes, header) : bytes, (stream) => {
    try {
      stream.decode()
    } catch (error) {
      throw damagedStream('the JPEG 2000 decoder gave up', error)
    }
    const size = header.bits <= 8 ? 1 : 2
    const decoded = stream.getDecodedBuffer()
    const wanted = header.rows * header.columns * header.components * size
    // It reports no failure, it gives nothing.
    if (decoded.length < wanted) throw damagedStream(`the JPEG 2000 decoder gave ${decoded.length} bytes of ${wanted}`)
    const { width, height, componentCount } = stream.getFrameInfo()
    checkSize(expected, height, width, componentCount)
    const samples = copySamples(decoded.subarray(0, wanted), size * 8, header.signed)
    if (raised) for (let i = 0, half = 2 ** (header.bits - 1); i < samples.length; i++) samples[i] -= half
    return {
      samples,
      bits: header.bits,
      signed: header.signed,
      colour: header.componentTransform ? 'RGB' : null,
      // A reversible stream may have been cut to fewer quality layers, which does not show.
      lossy: header.reversible ? null : true,
    }
  })
}
