import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analysisResultSchema } from '../../../contracts/analysis'
import type { AnalysisServices } from '../../../main/host/analysis/analysis-input'
import { unsigned } from '../../../main/networks/signature'
import { columns, rows, startAnalysing } from './analysing'
import { writeSlice } from './dicom-series'
import { clientWithProcesses, rejection } from './engine'
import { classifierGraph, identityPackage, slowGraph, stackGraph, writePackage } from './tiny-packages'

const { engine, folderFor, writeSeries, packageOf, analyse, reference } = startAnalysing()

describe('a volume with a spot on three slices', () => {
  test('gives masks on the source grid, one finding, its volume, and a result that fits the contract', async () => {
    const slices = await writeSeries(6, [2, 3, 4])
    const { analysis, images } = await analyse({ model: packageOf('identity'), slices })
    expect(() => analysisResultSchema.parse({ ...analysis, resultId: 'r', createdAt: '2026-01-01T00:00:00Z' })).not.toThrow()
    expect(images.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    const { masks, heatmaps } = images[3]
    expect(masks.spot).toHaveLength(rows * columns)
    expect(masks.spot[22 * columns + 35]).toBe(1)
    expect(masks.spot[10 * columns + 10]).toBe(0)
    expect(heatmaps.spot[22 * columns + 35]).toBeCloseTo(0.9, 1)
    expect(analysis.images[3].maskPixels.spot).toBe(masks.spot.reduce((sum, value) => sum + value, 0))
    expect(analysis.images[0].maskPixels.spot).toBe(0)
    expect(analysis.images[3].probabilities.spot).toBeGreaterThan(0.88)
    expect(analysis.findings).toHaveLength(1)
    const [finding] = analysis.findings
    expect(finding).toMatchObject({ firstSlice: 3, lastSlice: 5, above: true, label: 'spot' })
    // Pixels of 2 × 0.5 mm, slices 7 mm apart.
    expect(finding.volumeMl![0]).toBeCloseTo((finding.pixels! * 7) / 1000, 9)
    expect(finding.pixels).toBeGreaterThan(150)
    expect(finding.pixels).toBeLessThan(300)
    expect(analysis).toMatchObject({
      provider: 'cpu',
      incomplete: null,
      heatmapKind: 'probability',
      hasMasks: true,
      imagesTotal: 6,
      notes: [],
    })
    for (const ms of Object.values(analysis.timing)) expect(ms).toBeGreaterThan(0)
    // Node alone holds this much.
    expect(analysis.computePeakBytes).toBeGreaterThan(2 ** 24)
  })

  test('gives the same mask for one picture as for the series, and decodes no frame twice', async () => {
    const input = identityPackage(32).input
    const model = {
      folder: join(engine.folder, 'stack'),
      package: writePackage(
        join(engine.folder, 'stack'),
        identityPackage(32, {
          input: { ...input, kind: 'stack', shape: [1, 3, 32, 32], stepMm: 7 },
          preprocess: {
            from: 'modality',
            foreground: { threshold: 0.25, ofPercentile: 90 },
            steps: [
              { op: 'orient', row: 'L', column: 'P' },
              { op: 'crop-foreground', minimumFraction: 0.1, margin: 0, shape: 'square', statistics: 'series' },
              { op: 'resize', rows: 32, columns: 32, interpolation: 'area' },
              {
                op: 'scale',
                low: { percentile: 10, of: 'foreground' },
                high: { percentile: 99.9, of: 'foreground' },
                statistics: 'series',
                clip: true,
              },
            ],
          },
        }),
        stackGraph(32),
        (tensor) => ({ map: { shape: [1, 1, 32, 32], values: weighted(tensor) } }),
      ),
      signature: unsigned,
    }
    const slices = await writeSeries(6, [2, 3, 4])
    const decoded: string[] = []
    const workers: AnalysisServices['workers'] = {
      run: (name, task, options) => {
        if (name === 'analysis.decode') decoded.push((task as { object: { path: string } }).object.path)
        return engine.workers.run(name, task, options)
      },
    }
    const whole = await analyse({ model, slices }, { workers })
    expect([...decoded].sort()).toEqual(slices.map(({ object }) => object.path))
    for (const index of [0, 2, 5]) {
      const single = await analyse({ model, slices, requested: [reference(slices[index])] })
      expect(single.images).toHaveLength(1)
      expect(single.images[0].heatmaps.spot).toEqual(whole.images[index].heatmaps.spot)
      expect(single.images[0].masks.spot).toEqual(whole.images[index].masks.spot)
      expect(single.analysis.requested).toEqual([reference(slices[index])])
      // It may go on in slices that were not looked at.
      expect(single.analysis.findings.every(({ volumeMl }) => volumeMl === null)).toBe(true)
    }
    expect(whole.analysis.images[3].maskPixels.spot).toBeGreaterThan(30)
  })

  test('has a range of volume and a note where gaps are uneven', async () => {
    const slices = (await writeSeries(4, [1])).map((slice, index) => ({ ...slice, positionMm: [0, 5, 12, 19][index] }))
    const { analysis } = await analyse({ model: packageOf('identity'), slices })
    const [low, high] = analysis.findings[0].volumeMl!
    expect(high / low).toBeCloseTo(7 / 5, 6)
    expect(analysis.notes).toEqual(['The gaps between slices are uneven: volumes are a range.'])
  })
})

function weighted(tensor: Float32Array): Float32Array {
  const size = tensor.length / 3
  return Float32Array.from({ length: size }, (_, i) => 0.25 * tensor[i] + 0.5 * tensor[size + i] + 0.25 * tensor[2 * size + i])
}

describe('pictures that cannot be analysed are listed, and the rest goes on', () => {
  test('a localiser, a damaged file, a blank slice', async () => {
    const slices = await writeSeries(6, [4], (index, picture) => {
      if (index === 0) return { ...picture, header: { Modality: 'CT' } }
      if (index === 2) return { ...picture, pixels: new Int16Array(rows * columns).fill(7) }
      return picture
    })
    truncateSync(slices[1].object.path, 1500)
    const { analysis, images } = await analyse({ model: packageOf('identity'), slices })
    expect(images.map(({ index }) => index)).toEqual([3, 4, 5])
    expect(analysis.images).toHaveLength(6)
    expect(analysis.images.slice(0, 3).map(({ refused }) => refused?.code)).toEqual([
      'gate.modality',
      expect.stringMatching(/^(file|pixels)\./),
      'inference.constant',
    ])
    expect(analysis).toMatchObject({ incomplete: null, overridden: false, gate: { verdict: 'accepts' } })
    expect(analysis.findings).toHaveLength(1)
  })

  test('what the gate refuses runs on the reader’s word, on record', async () => {
    const slices = await writeSeries(2, [0], (_, picture) => ({ ...picture, header: { Modality: 'CT' } }))
    const model = packageOf('identity')
    const refused = await analyse({ model, slices })
    expect(refused.analysis).toMatchObject({ gate: { verdict: 'contradicts' }, overridden: false, findings: [] })
    expect(refused.analysis.images.every((image) => image.refused?.code === 'gate.modality')).toBe(true)
    const overridden = await analyse({ model, slices, override: true })
    expect(overridden.analysis).toMatchObject({ gate: { verdict: 'contradicts' }, overridden: true })
    expect(overridden.images).toHaveLength(2)
  })

  test('nothing asked for is an error', async () => {
    const slices = await writeSeries(1, [])
    await expect(analyse({ model: packageOf('identity'), slices: [] })).rejects.toEqual(rejection('inference.no-image'))
    await expect(analyse({ model: packageOf('identity'), slices, requested: [{ sopInstanceUid: '9.9', frameIndex: 0 }] })).rejects.toEqual(
      rejection('inference.no-image'),
    )
  })
})

test('a classification gives a score and the local scores behind it, from what is displayed', async () => {
  const folder = join(engine.folder, 'classifier')
  const labels = [{ name: 'shadow', title: 'Shadow' }]
  const description = identityPackage(16, {
    task: 'classification',
    accepts: { modality: ['CR'] },
    preprocess: {
      from: 'display',
      steps: [
        { op: 'crop-valid' },
        { op: 'resize', rows: 16, columns: 16, interpolation: 'area' },
        { op: 'scale', low: { value: 0 }, high: { value: 255 }, statistics: 'slice', clip: true },
      ],
    },
    testTimeFlips: ['columns'],
    outputs: [
      { name: 'logit', kind: 'probabilities', activation: 'sigmoid', labels },
      { name: 'local', kind: 'activation-map', activation: 'sigmoid', labels },
    ],
    operatingPoints: [{ label: 'shadow', name: 'balanced', threshold: 0.4, sensitivity: null, specificity: null, measuredOn: 'nothing' }],
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: { logit: 'logit.npy', local: 'local.npy' }, tolerance: 1e-4 },
  })
  const model = writePackage(folder, description, classifierGraph(16), (tensor) => {
    const local = tensor.map((value) => 8 * value - 4)
    return {
      local: { shape: [1, 1, 16, 16], values: local },
      logit: { shape: [1, 1], values: [local.reduce((sum, value) => sum + value, 0) / 256] },
    }
  })
  // The right half is bright once it is inverted; padding of -2000 on the left is no part of it.
  const pixels = Int16Array.from({ length: 40 * 50 }, (_, i) => (i % 50 < 10 ? -2000 : i % 50 < 30 ? 1000 : 0))
  const header = {
    Modality: 'CR',
    PhotometricInterpretation: 'MONOCHROME1',
    PixelPaddingValue: -2000,
    _vrMap: { PixelPaddingValue: 'SS' },
    WindowCenter: 500,
    WindowWidth: 1000,
  }
  const slices = [writeSlice(folderFor(), 0, { rows: 40, columns: 50, pixels, header }, null)]
  const { analysis, images } = await analyse({ model: { folder, package: model, signature: unsigned }, slices, isVolume: false })
  expect(analysis).toMatchObject({ heatmapKind: 'local-score', hasMasks: false })
  expect(analysis.images[0].probabilities.shadow).toBeCloseTo(0.5, 2)
  expect(analysis.findings).toEqual([
    expect.objectContaining({ kind: 'image', above: true, pixels: null, volumeMl: null, operatingPoint: 0.4 }),
  ])
  expect(images[0].masks).toEqual({})
  const line = images[0].heatmaps.shadow.subarray(20 * 50, 21 * 50)
  expect([line[5], line[15], line[45]].map((value) => Number(value.toFixed(2)))).toEqual([0, 0.02, 0.98])
})

describe('an analysis that is interrupted keeps what was done', () => {
  const side = 256
  const slow = () => {
    const folder = join(engine.folder, 'slow')
    const package_ = writePackage(folder, identityPackage(side), slowGraph(side, 10), () => ({
      map: { shape: [1, 1, side, side], values: new Float32Array(side * side) },
    }))
    return { folder, package: package_, signature: unsigned }
  }

  test('by a cancel', async () => {
    const slices = await writeSeries(8, [])
    const abort = new AbortController()
    const done: number[] = []
    const { analysis } = await analyse(
      { model: slow(), slices },
      { signal: abort.signal, onImage: ({ index }) => void (done.push(index) === 2 && abort.abort()) },
    )
    expect(analysis.incomplete?.code).toBe('compute.cancelled')
    expect(analysis.images.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
      slices.slice(0, 2).map(({ sopInstanceUid }) => sopInstanceUid),
    )
    expect(analysis.imagesTotal).toBe(8)
  })

  test('by the death of the compute process; the next analysis has a new one', async () => {
    const slices = await writeSeries(8, [])
    const model = slow()
    const { client, processes } = clientWithProcesses()
    const { analysis } = await analyse(
      { model, slices },
      { compute: client, onImage: ({ index }) => void (index === 1 && processes[0].kill('SIGKILL')) },
    )
    expect(analysis.incomplete).toEqual({ code: 'compute.died', message: expect.stringContaining('signal SIGKILL') })
    expect(analysis.images.length).toBeGreaterThanOrEqual(2)
    expect(analysis.images.length).toBeLessThan(8)
    const again = await analyse({ model: packageOf('identity'), slices }, { compute: client })
    expect(again.analysis.incomplete).toBeNull()
    expect(again.images).toHaveLength(8)
    expect(processes).toHaveLength(2)
    await client.close()
  })

  test('with nothing done is an error', async () => {
    const slices = await writeSeries(2, [])
    await expect(analyse({ model: packageOf('identity'), slices }, { signal: AbortSignal.abort() })).rejects.toEqual(
      rejection('compute.cancelled'),
    )
  })
})

test('says the same of every picture where nobody takes the maps', async () => {
  const slices = await writeSeries(3, [1])
  const { analysis } = await analyse({ model: packageOf('identity'), slices }, { onImage: undefined })
  expect(analysis.images).toHaveLength(3)
  expect(analysis.findings).toHaveLength(1)
})

test('tells of progress', async () => {
  const told: string[] = []
  const slices = await writeSeries(3, [])
  await analyse({ model: packageOf('identity'), slices }, { onProgress: (done, total, step) => void told.push(`${step} ${done}/${total}`) })
  expect(told).toEqual(['analysing 0/3', 'analysing 1/3', 'analysing 2/3', 'analysing 3/3'])
})
