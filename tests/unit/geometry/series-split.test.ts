import { expect, test } from 'vitest'
import type { FrameGeometry, FrameKind, InstanceFacts } from '../../../contracts/dicom-facts'
import { seriesFrames } from '../../../main/geometry/series-frame'
import { displayStacks } from '../../../main/geometry/series-split'

interface Sample {
  readonly echo?: number
  readonly columns?: number
  readonly kind?: string
  readonly orientation?: FrameGeometry['orientation']
  /** Along the normal of an axial plane, mm. */
  readonly z?: number
  readonly bValue?: number
  readonly time?: number
  readonly trigger?: number
  readonly acquisition?: number
  readonly number?: number
  readonly modality?: string
  readonly view?: string
  /** Frames of one object: their places, or how many share one. */
  readonly frames?: readonly { readonly z: number; readonly kind?: Partial<FrameKind> }[] | number
  readonly uid?: string
  readonly concatenation?: string
}

const noKind: FrameKind = {
  stackId: '',
  dimensionIndex: [],
  echoTimeMs: null,
  bValue: null,
  component: '',
  temporalPosition: null,
  triggerDelayMs: null,
}

/** Only what the division looks at. */
function instance(sample: Sample): InstanceFacts {
  const { echo, columns = 6, kind = 'M', orientation = [1, 0, 0, 0, 1, 0], frames = 1 } = sample
  const geometry = (z?: number): FrameGeometry => ({
    position: z === undefined ? null : [0, 0, z],
    orientation,
    pixelSpacing: [2, 0.5],
    spacingOrigin: 'patient',
    sliceThicknessMm: null,
    pixelAspectRatio: [1, 1],
  })
  const places = typeof frames === 'number' ? null : frames
  return {
    sopInstanceUid: sample.uid ?? `1.${Math.abs(JSON.stringify(sample).length)}`,
    instanceNumber: sample.number ?? null,
    acquisitionNumber: sample.acquisition ?? null,
    echoTimeMs: echo ?? null,
    inversionTimeMs: null,
    bValue: sample.bValue ?? null,
    temporalPosition: sample.time ?? null,
    triggerTimeMs: sample.trigger ?? null,
    concatenation: sample.concatenation ? { uid: sample.concatenation, part: null, parts: null, frameOffset: 0 } : null,
    imageType: ['ORIGINAL', 'PRIMARY', kind],
    viewPosition: sample.view ?? '',
    series: { modality: sample.modality ?? 'MR', laterality: '' },
    image: {
      columns,
      rows: 4,
      numberOfFrames: places?.length ?? frames,
      geometry: places ? places.map(({ z }) => geometry(z)) : [geometry(sample.z)],
      ...(places ? { frameKinds: places.map((place) => ({ ...noKind, ...place.kind })) } : {}),
    },
  } as unknown as InstanceFacts
}
const stacks = (samples: readonly Sample[]) =>
  displayStacks(seriesFrames(samples.map(instance))).map(({ frames, reason }) => `${frames.length} ${reason}`.trim())

test('a series of one kind is one stack, without a reason', () => expect(stacks([{}, {}, {}])).toEqual(['3']))
test('two echoes', () => expect(stacks([{ echo: 20 }, { echo: 80.001 }, { echo: 20 }, { echo: 80 }])).toEqual(['2 TE 20 ms', '2 TE 80 ms']))
test('magnitude and phase', () => expect(stacks([{ kind: 'M' }, { kind: 'P' }])).toEqual(['1 m', '1 p']))
test('a kind of image that changes from slice to slice divides nothing', () => {
  const kinds = ['AXIAL', 'AXIAL', 'AXIAL ADD', 'AXIAL ADD']
  expect(stacks(kinds.map((kind, index) => ({ kind, z: index * 5 })))).toEqual(['4'])
  expect(stacks(kinds.map((kind, index) => ({ kind, z: (index % 2) * 5 })))).toEqual(['2 axial', '2 axial add'])
})
test('two sizes', () => expect(stacks([{}, { columns: 8 }])).toEqual(['1 6 × 4 pixels', '1 8 × 4 pixels']))
test('the three planes of a localiser', () => {
  expect(stacks([{}, { orientation: [1, 0, 0, 0, 0, -1] }, { orientation: [0, 1, 0, 0, 0, -1] }, { orientation: null }])).toEqual([
    '1 axial',
    '1 coronal',
    '1 sagittal',
    '1 orientation unknown',
  ])
})
test('several reasons together', () =>
  expect(stacks([{ echo: 1 }, { echo: 2, kind: 'P' }, { echo: 2 }])).toEqual(['1 TE 1 ms', '1 TE 2 ms, p', '1 TE 2 ms, m']))
test('a property that changes with every picture divides nothing', () => {
  expect(stacks(Array.from({ length: 20 }, (_, index) => ({ echo: index + 1 })))).toEqual(['20'])
})

test('two oblique directions are told apart by number', () => {
  const oblique = (angle: number) => [1, 0, 0, 0, Math.cos(angle), Math.sin(angle)] as unknown as FrameGeometry['orientation']
  expect(stacks([{ orientation: oblique(0.7) }, { orientation: oblique(0.8) }])).toEqual(['1 oblique', '1 oblique (2)'])
})
test('b-values, with those of a frame before those of its object', () => {
  expect(stacks([{ bValue: 0 }, { bValue: 800 }, { bValue: 800 }])).toEqual(['1 b 0 s/mm²', '2 b 800 s/mm²'])
  expect(
    stacks([
      {
        bValue: 5,
        frames: [
          { z: 0, kind: { bValue: 0 } },
          { z: 0, kind: { bValue: 1000 } },
        ],
      },
    ]),
  ).toEqual(['1 b 0 s/mm²', '1 b 1000 s/mm²'])
})
test('stacks and echoes within one object', () => {
  const frames = ['1', '2'].flatMap((stackId) => [10, 20].map((echoTimeMs) => ({ z: 0, kind: { stackId, echoTimeMs } })))
  expect(stacks([{ frames }])).toEqual(['1 stack 1, TE 10 ms', '1 stack 1, TE 20 ms', '1 stack 2, TE 10 ms', '1 stack 2, TE 20 ms'])
})
test('each clip stands alone, single pictures together, and the parts of a concatenation too', () => {
  expect(
    stacks([
      { uid: '1.1', number: 4, frames: 30 },
      { uid: '1.2', number: 5, frames: 20 },
      { uid: '1.3', number: 6 },
      { uid: '1.4', number: 7 },
      { uid: '1.5', number: 8, frames: 10, concatenation: '1.9' },
      { uid: '1.6', number: 8, frames: 10, concatenation: '1.9' },
    ]),
  ).toEqual(['30 clip 4', '20 clip 5', '2 single pictures', '20 clip 8'])
})
test('views of projections, which say nothing elsewhere', () => {
  const views = (modality: string) => [{ modality, view: 'PA' }, { modality, view: 'LL' }, { modality }] as const
  expect(stacks(views('DX'))).toEqual(['1 PA', '1 LL', '1 view not stated'])
  expect(stacks(views('MR'))).toEqual(['3'])
})
test.each([
  { property: 'time', key: 'time', values: [1, 2], says: ['2 time 1', '2 time 2'] },
  { property: 'heart phase', key: 'trigger', values: [0, 40.5], says: ['2 phase 0 ms', '2 phase 40.5 ms'] },
  { property: 'acquisition', key: 'acquisition', values: [3, 4], says: ['2 acquisition 3', '2 acquisition 4'] },
])('$property divides where pictures lie at one place, and nowhere else', ({ key, values, says }) => {
  const [first, second] = values
  const samples = (places: readonly number[]) => places.map((z, index) => ({ z, [key]: index < 2 ? first : second }))
  expect(stacks(samples([0, 5, 0, 5]))).toEqual(says)
  expect(stacks(samples([0, 5, 10, 15]))).toEqual(['4'])
})
test('objects of many frames at the same places are volumes of their own', () => {
  const frames = [{ z: 0 }, { z: 5 }]
  expect(
    stacks([
      { uid: '1.1', number: 1, frames },
      { uid: '1.2', number: 2, frames },
    ]),
  ).toEqual(['2 object 1', '2 object 2'])
  expect(
    stacks([
      { uid: '1.1', frames },
      { uid: '1.2', frames: [{ z: 10 }, { z: 15 }] },
    ]),
  ).toEqual(['4'])
})
test('an object without a picture is in no stack', () =>
  expect(displayStacks(seriesFrames([{ ...instance({}), image: null }]))).toEqual([]))
test('no instances, no stacks', () => expect(stacks([])).toEqual([]))
