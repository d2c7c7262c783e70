/** A network of volumes over a series, through the real workers and the real compute process. */
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { analysisResultSchema, unlabelledNote } from '../../../contracts/analysis'
import type { VolumeModel } from '../../../contracts/model-package'
import { orderedStacks } from '../../../main/host/archive/series-detail'
import { analysisSlice, type AnalysedImage, type AnalysisSlice, type VolumeInput } from '../../../main/host/analysis/analysis-input'
import { analyzeVolume } from '../../../main/host/analysis/volume/analyze-volume'
import { unsigned } from '../../../main/networks/signature'
import { startAnalysing } from './analysing'
import { writeSlice } from './dicom-series'
import { writeVolumePackage } from './volume-packages'

const { engine, folderFor } = startAnalysing()

/** mm in the patient: a ball of radius 12 about 3, -4, 6, bright, and in it a smaller one, brighter. Values differ a little throughout. */
function valueAt(x: number, y: number, z: number): number {
  const far = (cx: number, cy: number, cz: number) => Math.hypot(x - cx, y - cy, z - cz)
  const base = far(5, -2, 6) < 6 ? 1000 : far(3, -4, 6) < 12 ? 500 : 0
  return base === 0 ? 0 : base + (((Math.round(x * 7 + y * 5 + z * 3) % 7) + 7) % 7)
}

interface Storage {
  readonly count: number
  readonly rows: number
  readonly columns: number
  readonly orientation: readonly number[]
  readonly spacing: readonly [number, number]
  /** mm from a slice to the next. */
  readonly step: readonly [number, number, number]
  /** Index of a slice to the steps it lies from the first. */
  readonly place?: (index: number) => number
}
const axial: Storage = { count: 17, rows: 32, columns: 36, orientation: [1, 0, 0, 0, 1, 0], spacing: [1.1, 0.9], step: [0, 0, 2] }
const storages: Record<string, Storage> = {
  axial,
  'axial, each slice stored before the one below it': { ...axial, place: (index) => 16 - index },
  'axial, seen from the head': { ...axial, orientation: [1, 0, 0, 0, -1, 0] },
  'axial with a tilted gantry': { ...axial, step: [0, 0.4, 2] },
  coronal: { count: 18, rows: 32, columns: 36, orientation: [1, 0, 0, 0, 0, -1], spacing: [1, 0.9], step: [0, 1.8, 0] },
  sagittal: { count: 18, rows: 32, columns: 36, orientation: [0, 1, 0, 0, 0, -1], spacing: [1, 0.9], step: [1.8, 0, 0] },
}

function positionsOf({ count, rows, columns, orientation, spacing, step, place = (index) => index }: Storage) {
  const along = (axis: number) => [orientation[axis] * spacing[1], orientation[axis + 3] * spacing[0], step[axis]]
  const halves = [(columns - 1) / 2, (rows - 1) / 2, (count - 1) / 2]
  const origin = [3, -4, 6].map((centre, axis) => centre - along(axis).reduce((sum, each, of) => sum + each * halves[of], 0))
  return (index: number, row: number, column: number) =>
    [0, 1, 2].map((axis) => origin[axis] + along(axis)[0] * column + along(axis)[1] * row + along(axis)[2] * place(index))
}

/** The series as files, and as an analysis takes it. */
function writeStorage(storage: Storage): Pick<VolumeInput, 'slices' | 'affine' | 'isVolume'> {
  const folder = folderFor()
  const at = positionsOf(storage)
  const { count, rows, columns, orientation, spacing } = storage
  const written = Array.from({ length: count }, (_, index): AnalysisSlice => {
    const pixels = new Int16Array(rows * columns)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const [x, y, z] = at(index, row, column)
        pixels[row * columns + column] = valueAt(x, y, z)
      }
    const header = {
      ImageOrientationPatient: [...orientation],
      ImagePositionPatient: at(index, 0, 0).map((value) => Number(value.toFixed(5))),
      PixelSpacing: [...spacing],
    }
    return writeSlice(folder, index, { rows, columns, pixels, header }, null)
  })
  const [stack] = orderedStacks({ instances: written.map(({ facts, sha256 }) => ({ facts, sha256, size: 0, path: '' })) })
  const objects = new Map(written.map(({ sopInstanceUid, object }) => [sopInstanceUid, object]))
  return {
    isVolume: stack.isVolume,
    affine: stack.affine,
    slices: stack.slices.map((slice) => analysisSlice(slice, objects.get(slice.sopInstanceUid)!)),
  }
}

async function analyse(
  series: Pick<VolumeInput, 'slices' | 'affine' | 'isVolume'>,
  model: VolumeInput['model'],
  changes: Partial<VolumeInput> = {},
) {
  const images: AnalysedImage[] = []
  const steps: string[] = []
  const analysis = await analyzeVolume(
    { ...series, model, cropModel: null, stack: '', requested: null, override: false, provider: 'cpu', ...changes },
    {
      workers: engine.workers,
      compute: engine.compute,
      onImage: (image) => void images.push(image),
      onProgress: (done, total, step) => void steps.push(`${step} ${done} of ${total}`),
    },
  )
  return { analysis, images, steps }
}

function packageOf(name: string, changes: Partial<VolumeModel> = {}): VolumeInput['model'] {
  const folder = join(engine.folder, name)
  return { folder, package: writeVolumePackage(folder, changes), signature: unsigned }
}

/** Of the maps against what the anatomy says at each voxel of the series. */
function diceOf(images: readonly AnalysedImage[], series: Pick<VolumeInput, 'slices'>, storage: Storage, label: number): number {
  const at = positionsOf({ ...storage, place: undefined })
  const last = storage.count - 1
  const first = series.slices[0].facts.image!.geometry[0].position!
  const rises = Math.hypot(...at(0, 0, 0).map((value, axis) => value - first[axis])) < 0.01
  let [both, sum] = [0, 0]
  for (const { index, labelMap, rows, columns } of images) {
    for (let pixel = 0; pixel < labelMap!.length; pixel++) {
      const [x, y, z] = at(rises ? index : last - index, Math.floor(pixel / columns), pixel % columns)
      const value = valueAt(x, y, z)
      const wanted = (value >= 1000 ? 2 : value >= 500 ? 1 : 0) === label
      const found = labelMap![pixel] === label
      both += Number(wanted && found)
      sum += Number(wanted) + Number(found)
    }
    expect(labelMap).toHaveLength(rows * columns)
  }
  return (2 * both) / sum
}

test.each(Object.keys(storages))('labels lie on the anatomy: %s', async (name) => {
  const series = writeStorage(storages[name])
  const { analysis, images, steps } = await analyse(series, packageOf('plain'))
  expect(() => analysisResultSchema.parse({ ...analysis, resultId: 'r', createdAt: '2026-01-01T00:00:00Z' })).not.toThrow()
  expect(analysis).toMatchObject({ incomplete: null, hasLabelMaps: true, findings: [], imagesTotal: storages[name].count })
  expect(diceOf(images, series, storages[name], 2)).toBeGreaterThan(0.9)
  expect(diceOf(images, series, storages[name], 1)).toBeGreaterThan(0.88)
  // Of a ball of 12 mm without the one of 6 mm in it, and of that.
  const [body, core] = analysis.structures
  expect(body).toMatchObject({ label: 'body', title: 'Body', number: 1 })
  expect(core.volumeMl).toBeCloseTo(((4 / 3) * Math.PI * 6 ** 3) / 1000, 1)
  expect(Math.abs(body.volumeMl - ((4 / 3) * Math.PI * (12 ** 3 - 6 ** 3)) / 1000)).toBeLessThan(0.6)
  expect(core.firstSlice).toBeGreaterThan(body.firstSlice)
  expect(steps).toContain(`reading ${storages[name].count} of ${storages[name].count}`)
  expect(steps.at(-1)).toBe(`analysing ${storages[name].count} of ${storages[name].count}`)
})

test('a window that slides gives the same map as one run', async () => {
  const series = writeStorage(axial)
  const whole = await analyse(series, packageOf('plain'))
  const sliding = packageOf('sliding', {
    input: { name: 'volume', kind: 'volume', axes: ['L', 'F', 'A'], sides: [12, 10, 16], layout: 'NCDHW', type: 'float32' },
    slidingWindow: { overlap: 0.5, sigmaShare: 0.25 },
  })
  const windowed = await analyse(series, sliding)
  expect(windowed.images.map(({ labelMap }) => labelMap)).toEqual(whole.images.map(({ labelMap }) => labelMap))
  expect(windowed.analysis.structures).toEqual(whole.analysis.structures)
})

test('classes may count as one label, and another network may say where this one looks', async () => {
  const series = writeStorage(axial)
  const pointing = packageOf('pointing')
  const labels = packageOf('plain').package.outputs[0].labels.slice(0, 2)
  const pointed = packageOf('pointed', {
    id: 'pointed',
    outputs: [{ name: 'scores', kind: 'label-map', labels, countsAs: [0, 1, 1] }],
    preprocess: { ...pointing.package.preprocess, crop: { to: { model: 'tiny-volume' }, marginVoxels: 0 } },
  })
  await expect(analyse(series, pointed)).rejects.toMatchObject({ code: 'model.needs-other' })
  const alone = await analyse(series, pointing)
  const { analysis } = await analyse(series, pointed, { cropModel: pointing })
  expect(analysis.structures).toHaveLength(1)
  expect(analysis.structures[0].voxels).toBe(alone.analysis.structures.reduce((sum, { voxels }) => sum + voxels, 0))
  expect(alone.analysis.unlabelled).toBeNull()
  expect(analysis.unlabelled).toEqual({ by: pointing.package.title, share: 0 })
  const otherGrid = packageOf('other-grid', {
    preprocess: { ...pointing.package.preprocess, conform: { ...pointing.package.preprocess.conform, sides: [41, 40, 40] } },
  })
  await expect(analyse(series, pointed, { cropModel: otherGrid })).rejects.toMatchObject({ code: 'model.needs-other' })
})

test('what of the outline of the other network got no label is told', async () => {
  const pointing = packageOf('pointing')
  const core = packageOf('core', {
    id: 'core',
    outputs: [{ name: 'scores', kind: 'label-map', labels: pointing.package.outputs[0].labels.slice(0, 2), countsAs: [0, 0, 1] }],
    preprocess: { ...pointing.package.preprocess, crop: { to: { model: 'tiny-volume' }, marginVoxels: 0 } },
  })
  const { analysis } = await analyse(writeStorage(axial), core, { cropModel: pointing })
  // A ball of 12 mm, of which the network labels that of 6 mm in it.
  expect(Math.abs(analysis.unlabelled!.share - (1 - 6 ** 3 / 12 ** 3))).toBeLessThan(0.02)
  expect(unlabelledNote(analysis)).toBe('87 % of what “Tiny volume” outlines got no label here: structures are missed, or too small')
})

describe('levels that are brought to those the network knows', () => {
  let pointing: VolumeInput['model']
  beforeAll(() => {
    pointing = packageOf('pointing')
  })
  const matching = (landmarks: VolumeModel['preprocess']['landmarks']) =>
    packageOf(`matching-${JSON.stringify(landmarks).length}`, {
      id: 'matching',
      preprocess: { ...pointing.package.preprocess, landmarks, crop: { to: { model: 'tiny-volume' }, marginVoxels: 0 } },
    })
  const voxelsOf = ({ structures }: { structures: readonly { label: string; voxels: number }[] }) =>
    Object.fromEntries(structures.map(({ label, voxels }) => [label, voxels]))

  test('are what it sees: a body as bright as the core is taken for one', async () => {
    const series = writeStorage(axial)
    const plain = voxelsOf((await analyse(series, pointing)).analysis)
    const { analysis } = await analyse(series, matching([{ label: 'body', level: 200 }]), { cropModel: pointing })
    // All but its rim.
    expect(voxelsOf(analysis).core).toBeGreaterThan(plain.core + 0.8 * plain.body)
    expect(analysis.notes).toEqual([
      expect.stringMatching(/^Grey levels were brought to those that the network knows: body from 12\d to 200\.$/),
    ])
  })

  test('stay where the tissues do not differ as they do there, and that is said', async () => {
    const series = writeStorage(axial)
    const plain = await analyse(series, pointing)
    // Here the core is the brighter one.
    const landmarks = [
      { label: 'core', level: 120 },
      { label: 'body', level: 180 },
    ]
    const { analysis, images } = await analyse(series, matching(landmarks), { cropModel: pointing })
    expect(analysis.notes).toEqual(['The levels of core and body could not be brought to those that the network knows.'])
    expect(images.map(({ labelMap }) => labelMap)).toEqual(plain.images.map(({ labelMap }) => labelMap))
  })

  test('need labels that the other network has', async () => {
    const wanting = matching([{ label: 'grey-matter', level: 120 }])
    const refused = { code: 'model.needs-other', detail: 'tiny-volume outlines no grey-matter' }
    await expect(analyse(writeStorage(axial), wanting, { cropModel: pointing })).rejects.toMatchObject(refused)
  })
})

test('only the pictures asked for are given, of a network that read them all', async () => {
  const series = writeStorage(axial)
  const whole = await analyse(series, packageOf('plain'))
  const { sopInstanceUid, frameIndex } = series.slices[8]
  const { analysis, images } = await analyse(series, packageOf('plain'), { requested: [{ sopInstanceUid, frameIndex }] })
  expect(images).toHaveLength(1)
  expect(images[0].labelMap).toEqual(whole.images[8].labelMap)
  expect(analysis.structures).toEqual(whole.analysis.structures)
})

test('slices with uneven gaps form no volume and are refused, also on the word of the reader', async () => {
  const series = writeStorage({ ...axial, place: (index) => (index > 8 ? index + 1 : index) })
  expect(series.affine).toBeNull()
  for (const override of [false, true]) {
    const { analysis, images } = await analyse(series, packageOf('plain'), { override })
    expect(images).toEqual([])
    expect(analysis.gate).toMatchObject({ verdict: 'contradicts', contradictions: [{ code: 'gate.volume' }] })
    expect(analysis.images.every(({ refused }) => refused?.code === 'gate.volume')).toBe(true)
  }
})

test('a header that contradicts refuses, and the reader may say otherwise', async () => {
  const series = writeStorage(axial)
  const other = packageOf('ct', { accepts: { modality: ['CT'] } })
  const { analysis } = await analyse(series, other)
  expect(analysis.images[0].refused?.code).toBe('gate.modality')
  expect(analysis.structures).toEqual([])
  const overridden = await analyse(series, other, { override: true })
  expect(overridden.analysis).toMatchObject({ overridden: true, incomplete: null })
  expect(overridden.analysis.structures).toHaveLength(2)
})
