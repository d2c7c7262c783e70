/** Stores objects, results, decisions and entries of a reader through the built archive thread until it is killed; prints what was acknowledged. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

const { folder, thread, round, facts, result, finding } = JSON.parse(process.env.STORING)
const worker = new Worker(new URL(thread), { workerData: { folder, readOnly: false } })
const pending = new Map()
worker.on('message', ({ id, ok, value, error }) => {
  const { resolve, reject } = pending.get(id)
  pending.delete(id)
  if (ok) resolve(value)
  else reject(new Error(JSON.stringify(error)))
})
let lastId = 0
const call = (method, ...args) =>
  new Promise((resolve, reject) => {
    pending.set(++lastId, { resolve, reject })
    worker.postMessage({ id: lastId, method, args })
  })

function stage(content) {
  const temporary = randomBytes(12).toString('hex')
  const handle = openSync(join(folder, 'tmp', temporary), 'wx')
  writeSync(handle, content)
  fsyncSync(handle)
  closeSync(handle)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { temporary, sha256, chunks: [sha256], size: content.length }
}

await call('open')
process.stdout.write('opened\n')
for (let study = 1; ; study++) {
  const uid = `${round}.${study}`
  const batch = [1, 2, 3, 4].map((instance) => {
    const own = {
      ...facts,
      studyInstanceUid: `1.2.3.${uid}`,
      seriesInstanceUid: `1.2.3.${uid}.1`,
      sopInstanceUid: `1.2.3.${uid}.1.${instance}`,
    }
    return { ...stage(Buffer.from(JSON.stringify(own).repeat(20))), facts: own, sourceName: 'IM' }
  })
  const [{ studyKey }] = await call('storeInstances', batch)
  for (const item of batch) process.stdout.write(`object ${studyKey} ${item.facts.sopInstanceUid} ${item.sha256}\n`)
  const resultId = randomUUID()
  const findingId = randomUUID()
  const images = batch.map(({ facts: { sopInstanceUid } }) => ({ ...result.images[0], sopInstanceUid }))
  const { images: _images, findings: _findings, structures, incomplete, ...head } = result
  const own = { ...head, resultId, studyInstanceUid: `1.2.3.${uid}`, seriesInstanceUid: `1.2.3.${uid}.1`, imagesTotal: 4 }
  await call('beginResult', studyKey, own)
  for (const image of images) {
    const mask = { label: 'abnormality', kind: 'mask', rows: 8, columns: 8, bytes: new Uint8Array(randomBytes(64)) }
    await call('appendImages', resultId, [{ image, overlays: [mask] }])
    process.stdout.write(`image ${studyKey} ${resultId} ${image.sopInstanceUid}\n`)
  }
  const { gate, overridden, provider, providersFailed, timing, notes } = own
  const ending = { incomplete, structures, gate, overridden, provider, providersFailed, timing, notes }
  await call('finishResult', resultId, { ...ending, findings: [{ ...finding, findingId }] })
  const decision = { decisionId: randomUUID(), findingId, verdict: 'accepted', comment: '' }
  await call('addDecision', studyKey, decision)
  process.stdout.write(`decision ${studyKey} ${decision.decisionId}\n`)
  const missed = {
    kind: 'missed',
    entryId: randomUUID(),
    resultId,
    sopInstanceUid: images[0].sopInstanceUid,
    frameIndex: 0,
    outline: [[1, 2]],
  }
  await call('addReaderEntry', studyKey, missed)
  process.stdout.write(`entry ${studyKey} ${missed.entryId}\n`)
}
