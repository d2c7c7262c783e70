/** How many threads one run of a network takes. */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

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

/** Processor time so far, ms. */
export interface ProcessorTimes {
  /** Of all cores, whoever took it. */
  readonly busy: number
  readonly idle: number
  /** Of this process. */
  readonly own: number
}

/** Starts to watch; the answer is the share of all cores that other processes took since, 0 to 1. */
export function watchOthers(read: () => ProcessorTimes = processorTimes): () => number {
  const before = read()
  return () => {
    const after = read()
    const busy = after.busy - before.busy
    const total = busy + after.idle - before.idle
    return total > 0 ? Math.max(0, busy - (after.own - before.own)) / total : 0
  }
}

function processorTimes(): ProcessorTimes {
  const { user, system } = process.cpuUsage()
  const times = { busy: 0, idle: 0, own: (user + system) / 1000 }
  for (const core of cpus()) {
    times.busy += core.times.user + core.times.nice + core.times.sys + core.times.irq
    times.idle += core.times.idle
  }
  return times
}

/** What a measured number of threads holds for, besides the model and the runtime. */
export function processorKey(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown'}, ${networkThreads()} of ${availableParallelism()}`
}
