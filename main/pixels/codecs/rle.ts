/** RLE Lossless: one PackBits segment for each byte of each sample, most significant first. PS3.5 annex G. */
import type { DecodedPicture, Decoder, ExpectedPicture } from './codec'
import { damagedStream } from './codec'
import { samplesOfBytes } from '../sample-bytes'

const headerBytes = 64
const maximumSegments = 15

function decode(bytes: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  const { rows, columns, samplesPerPixel, bitsAllocated, signed } = expected
  const bytesPerSample = Math.ceil(bitsAllocated / 8)
  if (bytes.length < headerBytes) throw damagedStream(`the RLE header needs ${headerBytes} bytes, ${bytes.length} are there`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const segments = view.getUint32(0, true)
  const wanted = samplesPerPixel * bytesPerSample
  if (segments !== wanted || segments > maximumSegments)
    throw damagedStream(`the RLE header states ${segments} segments, the picture needs ${wanted}`)

  const pixels = rows * columns
  // Bits of one frame are packed as PS3.5 8.1.1 says, before they are run-length encoded.
  const packed = bitsAllocated === 1
  const segmentBytes = packed ? Math.ceil(pixels / 8) : pixels
  const step = packed ? 1 : wanted
  const output = new Uint8Array(packed ? segmentBytes : pixels * wanted)
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + segment * 4, true)
    const end = segment + 1 < segments ? view.getUint32(8 + segment * 4, true) : bytes.length
    if (start < headerBytes || start > end || end > bytes.length)
      throw damagedStream(`RLE segment ${segment + 1} lies at bytes ${start} to ${end} of ${bytes.length}`)
    const sample = Math.floor(segment / bytesPerSample)
    const place = sample * bytesPerSample + (bytesPerSample - 1 - (segment % bytesPerSample))
    expandSegment(bytes, start, end, output, packed ? 0 : place, step, segmentBytes, segment)
  }
  if (packed) {
    const samples = new Uint8Array(pixels)
    for (let i = 0; i < pixels; i++) samples[i] = (output[i >> 3] >> (i & 7)) & 1
    return { samples, bits: 1, signed: false, colour: null }
  }
  return { samples: samplesOfBytes(output, bytesPerSample * 8, signed), bits: bitsAllocated, signed, colour: null }
}

/** PackBits into every `step`th byte from `place` on. PS3.5 G.3.2. */
function expandSegment(
  bytes: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  place: number,
  step: number,
  count: number,
  segment: number,
): void {
  let at = start
  let to = place
  const stop = place + count * step
  while (to < stop) {
    if (at >= end) throw damagedStream(`RLE segment ${segment + 1} ends after ${(to - place) / step} of ${count} bytes`)
    const control = bytes[at++]
    if (control === 128) continue
    if (control < 128) {
      const run = control + 1
      if (at + run > end || to + run * step > stop) throw damagedStream(`RLE segment ${segment + 1} runs over its end`)
      for (let i = 0; i < run; i++, to += step) output[to] = bytes[at++]
    } else {
      const run = 257 - control
      if (at >= end || to + run * step > stop) throw damagedStream(`RLE segment ${segment + 1} runs over its end`)
      const value = bytes[at++]
      if (step === 1) output.fill(value, to, (to += run))
      else for (let i = 0; i < run; i++, to += step) output[to] = value
    }
  }
}

export const load = (): Promise<Decoder> => Promise.resolve({ decode })
