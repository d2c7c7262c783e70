/**
 * A series of 300 CT slices of 512 pixels through the engine: archive, workers and the host's frame service, as a window asks for them.
 *
 * - all frames: from the opening of the study to the last of 300 frames, eight asked for at once, against the sum of the
 *   bare decodes (of bytes in memory, to modality values, one thread) divided by the number of cores.
 * - first pixel: from the request to the frame, against reading and decoding that frame here; threads and decoders are warm.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesSource, fileSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { Engine } from '../../main/host/engine'
import { FrameService } from '../../main/host/archive/frame-service'
import { hostPaths } from '../../main/host/paths'
import { decodeFrame, warmCodecs } from '../../main/pixels/decode-frame'
import { repository } from '../shared-data'
import { encapsulate, syntaxes, type SampleElement } from '../samples/build-object'
import { encode } from '../samples/encode-picture'
import { ctSeries } from './support/ct-series'
import { ctPicture, describeMachine, median, rounds, timed } from './support/measure'

const side = 512
const slices = 300
/** What a window has under way at most. */
const askedAtOnce = 8

const folder = mkdtempSync(join(tmpdir(), 'overread-bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(async () => {
  await warmCodecs()
  console.log(describeMachine())
})

/** JPEG 2000 takes twenty times as long as the others: fewer rounds. */
const forms: readonly {
  name: string
  slow?: boolean
  encoded: (() => Promise<{ pixels: SampleElement; transferSyntax: string }[]>) | null
}[] = [
  { name: 'uncompressed', encoded: null },
  { name: 'JPEG Lossless', encoded: () => compressed('encodeJpeg', syntaxes.jpegLosslessFirstOrder, { predictor: 1, pointTransform: 0 }) },
  { name: 'JPEG-LS', encoded: () => compressed('encodeJpegLs', syntaxes.jpegLsLossless, {}) },
  { name: 'JPEG 2000', slow: true, encoded: () => compressed('encodeJpeg2000', syntaxes.jpeg2000Lossless, {}) },
]

async function compressed(encoder: Parameters<typeof encode>[1], transferSyntax: string, parameters: Record<string, unknown>) {
  const streams = await Promise.all(
    [1, 2, 3, 4].map((seed) => encode({ ...ctPicture(side, seed), bitsStored: 12 }, encoder, { lossy: false, ...parameters })),
  )
  return streams.map((stream) => ({ pixels: [0x7fe00010, 'encapsulated', encapsulate([stream])] as SampleElement, transferSyntax }))
}

test.each(forms)('$name', async ({ name, slow, encoded }) => {
  const source = join(folder, name.replaceAll(' ', '-'))
  mkdirSync(source)
  const streams = await encoded?.()
  const files: { path: string; bytes: Uint8Array }[] = []
  for (const file of ctSeries(side, slices, streams && ((index) => streams[index % streams.length]))) {
    files.push({ path: join(source, file.name), bytes: file.bytes })
    writeFileSync(join(source, file.name), file.bytes)
  }

  const paths = hostPaths(pathToFileURL(join(repository, 'out/node/engine-host.js')).href)
  const engine = await Engine.open({
    archiveFolder: join(source, 'archive'),
    paths,
    startCompute: () => Promise.reject(new Error('not wanted')),
  })
  try {
    engine.pool.warm()
    const { stored, studyKeys } = await engine.importPaths(files.map(({ path }) => path))
    expect(stored).toBe(slices)
    const [studyKey] = studyKeys
    const all: number[] = []
    const cpu = { all: Infinity, bare: Infinity }
    const bare: number[] = []
    const first: number[] = []
    const alone: number[] = []
    // The least of the bare decodes: this thread may be disturbed too.
    for (let round = slow ? 0 : -1; round < (slow ? 2 : rounds); round++) {
      const started = process.cpuUsage()
      const bareMs = await timed(async () => {
        for (const { bytes } of files) await decodeFrame(readDicomObject(bytesSource(bytes)), 0, 'modality')
      })
      const between = process.cpuUsage()
      const allMs = await timed(() => openAll(engine, studyKey))
      if (round < 0) continue
      bare.push(bareMs)
      all.push(allMs)
      cpu.all = Math.min(cpu.all, processorMs(process.cpuUsage(between)))
      cpu.bare = Math.min(cpu.bare, processorMs(between) - processorMs(started))
    }
    const { series } = await engine.archive.studyInOrder(studyKey)
    const order = series.flatMap((one) => one.slices)
    for (let index = 0; index < 60; index++) {
      const { sopInstanceUid, frameIndex } = order[(index * 5) % order.length]
      const service = new FrameService(engine.archive, engine.pool)
      const { path } = files[(index * 5) % files.length]
      const there = await timed(() => service.get(studyKey, sopInstanceUid, frameIndex))
      const here = await timed(async () => {
        const opened = fileSource(path)
        await decodeFrame(readDicomObject(opened), 0, 'modality')
        opened.close()
      })
      if (index < 10) continue
      first.push(there)
      alone.push(here)
    }
    const cores = availableParallelism()
    const [wholeMs, bareMs] = [Math.min(...all), Math.min(...bare)]
    console.log(
      [
        `${name}, ${slices} slices of ${side} × ${side}, ${cores} cores`,
        `  open to all frames ${wholeMs.toFixed(0)} ms, bare decodes ${bareMs.toFixed(0)} ms: ratio to their sum by cores ${((wholeMs * cores) / bareMs).toFixed(2)} (aim 1.2)`,
        `  processor time of all threads ${cpu.all.toFixed(0)} ms, of the bare decodes ${cpu.bare.toFixed(0)} ms: ratio ${(cpu.all / cpu.bare).toFixed(2)}, whatever else the machine does`,
        `  first pixel ${median(first).toFixed(2)} ms, read and decode ${median(alone).toFixed(2)} ms: ratio ${(median(first) / median(alone)).toFixed(2)} (aim 2.0)`,
      ].join('\n'),
    )
  } finally {
    await engine.close()
  }
})

function processorMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}

/** Opens the study and asks for every frame in order, as a window does; with a service of its own, so that none is there already. */
async function openAll(engine: Engine, studyKey: number): Promise<void> {
  const service = new FrameService(engine.archive, engine.pool)
  const { series } = await engine.archive.studyInOrder(studyKey)
  const wanted = series.flatMap((one) => one.slices)
  expect(wanted).toHaveLength(slices)
  let next = 0
  const ask = async () => {
    while (next < wanted.length) {
      const { sopInstanceUid, frameIndex } = wanted[next++]
      await service.get(studyKey, sopInstanceUid, frameIndex)
    }
  }
  await Promise.all(Array.from({ length: askedAtOnce }, ask))
}
