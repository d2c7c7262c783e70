/** JPEG 2000 part 1, by OpenJPEG. ITU-T T.800. */
import { createRequire } from 'node:module'
import { keptDecoder } from './codec'
import type { HeapDecoder } from './emscripten'
import { decodeJpeg2000 } from './jpeg-2000-stream'

interface OpenJpeg {
  readonly J2KDecoder: new () => HeapDecoder
}

/** The decoder, initialised once in each thread. */
export const load = keptDecoder(async () => {
  // The package's default export is asm.js, eight times slower.
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs') as (options: object) => Promise<OpenJpeg>
  const { J2KDecoder } = await create({ print: () => {}, printErr: () => {} })
  const library = { Decoder: J2KDecoder, name: 'JPEG 2000', cutsSignedBytes: true }
  return (bytes, expected) => decodeJpeg2000(library, bytes, expected)
})
