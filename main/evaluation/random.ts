/** A seeded row of numbers, the same on every machine: xoshiro128** of Blackman and Vigna, filled by a splitmix of 32 bits. */
export class SeededRandom {
  readonly #state: Uint32Array

  constructor(seed: number) {
    let mixed = seed >>> 0
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0
      let value = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
      value = Math.imul(value ^ (value >>> 15), 0x735a2d97)
      return (value ^ (value >>> 15)) >>> 0
    })
  }

  /** A whole number from 0 to below `bound`, each as likely. */
  below(bound: number): number {
    // Numbers past the last whole multiple would favour the small ones.
    const end = 2 ** 32 - (2 ** 32 % bound)
    let value = this.#next()
    while (value >= end) value = this.#next()
    return value % bound
  }

  #next(): number {
    const state = this.#state
    const result = Math.imul(rotated(Math.imul(state[1], 5), 7), 9) >>> 0
    const shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotated(state[3], 11)
    return result
  }
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}
