/** Seeded damage to bytes: the same seed gives the same mutant on every machine. */
import { uniform } from '../../main/interchange/phantoms/noise'

/** Values that lengths and sizes break at. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0xfe]

/**
 * One to eight changes: bytes replaced, lengths set to edges, parts cut out, doubled or swapped, the end cut off.
 *
 * @param from nothing before it is changed
 */
export function mutate(bytes: Uint8Array, seed: number, from = 0): Uint8Array {
  const random = uniform(seed)
  const whole = (below: number) => Math.floor(random() * below)
  let mutant = Uint8Array.from(bytes)
  for (let change = 1 + whole(8); change > 0 && mutant.length > from + 8; change--) {
    const at = from + whole(mutant.length - from)
    const kind = whole(10)
    if (kind < 4) mutant[at] = whole(256)
    else if (kind < 6) mutant[at] ^= 1 << whole(8)
    else if (kind === 6) mutant.fill(edges[whole(edges.length)], at, at + 1 + whole(4))
    else if (kind === 7) mutant = concatenate(mutant.subarray(0, at), mutant.subarray(Math.min(mutant.length, at + 1 + whole(16))))
    else if (kind === 8)
      mutant = concatenate(mutant.subarray(0, at), mutant.subarray(Math.max(from, at - 1 - whole(32)), at), mutant.subarray(at))
    else if (whole(3) === 0) mutant = mutant.slice(0, at)
  }
  return mutant
}

function concatenate(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

/** What a run of mutants must keep to. */
export class Watch {
  readonly #start = process.memoryUsage().rss
  slowestMs = 0
  slowest = ''
  highestMb = 0

  /** Runs one mutant and keeps its time. */
  async run<T>(name: string, action: () => T | Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await action()
    } finally {
      const took = performance.now() - start
      if (took > this.slowestMs) {
        this.slowestMs = took
        this.slowest = name
      }
      this.highestMb = Math.max(this.highestMb, (process.memoryUsage().rss - this.#start) / 2 ** 20)
    }
  }
}
