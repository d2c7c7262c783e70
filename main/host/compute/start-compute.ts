/** Starts the compute process as a child of plain Node. In the app Electron main does it. */
import { fork } from 'node:child_process'
import { forkChannel } from '../channel'
import type { ComputeChannel } from './compute-client'

/** What the runtimes print goes to stderr: stdout belongs to the command line. */
export function computeStarter(script: string): () => Promise<ComputeChannel> {
  return async () => {
    const child = fork(script, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] })
    return {
      ...forkChannel(child),
      kill: () => void child.kill('SIGKILL'),
      ending: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`))),
    }
  }
}
