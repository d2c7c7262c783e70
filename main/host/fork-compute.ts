/** The compute process under plain Node: the command line and the tests. */
import { fork } from 'node:child_process'
import { forkChannel } from './channel'
import type { StartedCompute } from './compute-client'

/** Starts the script at `path`, which is the built `compute.js`. It ends with this process. */
export function forkCompute(path: string): () => Promise<StartedCompute> {
  return async () => {
    const child = fork(path, [], { serialization: 'advanced', execArgv: [] })
    const ending = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`))
      child.once('error', () => resolve('it could not be started'))
    })
    return { channel: forkChannel(child), kill: () => void child.kill('SIGKILL'), ending }
  }
}
