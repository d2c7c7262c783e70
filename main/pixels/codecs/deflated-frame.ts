/** Deflated Image Frame Compression: each frame is a raw deflate stream of the native frame. PS3.5 A.4.14 (1.2.840.10008.1.2.8.1). */
import { inflateRawSync } from 'node:zlib'
import type { DecodedPicture, Decoder, ExpectedPicture } from './codec'
import { damagedStream } from './codec'
import { samplesOfBytes } from '../sample-bytes'

function decode(bytes: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  const { rows, columns, samplesPerPixel, bitsAllocated, signed } = expected
  const count = rows * columns * samplesPerPixel
  const wanted = Math.ceil((count * bitsAllocated) / 8)
  let inflated: Uint8Array
  try {
    // One byte more than an even length shows a frame that is too long, without inflating a bomb.
    inflated = inflateRawSync(bytes, { maxOutputLength: wanted + 2 })
  } catch (error) {
    throw damagedStream('the frame cannot be inflated to its size', error)
  }
  if (inflated.length < wanted || inflated.length > wanted + 1)
    throw damagedStream(`the frame inflates to ${inflated.length} bytes of ${wanted}`)
  if (bitsAllocated > 1)
    return {
      samples: samplesOfBytes(inflated.subarray(0, wanted), bitsAllocated, signed),
      bits: bitsAllocated,
      signed,
      colour: null,
      lossy: false,
    }
  const samples = new Uint8Array(count)
  for (let i = 0; i < count; i++) samples[i] = (inflated[i >> 3] >> (i & 7)) & 1
  return { samples, bits: 1, signed: false, colour: null, lossy: false }
}

export const load = (): Promise<Decoder> => Promise.resolve({ decode })
