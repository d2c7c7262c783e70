/** Levels of a layer's maps as colours: dark to light blue, rising in lightness, and far from the amber of a network's word. */
import { interpolatePuBu } from 'd3-scale-chromatic'
import { greatestLevel, leastLevel } from '../../contracts/layers'

/** 0 to 1, dark to light. */
const colourOf = (share: number) => interpolatePuBu(1 - share)

/** Red, green, blue and opacity of each level; 0, where the network did not look, is transparent. */
const table = new Uint32Array(greatestLevel + 1)
const bytes = new Uint8Array(table.buffer)
for (let level = leastLevel; level <= greatestLevel; level++) {
  const colour = colourOf((level - leastLevel) / (greatestLevel - leastLevel))
  bytes.set([...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number), 255], level * 4)
}

/** RGBA, 4 bytes a pixel. */
export function mapPixels(levels: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(levels.length)
  for (let i = 0; i < levels.length; i++) pixels[i] = table[levels[i]]
  return new Uint8ClampedArray(pixels.buffer)
}

export const colourRamp = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, at) => colourOf(at / 8)).join(', ')})`
