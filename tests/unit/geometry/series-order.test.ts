import { expect, test } from 'vitest'
import type { FrameGeometry, FrameKind, InstanceFacts } from '../../../contracts/dicom-facts'
import { voxelToPatient } from '../../../main/geometry/affine'
import { orderSeries } from '../../../main/geometry/series-order'

const text = { date: '', time: '', description: '', accessionNumber: '', id: '' }

interface SliceSample {
  readonly position?: readonly number[]
  readonly orientation?: readonly number[]
  readonly number?: number
  readonly rows?: number
  readonly thickness?: number
  readonly frames?: readonly (readonly number[])[]
}

/** Rows 2 mm apart, columns 0.5 mm, unless said otherwise. */
function instance(
  index: number,
  { position, orientation = [1, 0, 0, 0, 1, 0], number, rows = 4, thickness, frames }: SliceSample,
): InstanceFacts {
  const geometry = (at: readonly number[] | undefined): FrameGeometry => ({
    position: (at as [number, number, number] | undefined) ?? null,
    orientation: orientation.length === 6 ? (orientation as FrameGeometry['orientation']) : null,
    pixelSpacing: [2, 0.5],
    spacingOrigin: 'patient',
    sliceThicknessMm: thickness ?? null,
    pixelAspectRatio: [1, 1],
  })
  return {
    sopInstanceUid: `1.${index}`,
    sopClassUid: '1',
    seriesInstanceUid: '1',
    studyInstanceUid: '1',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    patient: { patientId: '', issuer: '', patientName: '', birthDate: '', sex: '' },
    study: text,
    series: {
      number: 1,
      modality: 'MR',
      description: '',
      protocolName: '',
      bodyPart: '',
      laterality: '',
      frameOfReferenceUid: '1',
      date: '',
    },
    instanceNumber: number ?? null,
    acquisitionNumber: null,
    imageType: [],
    viewPosition: '',
    patientPosition: '',
    patientOrientation: [],
    presentationIntentType: '',
    echoTimeMs: null,
    repetitionTimeMs: null,
    inversionTimeMs: null,
    sequenceName: '',
    image: {
      rows,
      columns: 6,
      numberOfFrames: frames?.length ?? 1,
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME2',
      bitsAllocated: 16,
      bitsStored: 16,
      pixelRepresentation: 0,
      lossy: false,
      geometry: frames ? frames.map(geometry) : [geometry(position)],
      frameTimeMs: null,
    },
  }
}

const order = (slices: readonly SliceSample[]) => orderSeries(slices.map((slice, index) => instance(index, slice)))
const uids = (slices: readonly SliceSample[]) => order(slices).slices.map(({ sopInstanceUid }) => Number(sopInstanceUid.slice(2)))
const codes = (slices: readonly SliceSample[]) => order(slices).remarks.map(({ code }) => code)
const at = (...z: number[]): SliceSample[] => z.map((value, index) => ({ position: [-10, 5, value], number: index + 1 }))

test('slices are sorted along the normal, against their instance numbers', () => {
  expect(uids(at(30, -5, 12.5))).toEqual([1, 2, 0])
})

test('an even stack is a volume, whose affine puts each voxel where its slice has it', () => {
  const result = order(at(20, 0, 10))
  expect(result).toMatchObject({ isVolume: true, sliceStepMm: 10, normal: [0, 0, 1], gapsMm: [10, 10], remarks: [] })
  expect(result.slices.map(({ positionMm, standsForMm }) => [positionMm, standsForMm])).toEqual([
    [0, 10],
    [10, 10],
    [20, 10],
  ])
  expect(voxelToPatient(result.affine!, [2, 3, 1])).toEqual([-9, 11, 10])
})

test('along an oblique normal, not along an axis', () => {
  const tilt = [0, 0.6, 0.8]
  const slices = [0, 1, 2].map((index) => ({
    orientation: [1, 0, 0, 0, 0.8, -0.6],
    position: [7, index * 5 * tilt[1], index * 5 * tilt[2]],
  }))
  const result = order([slices[2], slices[0], slices[1]])
  expect(result.slices.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['1.1', '1.2', '1.0'])
  expect(result.sliceStepMm).toBeCloseTo(5, 10)
  expect(result.isVolume).toBe(true)
})

test('uneven gaps: no volume, no step, and no extent for a slice between different gaps', () => {
  const result = order(at(0, 10, 20, 34))
  expect(result).toMatchObject({ isVolume: false, sliceStepMm: null, affine: null })
  expect(result.slices.map(({ standsForMm }) => standsForMm)).toEqual([10, 10, null, 14])
  expect(result.remarks).toEqual([{ code: 'order.gaps', sentence: 'The distance from slice to slice is not the same: 10.00 to 14.00 mm.' }])
})

test('positions rounded to a hundredth are even', () => {
  expect(order(at(0, 6.97, 13.94, 20.9, 27.87)).sliceStepMm).toBeCloseTo(6.97, 2)
})

test('a slice that is out of its place by 0.2 mm is told', () => {
  expect(codes(at(0, 7, 14.2, 21))).toEqual(['order.gaps'])
  expect(codes(at(0, 7, 14.05, 21))).toEqual([])
})

test('the step comes from the positions; a stated thickness that differs is told', () => {
  const slices = at(0, 7, 14).map((slice) => ({ ...slice, thickness: 5 }))
  expect(order(slices).sliceStepMm).toBe(7)
  expect(order(slices).remarks).toEqual([
    { code: 'order.stated-spacing', sentence: 'Slices are stated 5.00 mm thick and lie 7.00 mm apart, with gaps between them.' },
  ])
  expect(order(slices.map((slice) => ({ ...slice, thickness: 9 }))).remarks[0].sentence).toContain('overlapping')
})

test('an even shift is a tilt: an affine, but no volume', () => {
  const result = order([0, 1, 2].map((index) => ({ position: [0, index * 1, index * 5] })))
  expect(result.isVolume).toBe(false)
  expect(result.remarks.map(({ sentence }) => sentence)).toEqual([
    'The slices are shifted evenly against one another, as with a gantry tilted by 11.3°.',
  ])
  expect(voxelToPatient(result.affine!, [0, 0, 2])).toEqual([0, 2, 10])
})

test.each([
  { why: 'places taken twice', slices: at(0, 0, 5, 5), code: 'order.duplicates' },
  { why: 'an uneven shift', slices: [0, 3, -2].map((y, index) => ({ position: [0, y, index * 5] })), code: 'order.shift' },
  {
    why: 'two orientations',
    slices: [{ position: [0, 0, 0] }, { position: [0, 0, 5], orientation: [1, 0, 0, 0, 0, -1] }],
    code: 'order.mixed-orientation',
  },
  {
    why: 'the same plane seen from behind',
    slices: [{ position: [0, 0, 0] }, { position: [0, 0, 5], orientation: [-1, 0, 0, 0, 1, 0] }],
    code: 'order.mixed-orientation',
  },
  { why: 'two sizes', slices: at(0, 5, 10).map((slice, index) => ({ ...slice, rows: 4 + (index % 2) })), code: 'order.mixed-size' },
  { why: 'no positions', slices: [{ number: 2 }, { number: 1 }], code: 'order.no-position' },
  { why: 'one without a position', slices: [...at(0, 5), { number: 1 }], code: 'order.some-positions' },
] as { why: string; slices: SliceSample[]; code: string }[])('no volume, and said why: $why', ({ slices, code }) => {
  expect(codes(slices)).toContain(code)
  expect(order(slices).isVolume).toBe(false)
})

test('without positions the instance number orders', () => expect(uids([{ number: 3 }, { number: 1 }, { number: 2 }])).toEqual([1, 2, 0]))

test('at one place the instance number orders, and orientations stay apart', () => {
  const coronal = [1, 0, 0, 0, 0, -1]
  expect(
    uids([
      { position: [0, 0, 5], number: 4 },
      { position: [0, 9, 0], number: 2, orientation: coronal },
      { position: [0, 0, 0], number: 3 },
      { position: [0, 1, 0], number: 9, orientation: coronal },
      { position: [0, 0, 0], number: 1 },
    ]),
  ).toEqual([4, 2, 0, 3, 1])
})

test('frames of one object are slices of their own', () => {
  const result = order([
    {
      frames: [
        [0, 0, 8],
        [0, 0, 0],
        [0, 0, 4],
      ],
    },
  ])
  expect(result.slices.map(({ frameIndex }) => frameIndex)).toEqual([1, 2, 0])
  expect(result.isVolume).toBe(true)
})

test('a cine, whose frames share one position, is no stack of slices', () => {
  const cine = instance(0, { position: [0, 0, 0] })
  const result = orderSeries([{ ...cine, image: { ...cine.image!, numberOfFrames: 3 } }])
  expect(result.slices.map(({ frameIndex, positionMm }) => [frameIndex, positionMm])).toEqual([
    [0, null],
    [1, null],
    [2, null],
  ])
  expect(result.isVolume).toBe(false)
})

const kind = (changes: Partial<FrameKind>): FrameKind => ({
  stackId: '',
  dimensionIndex: [],
  echoTimeMs: null,
  bValue: null,
  component: '',
  temporalPosition: null,
  triggerDelayMs: null,
  ...changes,
})
/** One object whose frames lie at these places with these kinds. */
const enhanced = (frames: readonly { readonly z: number; readonly kind: Partial<FrameKind> }[]): InstanceFacts => {
  const base = instance(0, { frames: frames.map(({ z }) => [0, 0, z]) })
  return { ...base, image: { ...base.image!, frameKinds: frames.map((frame) => kind(frame.kind)) } }
}

test('volumes of one place follow one another by their time, each along the normal', () => {
  const result = orderSeries([
    enhanced([
      { z: 5, kind: { temporalPosition: 2 } },
      { z: 0, kind: { temporalPosition: 1 } },
      { z: 0, kind: { temporalPosition: 2 } },
      { z: 5, kind: { temporalPosition: 1 } },
    ]),
  ])
  expect(result.slices.map(({ frameIndex }) => frameIndex)).toEqual([1, 3, 2, 0])
  expect(result).toMatchObject({ isVolume: false, gapsMm: [5, null, 5], sliceStepMm: null })
  expect(result.remarks).toEqual([
    { code: 'order.several-volumes', sentence: '2 volumes of the same place are shown one after the other.' },
  ])
})

test('without a time the dimensions before the last tell the volumes apart', () => {
  const result = orderSeries([
    enhanced([
      { z: 0, kind: { dimensionIndex: [1, 2, 1] } },
      { z: 0, kind: { dimensionIndex: [1, 1, 1] } },
      { z: 5, kind: { dimensionIndex: [1, 2, 2] } },
      { z: 5, kind: { dimensionIndex: [1, 1, 2] } },
    ]),
  ])
  expect(result.slices.map(({ frameIndex }) => frameIndex)).toEqual([1, 3, 0, 2])
})

test('frames at one place that nothing tells apart into volumes follow their dimension index', () => {
  const frames = [3, 1, 2].map((last) => ({ z: 0, kind: { dimensionIndex: [last] } }))
  expect(orderSeries([enhanced(frames)]).slices.map(({ frameIndex }) => frameIndex)).toEqual([1, 2, 0])
})

test('the parts of a concatenation follow one another, whatever their identifiers; missing ones are said', () => {
  const part = (index: number, uid: string, frameOffset: number, parts: number): InstanceFacts => {
    const base = instance(index, { position: [0, 0, 0], number: 1 })
    return {
      ...base,
      sopInstanceUid: uid,
      concatenation: { uid: '1.9', part: null, parts, frameOffset },
      image: { ...base.image!, numberOfFrames: 2 },
    }
  }
  const result = orderSeries([part(0, '1.5', 2, 3), part(1, '1.7', 0, 3)])
  expect(result.slices.map(({ sopInstanceUid, frameIndex }) => `${sopInstanceUid}/${frameIndex}`)).toEqual([
    '1.7/0',
    '1.7/1',
    '1.5/0',
    '1.5/1',
  ])
  expect(result.remarks).toEqual([{ code: 'order.missing-parts', sentence: '1 of 3 parts of a divided object are missing.' }])
  expect(orderSeries([part(0, '1.5', 2, 2), part(1, '1.7', 0, 2)]).remarks).toEqual([])
})

test('several acquisitions are said, but not where each picture is one', () => {
  const series = (numbers: readonly number[]) =>
    orderSeries(numbers.map((acquisitionNumber, index) => ({ ...instance(index, { position: [0, 0, index] }), acquisitionNumber })))
  expect(series([1, 1, 2, 2]).remarks).toEqual([{ code: 'order.acquisitions', sentence: 'The pictures come from 2 acquisitions.' }])
  expect(series([1, 2, 3, 4]).remarks).toEqual([])
  expect(series([1, 1, 1, 1]).remarks).toEqual([])
})

test('one picture alone is no volume, stands for no extent and needs no remark', () => {
  expect(order(at(3))).toMatchObject({ isVolume: false, remarks: [], slices: [{ positionMm: 3, standsForMm: null }] })
})

test('no instance, or none with a picture, gives nothing', () => {
  expect(orderSeries([]).slices).toEqual([])
  expect(orderSeries([{ ...instance(0, {}), image: null }]).slices).toEqual([])
})
