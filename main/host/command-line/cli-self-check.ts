/** The self-check, for the command line: beside an app that has the archive open. */
import { existsSync } from 'node:fs'
import type { SelfCheckRow } from '../../../contracts/self-check'
import { quickCheck } from '../../archive/quick-check'
import { installedModels } from './cli-models'
import { ComputeClient } from '../compute/compute-client'
import { computeStarter } from '../compute/start-compute'
import { defaultArchiveFolder } from '../default-archive'
import { hostPaths } from '../paths'
import { selfCheck } from '../self-check/self-check'
import { WorkerPool } from '../worker-pool'

export interface SelfCheckChoice {
  /** Null: that of the app, where it is there. */
  readonly archive: string | null
  onProgress(done: number, total: number): void
}

export async function runSelfCheck(entry: string, { archive, onProgress }: SelfCheckChoice): Promise<SelfCheckRow[]> {
  const paths = hostPaths(entry)
  const decoders = new WorkerPool(paths.worker, 1)
  const compute = new ComputeClient(computeStarter(paths.compute))
  const own = defaultArchiveFolder()
  const folder = archive ?? (existsSync(own) ? own : null)
  try {
    return await selfCheck({
      decoders,
      models: await installedModels(entry, archive),
      askArchive: folder === null ? null : () => quickCheck(folder),
      compute,
      onProgress,
    })
  } finally {
    await Promise.all([compute.close(), decoders.close()])
  }
}
