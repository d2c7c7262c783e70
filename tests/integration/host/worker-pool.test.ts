/** A thread that hangs is ended and replaced; what it held up goes on, and the next frame is right. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { decodeAllowanceMs } from '../../../main/host/tasks/decode-with-allowance'
import { WorkerPool } from '../../../main/host/worker-pool'
import { limits } from '../../../main/base/limits'
import { repository } from '../../shared-data'
import { buildObject, encapsulate, pictureElements, syntaxes } from '../../samples/build-object'
import { encode, samplePicture } from '../../samples/encode-picture'

/** The product's worker, in which the frame with the index 99 keeps its thread busy for ever, once its bytes are read. */
const hangingWorker = `
import { parentPort } from 'node:worker_threads'
import { decodeWithAllowance } from '${repository}/main/host/tasks/decode-with-allowance'
import '${repository}/main/host/worker'
parentPort.on('message', ({ input }) => {
  if (input?.frameIndex !== 99) return
  decodeWithAllowance(input.object, 0, input.stage)
  for (;;);
})`

/** States an allowance and answers after a while. */
const slowWorker = `
import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ input }) => {
  if (input.allowMs) parentPort.postMessage({ allowMs: input.allowMs })
  setTimeout(() => parentPort.postMessage({ ok: true, value: 'done' }), input.takesMs)
})`

/** Takes a while to warm and writes down when it begins and ends. */
const warmingWorker = `
import { appendFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
const note = (word) => appendFileSync(new URL('./warmed.txt', import.meta.url), word + ' ')
parentPort.on('message', () => {
  note('begins')
  setTimeout(() => {
    note('ends')
    parentPort.postMessage({ warmed: true })
  }, 50)
})`

const picture = samplePicture({ rows: 33, columns: 47, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: false })
let folder = ''
let hanging: URL
let slow: URL
let path = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-pool-'))
  const entry = join(folder, 'entry.ts')
  writeFileSync(entry, hangingWorker)
  const built = await rolldown({ input: entry, platform: 'node', external: [/^node:/, /^@cornerstonejs\/codec-/, 'dcmjs-codecs'] })
  // Beside the built worker, so that the decoders' packages are found.
  const out = join(repository, 'out/tests/worker-pool')
  await built.write({ dir: out, format: 'esm', entryFileNames: 'hanging.mjs', chunkFileNames: '[name]-[hash].mjs' })
  hanging = pathToFileURL(join(out, 'hanging.mjs'))
  writeFileSync(join(folder, 'slow.mjs'), slowWorker)
  slow = pathToFileURL(join(folder, 'slow.mjs'))
  path = join(folder, 'picture.dcm')
  const stream = await encode(picture, 'encodeJpegLs', { lossy: false })
  writeFileSync(
    path,
    buildObject(pictureElements(picture, [0x7fe00010, 'encapsulated', encapsulate([stream])]), { transferSyntax: syntaxes.jpegLsLossless }),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let pool: WorkerPool
afterEach(() => pool.close())

const decode = (frameIndex: number) => pool.run('frame.decode', { object: { path, chunks: null }, frameIndex, stage: 'stored' })
const bytesOf = ({ samples }: Awaited<ReturnType<typeof decode>>) =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('hex')

test('a decoder that hangs is ended after its picture’s allowance; frames behind it and after it are right', async () => {
  pool = new WorkerPool(hanging, 1)
  const right = Buffer.from(picture.bytes).toString('hex')
  expect(bytesOf(await decode(0))).toBe(right)
  const stuck = decode(99)
  const behind = decode(0)
  await expect(stuck).rejects.toMatchObject({ code: 'worker.stuck' })
  expect(bytesOf(await behind)).toBe(right)
  expect(bytesOf(await decode(0))).toBe(right)
})

test('a pool that was warmed replaces a thread as well', async () => {
  pool = new WorkerPool(hanging, 1)
  pool.warm()
  await expect(decode(99)).rejects.toMatchObject({ code: 'worker.stuck' })
  expect(bytesOf(await decode(0))).toBe(Buffer.from(picture.bytes).toString('hex'))
})

test('threads are warmed one after the other, all of them', async () => {
  writeFileSync(join(folder, 'warming.mjs'), warmingWorker)
  pool = new WorkerPool(pathToFileURL(join(folder, 'warming.mjs')), 3)
  pool.warm()
  const notes = () => (existsSync(join(folder, 'warmed.txt')) ? readFileSync(join(folder, 'warmed.txt'), 'utf8').trim().split(' ') : [])
  await expect.poll(() => notes().length, { timeout: 20_000 }).toBe(6)
  expect(notes()).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends'])
})

describe('what a task states takes the place of what its caller allowed', () => {
  const run = (input: object, timeoutMs: number) => pool.run('frame.decode', input as never, { timeoutMs })
  test('more', async () => {
    pool = new WorkerPool(slow, 1)
    // Its thread has started by then.
    await run({ takesMs: 0 }, 60_000)
    expect(await run({ allowMs: 60_000, takesMs: 1500 }, 1000)).toBe('done')
  })
  test('less', async () => {
    pool = new WorkerPool(slow, 1)
    await expect(run({ allowMs: 50, takesMs: 60_000 }, 60_000)).rejects.toMatchObject({ code: 'worker.stuck' })
  })
  test('and only for the task in hand', async () => {
    pool = new WorkerPool(slow, 1)
    await run({ allowMs: 60_000, takesMs: 0 }, 60_000)
    await expect(run({ takesMs: 60_000 }, 50)).rejects.toMatchObject({ code: 'worker.stuck' })
  })
})

test('the allowance: two seconds for a small picture, minutes for the largest that is read', () => {
  expect(decodeAllowanceMs(256 * 256)).toBeLessThan(2100)
  expect(decodeAllowanceMs(limits.frameSamples)).toBeGreaterThan(120_000)
})
