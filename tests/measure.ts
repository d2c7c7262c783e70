/** What an action costs in time and memory. */
import { readFileSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * What one action costs: its time and the highest memory while it runs, in MB above that before it. Linux tells the
 * highest; elsewhere what is held at the end is taken.
 */
export async function measure<T>(action: () => T | Promise<T>): Promise<{ outcome: T; ms: number; mb: number }> {
  collectGarbage()
  const before = process.memoryUsage().rss
  const peak = peakMemory()
  const start = performance.now()
  const outcome = await action()
  const ms = performance.now() - start
  return { outcome, ms, mb: (Math.max(peak(), process.memoryUsage().rss) - before) / 2 ** 20 }
}

/** What was freed before is not to be taken for room that the action found. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

function peakMemory(): () => number {
  try {
    // Begins the count of the highest memory anew. proc(5), clear_refs.
    writeFileSync('/proc/self/clear_refs', '5')
    return () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return () => 0
  }
}
