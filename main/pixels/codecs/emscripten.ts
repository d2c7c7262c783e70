/** The form that the Cornerstone codecs share: an object that holds the code stream and the picture in the module's heap. */
export interface HeapDecoder {
  getEncodedBuffer(length: number): Uint8Array
  getDecodedBuffer(): Uint8Array
  decode(): void
  getFrameInfo(): {
    readonly width: number
    readonly height: number
    readonly bitsPerSample: number
    readonly componentCount: number
    readonly isSigned?: boolean
  }
  delete(): void
}

/** Runs one decoder object and frees it whatever happens; its heap would grow with every frame. */
export function withDecoder<D extends HeapDecoder, R>(create: new () => D, bytes: Uint8Array, use: (decoder: D) => R): R {
  const decoder = new create()
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes)
    return use(decoder)
  } finally {
    try {
      decoder.delete()
    } catch {
      // What broke the decoder is told already, and the module is dropped for it.
    }
  }
}
