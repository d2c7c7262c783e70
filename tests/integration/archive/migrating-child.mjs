/** Opens an archive through the built archive thread, and says when it begins and when it is open. */
import { Worker } from 'node:worker_threads'

const { folder, thread } = JSON.parse(process.env.MIGRATING)
const worker = new Worker(new URL(thread), { workerData: { folder, readOnly: false } })
worker.on('message', ({ ok, error }) => {
  process.stdout.write(ok ? 'open\n' : `refused ${JSON.stringify(error)}\n`)
  setInterval(() => {}, 1000)
})
worker.postMessage({ id: 1, method: 'open', args: [] })
worker.once('online', () => process.stdout.write('begun\n'))
