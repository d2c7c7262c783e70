/** Starts the compute process as a child of plain Node. In the app Electron main does it. */
import { fork } from 'node:child_process'
import { forkChannel, type Channel } from './channel'

/** What the runtimes print goes to stderr: stdout belongs to the command line. */
export function computeStarter(script: string): () => Promise<Channel> {
  return async () => forkChannel(fork(script, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] }))
}
