/**
 * The whole path of a picture (decoded frame in, result out) against bare `session.run` of the same model,
 * with the same threads, in the same minutes: rounds of both take turns. Below 1.10 is the aim.
 *
 * What is added grows with the picture, about 12 ns a pixel of one core for a map with its mask, while the network's tensor stays
 * the same: where the network is quick and the picture large, that and not the network is the time.
 *
 * The path: pre-processing in a worker, tensor to the compute process, its run, outputs back, maps on the
 * source grid with mask and regions in a worker. Decoding is left out on both sides.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PictureModel } from '../../contracts/model-package'
import type { AnalysisServices, AnalysisSlice } from '../../main/host/analysis/analysis-input'
import { analyzeSeries } from '../../main/host/analysis/analyze-series'
import type { DecodedPicture } from '../../main/host/tasks/analysis-decode'
import { goldenInput } from '../../main/inference/golden-case'
import { openOnnxSession } from '../../main/inference/onnx-session'
import { networkThreads } from '../../main/inference/processors'
import { packagePoints } from '../../main/networks/operating-points'
import { readGolden } from '../../main/networks/package'
import { loadPicturePackage, picturePackages } from '../picture-package'
import { startEngine } from '../integration/inference/engine'
import { repository } from '../shared-data'
import { factsWith } from '../unit/networks/facts'
import { bundled } from '../../main/networks/signature'
import { describeMachine, median, timed } from './support/measure'

const rounds = Number(process.env.BENCH_ROUNDS ?? 7)
const picturesInSeries = 12

let engine: ReturnType<typeof startEngine>
beforeAll(() => {
  engine = startEngine()
  console.log(`${describeMachine()}, ${networkThreads()} threads a run`)
})
afterAll(() => engine.stop())

const models = join(repository, 'models')
const folders = picturePackages().map((name) => join(models, name))

describe.each(folders)('%s', (folder) => {
  const sides = folder.includes('brain') ? [256, 512] : [512, 1024, 2048]

  test.each(sides.flatMap((side) => [1, picturesInSeries].map((count) => ({ side, count }))))(
    '$count of $side × $side',
    async ({ side, count }) => {
      const loaded = await loadPicturePackage(folder)
      const { package: model } = loaded
      const picture = await enlarged(folder, model, side)
      const session = await openOnnxSession(loaded, 'cpu')
      const tensor = (await goldenInput(loaded)).values
      const slices = slicesOf(model, side, count)
      const services: AnalysisServices = {
        compute: engine.compute,
        workers: {
          run: (name, input, options) =>
            // The frame is decoded before the clock starts.
            name === 'analysis.decode' ? (Promise.resolve(picture) as never) : engine.workers.run(name, input, options),
        },
      }
      const whole = async () => {
        const analysis = await analyzeSeries(
          {
            model: { package: model, folder, signature: bundled },
            inputCheck: null,
            slices,
            stack: '',
            requested: null,
            override: true,
            provider: 'cpu',
            isVolume: true,
            affine: null,
            operatingPoints: packagePoints(model),
          },
          services,
        )
        expect(analysis.images.filter(({ refused }) => refused === null)).toHaveLength(count)
      }
      const bare = async () => {
        for (let run = 0; run < count * (1 + model.testTimeFlips.length + model.testTimeVariants.length); run++) await session.run(tensor)
      }
      const ratios: number[] = []
      const times = { whole: [] as number[], bare: [] as number[] }
      for (let round = -2; round < rounds; round++) {
        const [wholeMs, bareMs] = [await timed(whole), await timed(bare)]
        if (round < 0) continue
        times.whole.push(wholeMs / count)
        times.bare.push(bareMs / count)
        ratios.push(wholeMs / bareMs)
      }
      await session.release()
      const [ratio, wholeMs, bareMs] = [ratios, times.whole, times.bare].map(median)
      console.log(
        `${model.id} ${side} × ${side}, ${count === 1 ? 'one picture' : `${count} pictures`}: ` +
          `whole ${wholeMs.toFixed(1)} ms, bare ${bareMs.toFixed(1)} ms a picture, ratio ${ratio.toFixed(2)} ` +
          `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
      )
      expect(ratio).toBeGreaterThan(0.5)
    },
  )
})

/** The golden picture at another size, in shared memory, as decoding leaves it. */
async function enlarged(folder: string, model: PictureModel, side: number): Promise<DecodedPicture> {
  const { shape, values } = await readGolden(folder, model.golden.picture)
  const [, rows, columns] = shape
  const from = model.golden.slice * rows * columns
  const whole = model.preprocess.from === 'display'
  const samples = whole ? new Uint8Array(new SharedArrayBuffer(side * side)) : new Int16Array(new SharedArrayBuffer(2 * side * side))
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      samples[row * side + column] = values[from + Math.floor((row * rows) / side) * columns + Math.floor((column * columns) / side)]
    }
  }
  return { picture: { rows: side, columns: side, samples, valid: null }, constant: false, byteLength: samples.byteLength, ms: 0 }
}

function slicesOf({ accepts }: PictureModel, side: number, count: number): AnalysisSlice[] {
  return Array.from({ length: count }, (_, index) => {
    const sopInstanceUid = `1.2.3.${index + 1}`
    const facts = factsWith({ sopInstanceUid, series: { modality: accepts.modality[0] }, image: { rows: side, columns: side } })
    return { sopInstanceUid, frameIndex: 0, object: { path: '', chunks: null }, sha256: '0'.repeat(64), facts, positionMm: 5 * index }
  })
}
