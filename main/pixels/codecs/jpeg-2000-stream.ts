/** What both decoders of JPEG 2000 have in common: checks before and after, and the picture out of the module's heap. */
import { DicomError } from '../../../contracts/errors'
import { checkSize, copySamples, damagedStream, type DecodedPicture, type ExpectedPicture } from './codec'
import { withDecoder, type HeapDecoder } from './emscripten'
import { declaredUnsigned, readJpeg2000Header, withoutJp2Boxes } from './jpeg-2000-markers'

export interface Jpeg2000Library {
  readonly Decoder: new () => HeapDecoder
  /** For the reader: `JPEG 2000` or `HTJ2K`. */
  readonly name: string
  /** Signed values of one byte come out of it with all below zero cut to 0. */
  readonly cutsSignedBytes: boolean
}

/**
 * Decodes a code stream, with or without the boxes of a JP2 file around it.
 *
 * @throws DicomError 'pixels.code-stream', 'pixels.size', 'pixels.format' of uneven components or more than 16 bits
 */
export function decodeJpeg2000(
  { Decoder, name, cutsSignedBytes }: Jpeg2000Library,
  frame: Uint8Array,
  expected: ExpectedPicture,
): DecodedPicture {
  const bytes = withoutJp2Boxes(frame)
  const header = readJpeg2000Header(bytes)
  checkSize(expected, header.rows, header.columns, header.components)
  if (header.uneven) throw new DicomError('pixels.format', 'the JPEG 2000 components differ in depth or sampling')
  if (header.bits > 16) throw new DicomError('pixels.format', `JPEG 2000 of ${header.bits} bits`)
  const raised = cutsSignedBytes && header.signed && header.bits <= 8
  return withDecoder(Decoder, raised ? declaredUnsigned(bytes, header) : bytes, (stream) => {
    try {
      stream.decode()
    } catch (error) {
      throw damagedStream(`the ${name} decoder gave up`, error)
    }
    const size = header.bits <= 8 ? 1 : 2
    const decoded = stream.getDecodedBuffer()
    const wanted = header.rows * header.columns * header.components * size
    // It reports no failure, it gives nothing.
    if (decoded.length < wanted) throw damagedStream(`the ${name} decoder gave ${decoded.length} bytes of ${wanted}`)
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
