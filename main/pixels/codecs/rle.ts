/** RLE Lossless: one PackBits segment for each byte of each sample, most significant first. PS3.5 annex G. */
import type { DicomError } from '../../../contracts/errors'
import type { DecodedPicture, Decoder, ExpectedPicture } from './codec'
import { damagedStream } from './codec'
import { samplesOfBytes } from '../sample-bytes'

const headerBytes = 64
const maximumSegments = 15
/** Below this a loop copies a run sooner than a call of `set` does, bytes. */
const shortRun = 24

/** Where a segment lies in the frame's bytes, and which it is, from 1. */
interface Segment {
  readonly start: number
  readonly end: number
  readonly number: number
}

function decode(bytes: Uint8Array, expected: ExpectedPicture): DecodedPicture {
  const { rows, columns, samplesPerPixel, bitsAllocated, signed } = expected
  const bytesPerSample = Math.ceil(bitsAllocated / 8)
  const pixels = rows * columns
  const segments = readSegments(bytes, samplesPerPixel * bytesPerSample)
  if (bitsAllocated === 1) {
    // Bits of one frame are packed as PS3.5 8.1.1 says, before they are run-length encoded.
    const packed = new Uint8Array(Math.ceil(pixels / 8))
    expandBytes(bytes, segments[0], packed, 0, 1, packed.length)
    const samples = new Uint8Array(pixels)
    for (let i = 0; i < pixels; i++) samples[i] = (packed[i >> 3] >> (i & 7)) & 1
    return { samples, bits: 1, signed: false, colour: null, lossy: false }
  }
  if (bytesPerSample === 2) {
    const words = new Uint16Array(pixels * samplesPerPixel)
    for (let sample = 0; sample < samplesPerPixel; sample++)
      expandWords(bytes, segments[sample * 2], segments[sample * 2 + 1], words, sample, samplesPerPixel)
    return { samples: signed ? new Int16Array(words.buffer) : words, bits: bitsAllocated, signed, colour: null, lossy: false }
  }
  const step = samplesPerPixel * bytesPerSample
  const output = new Uint8Array(pixels * step)
  for (const [index, segment] of segments.entries()) {
    const sample = Math.floor(index / bytesPerSample)
    const place = sample * bytesPerSample + (bytesPerSample - 1 - (index % bytesPerSample))
    expandBytes(bytes, segment, output, place, step, pixels)
  }
  if (bytesPerSample === 1)
    return { samples: signed ? new Int8Array(output.buffer) : output, bits: bitsAllocated, signed, colour: null, lossy: false }
  return { samples: samplesOfBytes(output, bytesPerSample * 8, signed), bits: bitsAllocated, signed, colour: null, lossy: false }
}

function readSegments(bytes: Uint8Array, wanted: number): Segment[] {
  if (bytes.length < headerBytes) throw damagedStream(`the RLE header needs ${headerBytes} bytes, ${bytes.length} are there`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0, true)
  if (count !== wanted || count > maximumSegments)
    throw damagedStream(`the RLE header states ${count} segments, the picture needs ${wanted}`)
  return Array.from({ length: count }, (_, index) => {
    const start = view.getUint32(4 + index * 4, true)
    const end = index + 1 < count ? view.getUint32(8 + index * 4, true) : bytes.length
    if (start < headerBytes || start > end || end > bytes.length)
      throw damagedStream(`RLE segment ${index + 1} lies at bytes ${start} to ${end} of ${bytes.length}`)
    return { start, end, number: index + 1 }
  })
}

function endsEarly({ number }: Segment, done: number, count: number): DicomError {
  return damagedStream(`RLE segment ${number} ends after ${done} of ${count} bytes`)
}

function runsOver({ number }: Segment): DicomError {
  return damagedStream(`RLE segment ${number} runs over its end`)
}

/** PackBits into every `step`th byte from `place` on. PS3.5 G.3.2. */
function expandBytes(bytes: Uint8Array, segment: Segment, output: Uint8Array, place: number, step: number, count: number): void {
  const { end } = segment
  let at = segment.start
  let to = place
  const stop = place + count * step
  while (to < stop) {
    if (at >= end) throw endsEarly(segment, (to - place) / step, count)
    const control = bytes[at++]
    if (control === 128) continue
    if (control < 128) {
      const run = control + 1
      if (at + run > end || to + run * step > stop) throw runsOver(segment)
      if (step === 1 && run >= shortRun) {
        output.set(bytes.subarray(at, at + run), to)
        at += run
        to += run
      } else for (let i = 0; i < run; i++, to += step) output[to] = bytes[at++]
    } else {
      const run = 257 - control
      if (at >= end || to + run * step > stop) throw runsOver(segment)
      const value = bytes[at++]
      // The output begins as zeros.
      if (value === 0) to += run * step
      else if (step === 1) output.fill(value, to, (to += run))
      else for (let i = 0; i < run; i++, to += step) output[to] = value
    }
  }
}

/**
 * Both segments of a 16-bit sample in one pass over every `step`th word from `place` on: from run to run of either,
 * so that each word is written once.
 */
function expandWords(bytes: Uint8Array, upper: Segment, lower: Segment, words: Uint16Array, place: number, step: number): void {
  const count = words.length / step
  let upperAt = upper.start
  let upperLeft = 0
  let upperLiteral = false
  let upperValue = 0
  let lowerAt = lower.start
  let lowerLeft = 0
  let lowerLiteral = false
  let lowerValue = 0
  for (let done = 0, to = place; done < count;) {
    while (upperLeft === 0) {
      if (upperAt >= upper.end) throw endsEarly(upper, done, count)
      const control = bytes[upperAt++]
      if (control === 128) continue
      upperLiteral = control < 128
      upperLeft = upperLiteral ? control + 1 : 257 - control
      if (upperAt + (upperLiteral ? upperLeft : 1) > upper.end || upperLeft > count - done) throw runsOver(upper)
      if (!upperLiteral) upperValue = bytes[upperAt++] << 8
    }
    while (lowerLeft === 0) {
      if (lowerAt >= lower.end) throw endsEarly(lower, done, count)
      const control = bytes[lowerAt++]
      if (control === 128) continue
      lowerLiteral = control < 128
      lowerLeft = lowerLiteral ? control + 1 : 257 - control
      if (lowerAt + (lowerLiteral ? lowerLeft : 1) > lower.end || lowerLeft > count - done) throw runsOver(lower)
      if (!lowerLiteral) lowerValue = bytes[lowerAt++]
    }
    const run = Math.min(upperLeft, lowerLeft)
    const stop = to + run * step
    if (upperLiteral) {
      if (lowerLiteral) for (; to < stop; to += step) words[to] = (bytes[upperAt++] << 8) | bytes[lowerAt++]
      else for (; to < stop; to += step) words[to] = (bytes[upperAt++] << 8) | lowerValue
    } else if (lowerLiteral) for (; to < stop; to += step) words[to] = upperValue | bytes[lowerAt++]
    else for (const value = upperValue | lowerValue; to < stop; to += step) words[to] = value
    upperLeft -= run
    lowerLeft -= run
    done += run
  }
}

export const load = (): Promise<Decoder> => Promise.resolve({ decode })
