/** Typed arrays over bytes that are in this machine's order (little endian on all that run Overread). */
import type { Samples } from '../../contracts/frame'

/** Samples of 8, 16, 32 or 64 bits over a copy of little endian bytes, which may belong to a source that is read again. */
export function samplesOfBytes(bytes: Uint8Array, bits: number, signed: boolean, floating = false): Samples {
  const size = bits / 8
  const length = Math.floor(bytes.length / size)
  const { buffer } = new Uint8Array(bytes)
  if (floating) return bits === 64 ? new Float64Array(buffer, 0, length) : new Float32Array(buffer, 0, length)
  switch (bits) {
    case 8:
      return signed ? new Int8Array(buffer, 0, length) : new Uint8Array(buffer, 0, length)
    case 16:
      return signed ? new Int16Array(buffer, 0, length) : new Uint16Array(buffer, 0, length)
    default:
      return signed ? new Int32Array(buffer, 0, length) : new Uint32Array(buffer, 0, length)
  }
}

/** Reverses the bytes of each group of `size` in a copy; what does not fill a group is left. */
export function swapBytes(bytes: Uint8Array, size: 2 | 4 | 8): Uint8Array<ArrayBuffer> {
  const swapped = new Uint8Array(bytes)
  for (let start = 0; start + size <= swapped.length; start += size) swapped.subarray(start, start + size).reverse()
  return swapped
}

/** Samples by plane, one component after the other, to samples by pixel. */
export function interleavePlanes(planes: Samples, components: number): Samples {
  const pixels = Math.floor(planes.length / components)
  const samples = new (planes.constructor as new (length: number) => Samples)(pixels * components)
  for (let plane = 0; plane < components; plane++) {
    for (let i = 0, from = plane * pixels, to = plane; i < pixels; i++, from++, to += components) samples[to] = planes[from]
  }
  return samples
}
