/** What the benches share: times of two ways that take turns, tools of the system, and a picture that compresses as a CT slice does. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PictureSample } from '../../samples/encode-picture'

export const rounds = Number(process.env.BENCH_ROUNDS ?? 5)

/** The machine as it is now: on a busy one the figures mean less. */
export function describeMachine(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} processors, load ${loadavg()[0].toFixed(1)}`
}

/** Milliseconds that an action takes. */
export async function timed(action: () => unknown): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

/**
 * The least time of each action, ms. They take turns, so that what the machine does besides falls on all of them;
 * the least, as it only adds. The first turn warms up and is not counted.
 */
export async function leastOf<K extends string>(actions: Readonly<Record<K, () => unknown>>, turns = rounds): Promise<Record<K, number>> {
  const least = Object.fromEntries(Object.keys(actions).map((name) => [name, Infinity])) as Record<K, number>
  for (let turn = -1; turn < turns; turn++) {
    for (const name of Object.keys(actions) as K[]) {
      const took = await timed(actions[name])
      if (turn >= 0) least[name] = Math.min(least[name], took)
    }
  }
  return least
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

export function isInstalled(command: string): boolean {
  return spawnSync('which', [command]).status === 0
}

/** The value below which this share of them lies. */
export function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
}

/** Runs a tool to its end. @throws Error what it wrote, where it failed */
export function execute(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command}: ${String(stderr).slice(0, 200)}`)
}

/** A folder for the tools' input and output, in memory where the system offers that: a disk is no part of decoding. */
export function memoryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'overread-bench-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A body in air with organs and noise, 12 bits in 16: what a CT slice is to an encoder. The same for the same seed. */
export function ctPicture(side: number, seed = 1): PictureSample {
  const values = new Uint16Array(side * side)
  let state = seed >>> 0
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const inside = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1
  const shift = (seed % 32) / 256
  for (let row = 0, i = 0; row < side; row++) {
    const y = (row / side) * 2 - 1
    for (let column = 0; column < side; column++, i++) {
      const x = (column / side) * 2 - 1
      const noise = (random() + random() + random() + random() - 2) * 24
      let value = 24 + noise / 4
      if (inside(x, y, 0, 0, 0.85, 0.62)) {
        value = 1064 + noise
        if (inside(x, y, -0.38, shift - 0.1, 0.26, 0.38) || inside(x, y, 0.38, shift - 0.1, 0.26, 0.38)) value = 180 + noise
        else if (inside(x, y, 0, 0.4, 0.1, 0.12)) value = 1700 + noise * 2
        else if (inside(x, y, 0.1, shift, 0.16, 0.2)) value = 1120 + noise
      } else if (x * x + y * y >= 1) value = 0
      values[i] = Math.max(0, Math.min(4095, Math.round(value)))
    }
  }
  return {
    rows: side,
    columns: side,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    signed: false,
    bytes: new Uint8Array(values.buffer),
  }
}
