/**
 * A ball of known volume, 6.97 mm from slice to slice, in files whose Slice Thickness, Spacing Between Slices and Slice Location
 * say otherwise, through the whole analysis: millilitres follow from the positions along the normal, or there are none.
 */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orderedStacks, type OrderedStack } from '../../../main/host/archive/series-detail'
import { analysisSlice, type AnalysisSlice } from '../../../main/host/analysis/analysis-input'
import { analyzeVolume } from '../../../main/host/analysis/volume/analyze-volume'
import { unsigned } from '../../../main/networks/signature'
import { startAnalysing } from './analysing'
import { writeSlice } from './dicom-series'
import { writeVolumePackage } from './volume-packages'

const { engine, folderFor, packageOf, analyse } = startAnalysing()

const side = 64
/** mm. */
const [betweenRows, betweenColumns] = [1.3, 1.1]
const stepMm = 6.97
const radiusMm = 30
const ballMl = (4 / 3) * Math.PI * (radiusMm / 10) ** 3
const count = 13

type Vector = readonly [number, number, number]
interface Storage {
  readonly orientation?: readonly number[]
  /** mm within the plane, down the columns, from a slice to the next. */
  readonly lean?: number
  /** mm along the normal from the middle of the stack; left out: even steps. */
  readonly place?: (index: number) => number
  /** Where a slice stands among the instance numbers. */
  readonly number?: (index: number) => number
  readonly positions?: boolean
}
const even = (index: number) => (index - (count - 1) / 2) * stepMm

const [c, s] = [Math.cos(0.35), Math.sin(0.35)]
const axial = [1, 0, 0, 0, 1, 0]
/** Turned about two axes, so that no direction of the grid is one of the patient's. */
const oblique = [c, s, 0, -s * c, c * c, s]

function cross([a, b, d, e, f, g]: readonly number[]): Vector {
  return [b * g - d * f, d * e - a * g, a * f - b * e]
}

/** Writes the series; gives it in the order that the archive would. */
function write({ orientation = axial, lean = 0, place = even, number = (index) => index, positions = true }: Storage): {
  readonly stack: OrderedStack
  readonly slices: AnalysisSlice[]
} {
  const folder = folderFor()
  const normal = cross(orientation)
  const along = (axis: number, index: number, row: number, column: number) =>
    orientation[axis] * betweenColumns * (column - (side - 1) / 2) +
    orientation[axis + 3] * (betweenRows * (row - (side - 1) / 2) + (lean * even(index)) / stepMm) +
    normal[axis] * place(index)
  const written = Array.from({ length: count }, (_, index) => {
    const pixels = Int16Array.from({ length: side * side }, (_value, pixel) => {
      const at = [0, 1, 2].map((axis) => along(axis, index, Math.floor(pixel / side), pixel % side))
      return Math.hypot(...at) < radiusMm ? 900 + (pixel % 5) : pixel % 5
    })
    const header = {
      ImageOrientationPatient: orientation.map((value) => Number(value.toFixed(8))),
      ImagePositionPatient: positions ? [0, 1, 2].map((axis) => Number(along(axis, index, 0, 0).toFixed(4))) : undefined,
      PixelSpacing: [betweenRows, betweenColumns],
      SliceThickness: 5,
      SpacingBetweenSlices: 2,
      SliceLocation: index * 2,
      InstanceNumber: number(index) + 1,
    }
    return writeSlice(folder, index, { rows: side, columns: side, pixels, header }, null)
  })
  const [stack] = orderedStacks({ instances: written.map(({ facts, sha256 }) => ({ facts, sha256, size: 0, path: '' })) })
  const objects = new Map(written.map(({ sopInstanceUid, object }) => [sopInstanceUid, object]))
  return { stack, slices: stack.slices.map((slice) => analysisSlice(slice, objects.get(slice.sopInstanceUid)!)) }
}

async function findingOf(storage: Storage) {
  const { stack, slices } = write(storage)
  const { isVolume, affine } = stack
  const { analysis } = await analyse({ model: packageOf('echo', {}, side), slices, isVolume, affine })
  const [finding] = [...analysis.findings].sort((a, b) => b.pixels! - a.pixels!)
  return { stack, analysis, finding }
}

describe('a network of pictures', () => {
  test.each<[string, Storage]>([
    ['axial', {}],
    ['numbered against the body', { number: (index) => count - 1 - index }],
    ['numbered as slices were taken, every other one first', { number: (index) => (index % 2 ? count + index : index) }],
    ['coronal', { orientation: [1, 0, 0, 0, 0, -1] }],
    ['oblique', { orientation: oblique }],
  ])('%s: the volume of the ball, whatever the tags say', async (_name, storage) => {
    const { stack, analysis, finding } = await findingOf(storage)
    expect(stack.isVolume).toBe(true)
    expect(analysis.findings).toHaveLength(1)
    const [low, high] = finding.volumeMl!
    expect(low).toBe(high)
    // By the pixels that were found, exactly; of the ball, as far as slices 7 mm apart can tell.
    expect(low / ((finding.pixels! * betweenRows * betweenColumns * stepMm) / 1000)).toBeCloseTo(1, 4)
    expect(Math.abs(low / ballMl - 1)).toBeLessThan(0.03)
  })

  test('gaps that differ a little give a range that holds the truth', async () => {
    const { stack, analysis, finding } = await findingOf({ place: (index) => even(index) + (index % 2 ? 0.04 : -0.04) })
    expect(stack.isVolume).toBe(true)
    const [low, high] = finding.volumeMl!
    expect(high / low).toBeCloseTo((stepMm + 0.08) / (stepMm - 0.08), 3)
    expect(low).toBeLessThan(ballMl * 1.02)
    expect(high).toBeGreaterThan(ballMl * 0.98)
    expect(analysis.notes).toContain('The gaps between slices are uneven: volumes are a range.')
  })

  test.each<[string, Storage, RegExp]>([
    ['a gap in the middle', { place: (index) => even(index) + (index > 6 ? stepMm : 0) }, /distance from slice to slice is not the same/],
    ['gaps that grow', { place: (index) => even(index) * (1 + index / 20) }, /distance from slice to slice is not the same/],
    ['a tilted gantry', { lean: 2 }, /gantry tilted by 16\.0°/],
    ['no positions', { positions: false }, /positions of the pictures are not known/],
  ])('%s: no millilitres, and the series says why', async (_name, storage, remark) => {
    const { stack, analysis } = await findingOf(storage)
    expect(stack.isVolume).toBe(false)
    expect(stack.remarks.map(({ sentence }) => sentence).join(' ')).toMatch(remark)
    expect(analysis.findings.length).toBeGreaterThan(0)
    expect(analysis.findings.filter(({ volumeMl }) => volumeMl !== null)).toEqual([])
  })
})

describe('a network of volumes', () => {
  async function structuresOf(storage: Storage) {
    const { stack, slices } = write(storage)
    const folder = join(engine.folder, 'volume')
    const model = writeVolumePackage(folder, {
      preprocess: {
        from: 'modality',
        conform: { sides: [96, 96, 96], spacingMm: [1, 1, 1], levels: 'eight-bit' },
        scale: { by: 'range' },
        crop: { to: { aboveShareOfGreatest: 0.1 }, marginVoxels: 2 },
      },
    })
    const { isVolume, affine } = stack
    return analyzeVolume(
      { slices, isVolume, affine, model: { folder, package: model, signature: unsigned }, cropModel: null, stack: '', requested: null, override: false, provider: 'cpu' }, // prettier-ignore
      { workers: engine.workers, compute: engine.compute, onImage: () => {}, onProgress: () => {} },
    )
  }

  test.each<[string, Storage]>([
    ['axial', {}],
    ['oblique', { orientation: oblique }],
    ['a tilted gantry', { lean: 2 }],
  ])('%s: the volume of the ball, whatever the tags say', async (_name, storage) => {
    const { structures } = await structuresOf(storage)
    const voxels = structures.reduce((sum, structure) => sum + structure.voxels, 0)
    const volumeMl = structures.reduce((sum, structure) => sum + structure.volumeMl, 0)
    expect(volumeMl / ((voxels * betweenRows * betweenColumns * stepMm) / 1000)).toBeCloseTo(1, 4)
    expect(Math.abs(volumeMl / ballMl - 1)).toBeLessThan(0.05)
  })

  test('a gap in the middle: no structure, no millilitres', async () => {
    const analysis = await structuresOf({ place: (index) => even(index) + (index > 6 ? stepMm : 0) })
    expect(analysis.structures).toEqual([])
    expect(analysis.images.every(({ refused }) => refused?.code === 'gate.volume')).toBe(true)
  })
})
