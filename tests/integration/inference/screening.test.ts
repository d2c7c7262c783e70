/** Whether pixels are what a network reads: its input check, and the distance from its training data. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { sampledPlaces } from '../../../main/host/analysis/pixel-screening'
import { unsigned } from '../../../main/networks/signature'
import { startAnalysing } from './analysing'
import { identityPackage, writePackage } from './tiny-packages'

const { engine, writeSeries, packageOf, analyse, reference } = startAnalysing()
const side = 32

/** The mean of the input times ten as the distance; the middle channel as the map. */
function distantPackage(name: string, of: 'picture' | 'series', channels: 1 | 3, changes: Partial<PictureModel> = {}) {
  const folder = join(engine.folder, name)
  const shape: [1, number, number, number] = [1, channels, side, side]
  const description = identityPackage(side, {
    input: { name: 'image', kind: channels === 1 ? 'image' : 'stack', shape, layout: 'NCHW', type: 'float32' },
    distribution: { output: 'distance', of, threshold: 3, measuredOn: 'nothing' },
    golden: {
      picture: 'picture.npy',
      slice: 0,
      input: 'input.npy',
      outputs: { map: 'map.npy', distance: 'distance.npy' },
      tolerance: 1e-4,
    },
    ...changes,
  })
  const middle = channels === 1 ? [1] : [0, 1, 0]
  const mean = channels === 1 ? [10] : [0, 10, 0]
  const graph = {
    nodes: [
      { op: 'Conv', inputs: ['image', 'middle'], outputs: ['map'] },
      { op: 'Conv', inputs: ['image', 'tenfold'], outputs: ['scaled'] },
      { op: 'GlobalAveragePool', inputs: ['scaled'], outputs: ['pooled'] },
      { op: 'Reshape', inputs: ['pooled', 'flat'], outputs: ['distance'] },
    ],
    weights: [
      { name: 'middle', shape: [1, channels, 1, 1], values: middle },
      { name: 'tenfold', shape: [1, channels, 1, 1], values: mean },
    ],
    shapes: [{ name: 'flat', shape: [2], values: [1, 1] }],
    inputs: { image: shape },
    outputs: { map: [1, 1, side, side], distance: [1, 1] },
  }
  const model = writePackage(folder, description, graph, (input) => {
    const size = side * side
    const map = channels === 1 ? input : input.subarray(size, 2 * size)
    return {
      map: { shape: [1, 1, side, side], values: map },
      distance: { shape: [1, 1], values: [(10 * map.reduce((sum, value) => sum + value, 0)) / size] },
    }
  })
  return { folder, package: model, signature: unsigned }
}

/** Says `dark` of pictures whose mean is below a fifth of the scale, else `bright`. */
function checkPackage() {
  const folder = join(engine.folder, 'brightness-check')
  const description = identityPackage(side, {
    id: 'brightness-check',
    title: 'Brightness check',
    task: 'input-check',
    outputs: [
      {
        name: 'logits',
        kind: 'probabilities',
        activation: 'softmax',
        labels: [
          { name: 'dark', title: 'dark picture' },
          { name: 'bright', title: 'bright all over' },
        ],
      },
    ],
    operatingPoints: [{ label: 'dark', name: 'even', threshold: 0.5, sensitivity: null, specificity: null, measuredOn: 'nothing' }],
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: { logits: 'logits.npy' }, tolerance: 1e-4 },
  })
  const graph = {
    nodes: [
      { op: 'Conv', inputs: ['image', 'weights', 'bias'], outputs: ['local'] },
      { op: 'GlobalAveragePool', inputs: ['local'], outputs: ['pooled'] },
      { op: 'Reshape', inputs: ['pooled', 'flat'], outputs: ['logits'] },
    ],
    weights: [
      { name: 'weights', shape: [2, 1, 1, 1], values: [-20, 20] },
      { name: 'bias', shape: [2], values: [8, -8] },
    ],
    shapes: [{ name: 'flat', shape: [2], values: [1, 2] }],
    inputs: { image: [1, 1, side, side] },
    outputs: { logits: [1, 2] },
  }
  const model = writePackage(folder, description, graph, (input) => {
    const mean = input.reduce((sum, value) => sum + value, 0) / input.length
    return { logits: { shape: [1, 2], values: [8 - 20 * mean, 20 * mean - 8] } }
  })
  return { folder, package: model, signature: unsigned }
}

/** Heads of 400 have a mean of about 240; these lie far above it. */
const bright = (index: number, picture: Parameters<NonNullable<Parameters<typeof writeSeries>[2]>>[1]) => ({
  ...picture,
  pixels: picture.pixels.map((value) => value + 500 + index),
})

describe('the distance of a picture', () => {
  test('withholds what lies too far, says so, and leaves the others', async () => {
    const slices = await writeSeries(3, [1], (index, picture) => (index === 2 ? bright(index, picture) : picture))
    const { analysis, images } = await analyse({ model: distantPackage('distant', 'picture', 1), slices })
    expect(images.map(({ index }) => index)).toEqual([0, 1])
    const [near, , far] = analysis.images
    expect(near.screening?.distance).toMatchObject({ threshold: 3 })
    expect(near.screening!.distance!.value).toBeLessThan(3)
    expect(far.refused).toMatchObject({ code: 'gate.distribution', message: expect.stringMatching(/distance 7\.\d.*at most 3\.0/) })
    expect(far.screening!.distance!.value).toBeGreaterThan(7)
    expect(analysis.gate).toMatchObject({ verdict: 'accepts', contradictions: [{ code: 'gate.distribution' }] })
    expect(analysis.overridden).toBe(false)
  })

  test('runs on the reader’s word, on record', async () => {
    const slices = await writeSeries(1, [], bright)
    const model = distantPackage('distant-anyway', 'picture', 1)
    const refused = await analyse({ model, slices })
    expect(refused.analysis.gate.verdict).toBe('contradicts')
    expect(refused.images).toEqual([])
    const { analysis, images } = await analyse({ model, slices, override: true })
    expect(images).toHaveLength(1)
    expect(analysis).toMatchObject({ overridden: true, gate: { contradictions: [{ code: 'gate.distribution' }] } })
    expect(analysis.images[0].refused).toBeNull()
  })
})

describe('the distance of a series', () => {
  test('is the median of sampled slices, whichever picture was asked for, and no slice runs twice', async () => {
    // A third of the slices is bright: the median is not.
    const slices = await writeSeries(12, [5], (index, picture) => (index % 3 === 0 ? bright(index, picture) : picture))
    const model = distantPackage('distant-series', 'series', 3)
    let runs = 0
    const compute = {
      prepare: engine.compute.prepare.bind(engine.compute),
      run: (...all: Parameters<typeof engine.compute.run>) => (runs++, engine.compute.run(...all)),
    }
    const whole = await analyse({ model, slices }, { compute })
    expect(runs).toBe(12)
    expect(whole.images).toHaveLength(12)
    const one = await analyse({ model, slices, requested: [reference(slices[0])] })
    expect(one.analysis.screening).toEqual(whole.analysis.screening)
    expect(one.analysis.screening!.distance!.value).toBeLessThan(3)
    expect(one.analysis.images[0].screening).toBeNull()
  })

  test('withholds the whole', async () => {
    const slices = await writeSeries(5, [], bright)
    const { analysis, images } = await analyse({ model: distantPackage('distant-all', 'series', 3), slices })
    expect(images).toEqual([])
    expect(analysis.gate).toMatchObject({ verdict: 'contradicts', contradictions: [{ code: 'gate.distribution' }] })
    expect(analysis.images.map(({ refused }) => refused?.code)).toEqual(Array(5).fill('gate.distribution'))
    expect(analysis.images[0].refused!.message).toMatch(/^This series is unlike/)
  })
})

describe('an input check', () => {
  const accepts = { modality: ['MR'], pixels: { model: 'brightness-check', label: 'dark' } }

  test('refuses a picture in its own words', async () => {
    const slices = await writeSeries(2, [], (index, picture) => (index === 1 ? bright(index, picture) : picture))
    const inputCheck = checkPackage()
    const { analysis } = await analyse({ model: packageOf('checked', { accepts }, side), inputCheck, slices })
    const [dark, light] = analysis.images
    expect(dark.refused).toBeNull()
    expect(dark.screening!.inputCheck).toMatchObject({ model: { id: 'brightness-check', sha256: inputCheck.package.sha256 } })
    expect(dark.screening!.inputCheck!.probabilities.dark).toBeGreaterThan(0.9)
    expect(light.refused).toEqual({
      code: 'gate.pixels',
      message: 'This picture looks bright all over (1.00), not like a dark picture; by Brightness check 1.0.0.',
    })
  })

  test('of a stack is asked of the stack', async () => {
    const slices = await writeSeries(6, [], bright)
    const model = distantPackage('checked-stack', 'series', 3, { accepts, distribution: undefined })
    const { analysis, images } = await analyse({ model, inputCheck: checkPackage(), slices })
    expect(images).toEqual([])
    expect(analysis.gate.contradictions).toEqual([expect.objectContaining({ code: 'gate.pixels' })])
    expect(analysis.gate.contradictions[0].message).toMatch(/^This series looks bright/)
  })

  test('that is not installed is said not to have been asked', async () => {
    const slices = await writeSeries(1, [])
    const { analysis } = await analyse({ model: packageOf('unchecked', { accepts }, side), slices })
    expect(analysis.images[0].refused).toBeNull()
    expect(analysis.gate).toMatchObject({
      verdict: 'unknown',
      unchecked: ['the pixels (the input check brightness-check is not installed)'],
    })
  })
})

test('places are sampled evenly from the middle of a stack', () => {
  expect(sampledPlaces(1)).toEqual([0])
  expect(sampledPlaces(3)).toEqual([0, 1, 2])
  expect(sampledPlaces(20)).toEqual([3, 5, 6, 8, 10, 11, 13, 14, 16])
  const many = sampledPlaces(400)
  expect(many).toHaveLength(9)
  expect(many[0]).toBeGreaterThan(60)
  expect(many.at(-1)).toBeLessThan(340)
  expect(new Set(many).size).toBe(9)
})

test('variants give findings an interval, and the mask a greater one around it', async () => {
  const slices = await writeSeries(4, [1, 2])
  const variants = [
    { shift: [0, 0] as [number, number], gain: 1.3, offset: 0 },
    { shift: [1, 1] as [number, number], gain: 0.9, offset: 0 },
  ]
  const plain = await analyse({ model: packageOf('no-variants', {}, side), slices })
  const clipped = packageOf('variants', { testTimeVariants: variants, preprocess: halved() }, side)
  const { analysis, images } = await analyse({ model: clipped, slices })
  expect(plain.analysis.findings[0].interval).toBeNull()
  expect(plain.images[1].possibleMasks).toEqual({})
  const [finding] = analysis.findings
  const [low, high] = finding.interval!
  expect(low).toBeLessThan(finding.score)
  expect(high).toBeGreaterThan(finding.score * 1.2)
  const { masks, possibleMasks } = images[1]
  const pixels = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0)
  expect(pixels(possibleMasks.spot)).toBeGreaterThan(pixels(masks.spot))
  expect(masks.spot.every((value, index) => value <= possibleMasks.spot[index])).toBe(true)
})

/** Scaled so that the spot lies at 0.6 and 1.3 times as much is no more than 1. */
function halved(): PictureModel['preprocess'] {
  return {
    from: 'modality',
    steps: [
      { op: 'resize', rows: side, columns: side, interpolation: 'area' },
      { op: 'scale', low: { value: 0 }, high: { value: 1500 }, statistics: 'slice', clip: true },
    ],
  }
}
