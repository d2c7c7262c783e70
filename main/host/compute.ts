/** Entry of the compute process: native engines run on its main thread, and nothing else does. */
import { constants, setPriority } from 'node:os'
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

/**
 * The reader goes first: a network has what window and decoders leave of the processors. Windows' lowest class stands behind
 * every service of the system, so there it is the one above.
 */
function stepBack(): void {
  const { PRIORITY_LOW, PRIORITY_BELOW_NORMAL } = constants.priority
  setPriority(process.platform === 'win32' ? PRIORITY_BELOW_NORMAL : PRIORITY_LOW)
}

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

// Before any engine starts threads, which follow the one that starts them.
stepBack()
if (parentPort) parentPort.once('message', ({ ports: [port] }) => serve(utilityChannel(port)))
else if (process.send) serve(forkChannel(process))
else throw new Error('compute.js is started by the engine host')
