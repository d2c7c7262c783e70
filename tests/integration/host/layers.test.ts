/** The layers of a network on a picture of the archive, through the real workers and the real compute process. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { valueOfLevel, type LayerMaps } from '../../../contracts/layers'
import type { PictureModel } from '../../../contracts/model-package'
import { SeededRandom } from '../../../main/evaluation/random'
import { listLayers, runLayer } from '../../../main/host/compute/layer-runs'
import { computeStarter } from '../../../main/host/compute/start-compute'
import { Engine } from '../../../main/host/engine'
import { handlersOf, type Handlers } from '../../../main/host/handlers'
import { hostPaths } from '../../../main/host/paths'
import { loadModelPackage, readGolden } from '../../../main/networks/package'
import { repository } from '../../shared-data'
import { writeSlice } from '../inference/dicom-series'
import { integers, type Graph } from '../inference/onnx-writer'
import { identityPackage, writePackage } from '../inference/tiny-packages'

const rows = 45
const columns = 61
const folder = mkdtempSync(join(tmpdir(), 'overread-layers-'))
const picture = { seriesInstanceUid: '1.2.826.0.3', stack: '', sopInstanceUid: '1.2.826.0.1.1', frameIndex: 0 }
/** Where the one bright pixel lies. */
const hot = { row: 11, column: 42 }
let engine: Engine
let handlers: Handlers
let studyKey: number

/** Sobel's two filters on the picture as it is, and their sum of magnitudes as the map. */
const sobel = (height: number, width: number): Graph => ({
  nodes: [
    { op: 'Conv', inputs: ['image', 'sobel'], outputs: ['edges'], attributes: [integers('pads', [1, 1, 1, 1])] },
    { op: 'Abs', inputs: ['edges'], outputs: ['strength'] },
    { op: 'Conv', inputs: ['strength', 'both'], outputs: ['total'] },
    { op: 'Sigmoid', inputs: ['total'], outputs: ['map'] },
  ],
  weights: [
    { name: 'sobel', shape: [2, 1, 3, 3], values: [-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1] },
    { name: 'both', shape: [1, 2, 1, 1], values: [1, 1] },
  ],
  inputs: { image: [1, 1, height, width] },
  outputs: { map: [1, 1, height, width] },
})

/** A package of which no golden case is asked. */
function packageOf(id: string, [channels, height, width]: readonly [number, number, number]): PictureModel {
  const plain = identityPackage(8)
  return {
    ...plain,
    id,
    input: { ...plain.input, kind: channels === 1 ? 'image' : 'stack', shape: [1, channels, height, width] },
    preprocess: {
      ...plain.preprocess,
      steps: [
        { op: 'resize', rows: height, columns: width, interpolation: 'area' },
        { op: 'scale', low: { value: 0 }, high: { value: 1000 }, statistics: 'slice', clip: true },
      ],
    },
  }
}

const writeSobel = (name: string, height: number, width: number) =>
  writePackage(join(folder, 'models', name), packageOf(name, [1, height, width]), sobel(height, width), () => ({
    map: { shape: [1], values: [0] },
  }))

beforeAll(async () => {
  writeSobel('sobel', rows, columns)
  writeSobel('small', 17, 23)
  const paths = { ...hostPaths(pathToFileURL(join(repository, 'out/node/cli.js')).href), models: [join(folder, 'models')] }
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute: computeStarter(paths.compute) })
  handlers = handlersOf(engine)
  const files = join(folder, 'files')
  mkdirSync(files)
  const pixels = new Int16Array(rows * columns).fill(100)
  pixels[hot.row * columns + hot.column] = 900
  writeSlice(files, 0, { rows, columns, pixels }, 0)
  studyKey = (await engine.importPaths([files])).studyKeys[0]
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const mapsOf = async (modelId: string, layer: number, first = 0) => handlers['layers.maps']({ studyKey, ...picture, modelId, layer, first })
const asMaps = (maps: LayerMaps) => {
  if (maps.form !== 'maps') throw new Error('no maps')
  return maps
}

describe('a network of Sobel filters', () => {
  test('is listed with shapes, weights and words', async () => {
    const { layers, after } = await handlers['layers.list']({ modelId: 'sobel' })
    expect(layers.map(({ title, shape, weights }) => ({ title, shape, weights }))).toEqual([
      { title: 'Convolution', shape: [1, 2, rows, columns], weights: 18 },
      { title: 'Abs', shape: [1, 2, rows, columns], weights: 0 },
      { title: 'Convolution', shape: [1, 1, rows, columns], weights: 2 },
      { title: 'Sigmoid', shape: [1, 1, rows, columns], weights: 0 },
    ])
    expect(after).toEqual([])
  })

  test('gives around one bright pixel the filters themselves, turned about, times its height', async () => {
    const { maps, bytes } = await mapsOf('sobel', 0)
    const { scale, rows: height, columns: width } = asMaps(maps)
    expect([height, width, asMaps(maps).total]).toEqual([rows, columns, 2])
    const level = (map: number, row: number, column: number) =>
      valueOfLevel(bytes![(map * rows + hot.row + row) * columns + hot.column + column], scale)
    const half = (scale[1] - scale[0]) / 254 / 2 + 1e-6
    const across = [-1, 0, 1, -2, 0, 2, -1, 0, 1]
    for (let row = -1; row <= 1; row++)
      for (let column = -1; column <= 1; column++) {
        // Correlation: the filter's value at (r, c) meets the pixel from (-r, -c). 0.8 is the height over what lies around.
        expect(Math.abs(level(0, row, column) - 0.8 * across[(1 - row) * 3 + 1 - column])).toBeLessThanOrEqual(half)
        expect(Math.abs(level(1, row, column) - 0.8 * across[(1 - column) * 3 + 1 - row])).toBeLessThanOrEqual(half)
      }
    // Two pixels on the ground is level.
    expect(Math.abs(level(0, 2, 2))).toBeLessThanOrEqual(half)
  })

  test('the same layer again is not computed again', async () => {
    const [one, other] = [await mapsOf('sobel', 1), await mapsOf('sobel', 1)]
    expect(other.bytes).toBe(one.bytes)
  })

  test.each([
    { modelId: 'sobel', within: 0 },
    // 17 × 23 from 45 × 61: a pixel of the map is 2.65 of the picture.
    { modelId: 'small', within: 1.35 },
  ])('laid over the picture the edges of the bright pixel lie around it ($modelId)', async ({ modelId, within }) => {
    const overlay = await handlers['layers.overlay']({ studyKey, ...picture, modelId, layer: 2, first: 0, map: 0 })
    expect([overlay.rows, overlay.columns, overlay.bytes.length]).toEqual([rows, columns, rows * columns])
    // The frame of the picture is an edge as well: zeros lie around it.
    const inner = [...overlay.bytes].map((level, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns]
      return row < 6 || row >= rows - 6 || column < 6 || column >= columns - 6 ? 0 : level - 1
    })
    const sum = inner.reduce((total, level) => total + level, 0)
    const row = inner.reduce((total, level, at) => total + level * Math.floor(at / columns), 0) / sum
    const column = inner.reduce((total, level, at) => total + level * (at % columns), 0) / sum
    expect(Math.abs(row - hot.row)).toBeLessThanOrEqual(within + 0.01)
    expect(Math.abs(column - hot.column)).toBeLessThanOrEqual(within + 0.01)
  })

  test('a layer, a map, a picture or a model that is not there is refused with a word', async () => {
    await expect(mapsOf('sobel', 99)).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(handlers['layers.overlay']({ studyKey, ...picture, modelId: 'sobel', layer: 2, first: 0, map: 1 })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    await expect(
      handlers['layers.maps']({ studyKey, ...picture, sopInstanceUid: '1.2', modelId: 'sobel', layer: 0, first: 0 }),
    ).rejects.toMatchObject({ code: 'archive.missing' })
    await expect(handlers['layers.list']({ modelId: 'none' })).rejects.toMatchObject({ code: 'model.missing' })
  })

  test('of those asked for while one runs only the newest is run', async () => {
    await handlers['layers.close']({})
    const asked = [0, 1, 2, 3].map((layer) =>
      mapsOf('small', layer).then(
        () => 'given',
        (error: { code: string }) => error.code,
      ),
    )
    expect(await Promise.all(asked)).toEqual(['compute.cancelled', 'compute.cancelled', 'compute.cancelled', 'given'])
  })
})

const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import scipy.signal'], { stdio: 'ignore' }).status === 0,
)

test.skipIf(!python)('padded, strided and dilated convolutions are those of SciPy', async () => {
  const random = new SeededRandom(11)
  const draw = (...shape: number[]) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((product, side) => product * side, 1) }, () => (random.below(2001) - 1000) / 1000),
  })
  const tensors = { image: draw(1, 3, 19, 26), w1: draw(5, 3, 3, 3), b1: draw(5), w2: draw(4, 5, 3, 3), b2: draw(4) }
  const model = packageOf('two', [3, 19, 26])
  const target = join(folder, 'two')
  const { sha256 } = writePackage(
    target,
    model,
    {
      nodes: [
        { op: 'Conv', inputs: ['image', 'w1', 'b1'], outputs: ['a'], attributes: [integers('pads', [1, 1, 1, 1])] },
        { op: 'Relu', inputs: ['a'], outputs: ['b'] },
        {
          op: 'Conv',
          inputs: ['b', 'w2', 'b2'],
          outputs: ['map'],
          attributes: [integers('pads', [2, 2, 2, 2]), integers('strides', [2, 2]), integers('dilations', [2, 2])],
        },
      ],
      weights: (['w1', 'b1', 'w2', 'b2'] as const).map((name) => ({ name, ...tensors[name] })),
      inputs: { image: [1, 3, 19, 26] },
      outputs: { map: [1, 4, 10, 13] },
    },
    () => ({ map: { shape: [1], values: [0] } }),
  )
  const plainArrays = Object.fromEntries(Object.entries(tensors).map(([name, { shape, values }]) => [name, { shape, values: [...values] }]))
  const script = join(repository, 'tests/integration/host/convolution-oracle.py')
  const { stdout, stderr } = spawnSync(python!, [script], { input: JSON.stringify(plainArrays), encoding: 'utf8' })
  expect(stderr).toBe('')
  const expected = JSON.parse(stdout) as { first: number[]; second: number[]; shape: number[] }
  for (const [layer, values] of [
    [1, expected.first],
    [2, expected.second],
  ] as const) {
    const { maps, levels } = await runLayer({ folder: target, sha256 }, layer, 0, tensors.image.values)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    expect(maps.scale[0]).toBeCloseTo(low, 4)
    expect(maps.scale[1]).toBeCloseTo(high, 4)
    const half = (high - low) / 254 / 2 + 1e-4
    expect(levels).toHaveLength(values.length)
    for (const [at, level] of levels.entries()) expect(Math.abs(valueOfLevel(level, maps.scale) - values[at])).toBeLessThanOrEqual(half)
    const { maps: statistics } = asMaps(maps)
    const size = values.length / statistics.length
    for (const [index, { mean, zeros }] of statistics.entries()) {
      const own = values.slice(index * size, (index + 1) * size)
      expect(mean).toBeCloseTo(own.reduce((sum, value) => sum + value, 0) / size, 4)
      expect(zeros).toBeCloseTo(own.filter((value) => value === 0).length / size, 6)
    }
  }
  expect(expected.shape).toEqual([4, 10, 13])
})

test.each(['brain-flair-abnormality', 'chest-input-check', 'chest-lungs', 'chest-pneumonia'])(
  'every layer of %s has its shape, and the last maps are what the package stores as its golden output',
  async (name) => {
    const loaded = await loadModelPackage(join(repository, 'models', name))
    const model = { folder: loaded.folder, sha256: loaded.package.sha256 }
    const layers = await listLayers(model)
    expect(layers.length).toBeGreaterThan(20)
    expect(layers.filter(({ shape }) => shape === null || shape.includes(null))).toEqual([])
    expect(layers.every(({ inputs }, place) => inputs.length > 0 && inputs.every((from) => from < place))).toBe(true)
    const [output] = loaded.package.outputs
    const last = layers.findIndex(({ name: value }) => value === output.name)
    const input = await readGolden(loaded.folder, loaded.package.golden.input)
    const expected = await readGolden(loaded.folder, loaded.package.golden.outputs[output.name])
    const { maps, levels } = await runLayer(model, last, 0, Float32Array.from(input.values))
    const given = maps.form === 'values' ? maps.values : [...levels].map((level) => valueOfLevel(level, maps.scale))
    const half = maps.form === 'values' ? 0 : (maps.scale[1] - maps.scale[0]) / 254 / 2
    expect(given).toHaveLength(expected.values.length)
    for (const [at, value] of given.entries())
      expect(Math.abs(value - expected.values[at])).toBeLessThanOrEqual(half + loaded.package.golden.tolerance)
  },
)

test('a package whose weights are not those it names is refused before anything runs', async () => {
  const copy = join(folder, 'changed')
  writeSobel('other', 9, 9)
  mkdirSync(copy)
  for (const file of ['model.json', 'model.onnx']) writeFileSync(join(copy, file), readFileSync(join(folder, 'models/other', file)))
  writeFileSync(join(copy, 'model.onnx'), Buffer.concat([readFileSync(join(copy, 'model.onnx')), Buffer.from([0x32, 0x00])]))
  const { sha256 } = JSON.parse(readFileSync(join(copy, 'model.json'), 'utf8')) as { sha256: string }
  await expect(listLayers({ folder: copy, sha256 })).rejects.toMatchObject({ code: 'model.hash' })
})
