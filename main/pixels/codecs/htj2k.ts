/** High-Throughput JPEG 2000, by OpenJPH. ITU-T T.814. */
import { createRequire } from 'node:module'
import { keptDecoder } from './codec'
import type { HeapDecoder } from './emscripten'
import { decodeJpeg2000 } from './jpeg-2000-stream'

interface OpenJph {
  readonly HTJ2KDecoder: new () => HeapDecoder
}

/** The decoder, initialised once in each thread. */
export const load = keptDecoder(async () => {
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-openjph/wasmjs') as (options: object) => Promise<OpenJph>
  const { HTJ2KDecoder } = await create({ print: () => {}, printErr: () => {} })
  const library = { Decoder: HTJ2KDecoder, name: 'HTJ2K', cutsSignedBytes: false }
  return (bytes, expected) => decodeJpeg2000(library, bytes, expected)
})
