/** The built worker pool and compute process, started as the command line starts them. */
import { expect } from 'vitest'
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { forkChannel } from '../../../main/host/channel'
import { ComputeClient } from '../../../main/host/compute/compute-client'
import { computeStarter } from '../../../main/host/compute/start-compute'
import { WorkerPool } from '../../../main/host/worker-pool'
import { repository } from '../../shared-data'

export const computeScript = join(repository, 'out/node/compute.js')

export function startEngine() {
  const folder = mkdtempSync(join(tmpdir(), 'overread-inference-'))
  const workers = new WorkerPool(pathToFileURL(join(repository, 'out/node/worker.js')), 2)
  const compute = new ComputeClient(computeStarter(computeScript))
  return {
    folder,
    workers,
    compute,
    async stop() {
      await compute.close()
      await workers.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A client with the processes it started, so that a test can end one. */
export function clientWithProcesses(execArgv: string[] = [], env: Readonly<Record<string, string>> = {}) {
  const processes: ChildProcess[] = []
  const client = new ComputeClient(async () => {
    const child = fork(computeScript, [], {
      serialization: 'advanced',
      execArgv,
      env: { ...process.env, ...env },
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    processes.push(child)
    return {
      ...forkChannel(child),
      kill: () => void child.kill('SIGKILL'),
      ending: new Promise<string>((resolve) => child.once('exit', (_code, signal) => resolve(`signal ${signal}`))),
    }
  })
  return { client, processes }
}

export const rejection = (code: string, detail: RegExp = /.*/) => expect.objectContaining({ code, detail: expect.stringMatching(detail) })
