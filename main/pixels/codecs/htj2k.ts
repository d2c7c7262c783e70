/** High-Throughput JPEG 2000, by OpenJPH. ITU-T T.814. */
import { createRequire } from 'node:module'
import { DicomError } from '../../../contracts/errors'
import type { DecodedPicture, ExpectedPicture } from './codec'
import { checkSize, copySamples, damagedStream, keptDecoder } from './codec'
import { withDecoder, type HeapDecoder } from './emscripten'
import { readJpeg2000Header, withoutJp2Boxes } from './jpeg-2000-markers'

interface OpenJph {
  readonly HTJ2KDecoder: new () => HeapDecoder
}

/** The decoder, initialised once in each thread. */
export const load = keptDecoder(async () => {
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-openjph/wasmjs') as (options: object) => Promise<OpenJph>
  const openjph = await create({ print: () => {}, printErr: () => {} })
  return (bytes, expected) => decode(openjph, bytes, expected)
})

function decode({ HTJ2KDecoder }: OpenJph, frame: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  const bytes = withoutJp2Boxes(frame)
  const header = readJpeg2000Header(bytes)
  checkSize(expected, header.rows, header.columns, header.components)
  if (header.uneven) throw new DicomError('pixels.format', 'the JPEG 2000 components differ in depth or sampling')
  if (header.bits > 16) throw new DicomError('pixels.format', `JPEG 2000 of ${header.bits} bits`)
  return withDecoder(HTJ2KDecoder, bytes, (stream) => {
    try {
      stream.decode()
    } catch (error) {
      throw damagedStream('the HTJ2K decoder gave up', error)
    }
    const size = header.bits <= 8 ? 1 : 2
    const decoded = stream.getDecodedBuffer()
    const wanted = header.rows * header.columns * header.components * size
    // It reports no failure, it gives nothing.
    if (decoded.length < wanted) throw damagedStream(`the HTJ2K decoder gave ${decoded.length} bytes of ${wanted}`)
    const { width, height, componentCount } = stream.getFrameInfo()
    checkSize(expected, height, width, componentCount)
    const samples = copySamples(decoded.subarray(0, wanted), size * 8, header.signed)
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
