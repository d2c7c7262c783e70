/** The host's side of `container.stage`: takes what the worker staged of a ZIP or disc image a batch at a time. */
import { MessageChannel } from 'node:worker_threads'
import type { StageContainerOutput, StagedEntry } from '../tasks/stage-container'
import type { WorkerPool } from '../worker-pool'

/** A ZIP or a disc image may hold a whole CD. */
const timeoutMs = 30 * 60 * 1000

/**
 * Stages what is in a container. The worker waits for each batch to be taken, so that memory holds one batch of it, however
 * many objects there are.
 *
 * @param take keeps a batch; false ends the work after it
 * @throws OverreadError what the task threw, or what `take` threw. What was taken before stays taken.
 */
export async function stageContainer(
  pool: WorkerPool,
  input: { readonly path: string; readonly archiveFolder: string },
  take: (entries: readonly StagedEntry[]) => Promise<boolean>,
): Promise<StageContainerOutput> {
  const { port1, port2 } = new MessageChannel()
  const faults: unknown[] = []
  port1.on('message', (entries: readonly StagedEntry[]) => {
    take(entries).then(
      (more) => port1.postMessage(more),
      (fault: unknown) => {
        faults.push(fault)
        port1.postMessage(false)
      },
    )
  })
  try {
    const output = await pool.run('container.stage', { ...input, port: port2 }, { background: true, timeoutMs, transfer: [port2] })
    if (faults.length > 0) throw faults[0]
    return output
  } finally {
    port1.close()
  }
}
