/** What every decoder takes and gives. One file a codec, each with `load`. */
import { DicomError } from '../../../contracts/errors'
import type { Samples } from '../../../contracts/frame'

/** What the header says of the picture that a code stream holds. */
export interface ExpectedPicture {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: number
  readonly bitsAllocated: number
  readonly bitsStored: number
  readonly signed: boolean
}

/** What a code stream holds: samples interleaved by pixel, rows × columns × samplesPerPixel. */
export interface DecodedPicture {
  readonly samples: Samples
  /** Bits of a sample, by the code stream. */
  readonly bits: number
  readonly signed: boolean
  /** The colour form where the code stream decides it: null leaves it to the header. */
  readonly colour: 'RGB' | 'YBR_FULL' | null
  /** Whether the code stream says that information was lost in it; null where it cannot tell. */
  readonly lossy: boolean | null
}

/**
 * @throws DicomError 'pixels.code-stream' where the code stream is truncated or damaged, 'pixels.size' where it holds another picture than the header says
 */
export type Decode = (bytes: Uint8Array, expected: ExpectedPicture) => DecodedPicture

export interface Decoder {
  /** As `Decode`, after which a decoder that failed has been replaced. */
  decode(bytes: Uint8Array, expected: ExpectedPicture): DecodedPicture | Promise<DecodedPicture>
}

/**
 * Keeps one decoder a thread, made when it is first wanted.
 *
 * A WebAssembly decoder that broke off keeps its stack and heap as they were at
 * that moment, and the next frame, or the hundredth, is decoded wrongly or not
 * at all. So one that failed inside is dropped, and the next frame gets a new one.
 */
export function keptDecoder(create: () => Promise<Decode>): () => Promise<Decoder> {
  let kept: Promise<Decode> | null = null
  const current = async (): Promise<Decode> => {
    for (;;) {
      const mine = (kept ??= create())
      try {
        const decode = await mine
        // Another frame may have broken it while this one waited.
        if (mine === kept) return decode
      } catch (error) {
        kept = null
        throw error
      }
    }
  }
  const decoder: Decoder = {
    async decode(bytes, expected) {
      const decode = await current()
      try {
        return decode(bytes, expected)
      } catch (error) {
        const checked = error instanceof DicomError && error.cause === undefined
        if (!checked) kept = null
        throw error instanceof DicomError ? error : damagedStream('the decoder broke off', error)
      }
    },
  }
  return async () => {
    await current()
    return decoder
  }
}

/** @throws DicomError 'pixels.size' unless a code stream's own header agrees with the object's. */
export function checkSize(expected: ExpectedPicture, rows: number, columns: number, samplesPerPixel: number): void {
  if (rows !== expected.rows || columns !== expected.columns || samplesPerPixel !== expected.samplesPerPixel) {
    throw new DicomError(
      'pixels.size',
      `the compressed picture is ${columns} × ${rows} × ${samplesPerPixel}, the header says ${expected.columns} × ${expected.rows} × ${expected.samplesPerPixel}`,
    )
  }
}

export function damagedStream(detail: string, cause?: unknown): DicomError {
  return new DicomError('pixels.code-stream', detail, cause === undefined ? undefined : { cause })
}

/** Samples of up to 8, 16 or 32 bits over a copy of little endian bytes that belong to a decoder's heap. */
export function copySamples(bytes: Uint8Array, bits: number, signed: boolean): Samples {
  return samplesOver(new Uint8Array(bytes).buffer, bits, signed)
}

/** Samples of up to 8, 16 or 32 bits over the whole of a buffer that nobody else uses. */
export function samplesOver(buffer: ArrayBuffer, bits: number, signed: boolean): Samples {
  if (bits <= 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer)
  if (bits <= 16) return signed ? new Int16Array(buffer) : new Uint16Array(buffer)
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer)
}
