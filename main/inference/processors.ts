/** How many threads one run of a network takes. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/**
 * As many as physical cores: two threads of one core share the unit that multiplies. Never more
 * than this process may use. Where the cores cannot be told, as many as it may use.
 */
export function networkThreads(): number {
  const usable = availableParallelism()
  const physical = process.platform === 'linux' ? linuxCores() : null
  return Math.max(1, Math.min(usable, physical ?? usable))
}

function linuxCores(): number | null {
  let text: string
  try {
    text = readFileSync('/proc/cpuinfo', 'latin1')
  } catch {
    return null
  }
  const cores = new Set<string>()
  for (const block of text.split('\n\n')) {
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1]
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1]
    if (socket !== undefined && core !== undefined) cores.add(`${socket}:${core}`)
  }
  return cores.size > 0 ? cores.size : null
}
