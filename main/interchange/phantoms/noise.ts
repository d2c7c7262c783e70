/** Seeded randomness for the phantoms: the same seed gives the same picture on every machine. */

/** Uniform numbers in 0 to 1 (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normally distributed numbers of mean 0 and deviation 1. */
export function normal(seed: number): () => number {
  const next = uniform(seed)
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** A smooth field of values in -1 to 1, changing over a distance of about 1. */
export function field(seed: number): (x: number, y: number, z: number) => number {
  const corner = (x: number, y: number, z: number): number => {
    let mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 31 - 1
  }
  // A drawing asks for neighbours one after the other: most lie between the same eight corners.
  const corners = new Float64Array(8)
  let [atColumn, atRow, atSlice] = [NaN, NaN, NaN]
  return (x, y, z) => {
    const column = Math.floor(x)
    const row = Math.floor(y)
    const slice = Math.floor(z)
    if (column !== atColumn || row !== atRow || slice !== atSlice) {
      for (let index = 0; index < 8; index++) corners[index] = corner(column + (index & 1), row + ((index >> 1) & 1), slice + (index >> 2))
      atColumn = column
      atRow = row
      atSlice = slice
    }
    const across = ease(x - column)
    const down = ease(y - row)
    const near = mix(mix(corners[0]!, corners[1]!, across), mix(corners[2]!, corners[3]!, across), down)
    const far = mix(mix(corners[4]!, corners[5]!, across), mix(corners[6]!, corners[7]!, across), down)
    return mix(near, far, ease(z - slice))
  }
}

export function mix(from: number, to: number, part: number): number {
  return from + (to - from) * part
}

/** 0 below `from`, 1 above `to`, smooth between; `from` may be the greater. */
export function step(from: number, to: number, value: number): number {
  return ease(Math.min(1, Math.max(0, (value - from) / (to - from))))
}

function ease(part: number): number {
  return part * part * (3 - 2 * part)
}
