/** Entry of the compute process: native engines run on its main thread, and nothing else does. */
import { availableBytes, computeBounds } from '../base/compute-bounds'
import { openGraph, runtimeVersion } from '../inference/onnx-session'
import { openSession } from '../inference/open-session'
import { networkThreads, watchOthers } from '../inference/processors'
import { forkChannel, utilityChannel, type Channel } from './channel'
import { serveCompute } from './compute/compute-service'

/** Electron's utility process has this in the place of an IPC channel; its ports are MessagePortMain. */
interface UtilityParent {
  once(event: 'message', listener: (event: { ports: Parameters<typeof utilityChannel>[0][] }) => void): void
}

const { parentPort } = process as unknown as { parentPort?: UtilityParent }

function serve(channel: Channel): void {
  channel.onClose(() => process.exit(0))
  serveCompute(channel, {
    openSession,
    openGraph,
    runtime: runtimeVersion,
    bounds: { ...computeBounds, readResident: () => process.memoryUsage.rss() },
    mostThreads: networkThreads(),
    availableBytes,
    surroundings: { now: () => performance.now(), watchOthers: () => watchOthers() },
  })
}

if (parentPort) parentPort.once('message', ({ ports: [port] }) => serve(utilityChannel(port)))
else if (process.send) serve(forkChannel(process))
else throw new Error('compute.js is started by the engine host')
