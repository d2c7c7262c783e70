/** Colour forms → RGB of 8 bits. PS3.3 C.7.6.3.1.2. Pure. */
import type { Samples } from '../../../contracts/frame'

/** Three tables of a PALETTE COLOR picture; entry i belongs to the stored value `first + i`. */
export interface Palette {
  readonly first: number
  readonly red: Uint8Array
  readonly green: Uint8Array
  readonly blue: Uint8Array
}

/** Samples of any depth to 8 bits; 8-bit ones are taken as they are. */
export function toEightBits(samples: Samples, bits: number): Uint8Array<ArrayBuffer> {
  if (samples instanceof Uint8Array && bits >= 8) return samples
  const scale = 255 / (2 ** bits - 1)
  const output = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) output[i] = Math.round(samples[i] * scale)
  return output
}

/** Samples of any depth as parts of 255, not rounded: colours are rounded once, when they are RGB. */
export function toFractions(samples: Samples, bits: number): Samples {
  return bits === 8 ? samples : Float32Array.from(samples, (sample) => (sample * 255) / (2 ** bits - 1))
}

/** What stands for no colour in samples of so many bits, half of their range, as a part of 255. */
function neutral(bits: number): number {
  return (2 ** (bits - 1) * 255) / (2 ** bits - 1)
}

/** YBR_FULL, interleaved by pixel, to RGB. @param ybr 0 to 255 @param bits of the samples that these were */
export function rgbFromYbrFull(ybr: Samples, bits = 8): Uint8Array<ArrayBuffer> {
  const middle = neutral(bits)
  const rgb = new Uint8ClampedArray(ybr.length)
  for (let i = 0; i + 2 < ybr.length; i += 3) {
    const y = ybr[i]
    const cb = ybr[i + 1] - middle
    const cr = ybr[i + 2] - middle
    rgb[i] = y + 1.402 * cr
    rgb[i + 1] = y - 0.344136 * cb - 0.714136 * cr
    rgb[i + 2] = y + 1.772 * cb
  }
  return new Uint8Array(rgb.buffer)
}

/** YBR_PARTIAL of 8 bits (Y from 16 to 235), interleaved by pixel, to RGB. */
export function rgbFromYbrPartial(ybr: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(ybr.length)
  for (let i = 0; i + 2 < ybr.length; i += 3) {
    const y = 1.1644 * (ybr[i] - 16)
    const cb = ybr[i + 1] - 128
    const cr = ybr[i + 2] - 128
    rgb[i] = y + 1.596 * cr
    rgb[i + 1] = y - 0.3917 * cb - 0.813 * cr
    rgb[i + 2] = y + 2.0173 * cb
  }
  return new Uint8Array(rgb.buffer)
}

/** Indices to RGB; beyond the ends the outermost entry. PS3.3 C.7.6.3.1.5. */
export function rgbFromPalette(indices: Samples, { first, red, green, blue }: Palette): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(indices.length * 3)
  const last = red.length - 1
  for (let i = 0, to = 0; i < indices.length; i++, to += 3) {
    const index = indices[i] - first
    const entry = index < 0 ? 0 : index > last ? last : index
    rgb[to] = red[entry]
    rgb[to + 1] = green[entry]
    rgb[to + 2] = blue[entry]
  }
  return rgb
}
