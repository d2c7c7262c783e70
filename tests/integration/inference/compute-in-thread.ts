/** The service of the compute process in this thread, so that a test can stand in for what it opens. */
import { MessageChannel } from 'node:worker_threads'
import { threadChannel, type Channel } from '../../../main/host/channel'
import { serveCompute } from '../../../main/host/compute/compute-service'
import type { ComputeEngine } from '../../../main/host/compute/compute-sessions'

/** What a client starts, with all that is not given as it matters to no test. */
export function startInThread(engine: Pick<ComputeEngine, 'openSession'> & Partial<ComputeEngine>): Channel {
  const { port1, port2 } = new MessageChannel()
  serveCompute(threadChannel(port2), {
    openGraph: () => Promise.reject(new Error('no graph is opened here')),
    runtime: '1.0.0',
    bounds: { sessions: 4, residentBytes: Infinity, readResident: () => 0 },
    mostThreads: 1,
    surroundings: { now: () => performance.now(), watchOthers: () => () => 0 },
    availableBytes: () => Infinity,
    ...engine,
  })
  return threadChannel(port1)
}
