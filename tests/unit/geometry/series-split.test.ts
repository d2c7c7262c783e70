import { expect, test } from 'vitest'
import type { FrameGeometry, InstanceFacts } from '../../../contracts/dicom-facts'
import { displayStacks } from '../../../main/geometry/series-split'

interface Sample {
  readonly echo?: number
  readonly columns?: number
  readonly kind?: string
  readonly orientation?: FrameGeometry['orientation']
}

/** Only what the division looks at. */
function instance({ echo, columns = 6, kind = 'M', orientation = [1, 0, 0, 0, 1, 0] }: Sample): InstanceFacts {
  const geometry: FrameGeometry = {
    position: null,
    orientation,
    pixelSpacing: [2, 0.5],
    spacingOrigin: 'patient',
    sliceThicknessMm: null,
    pixelAspectRatio: [1, 1],
  }
  return {
    echoTimeMs: echo ?? null,
    inversionTimeMs: null,
    imageType: ['ORIGINAL', 'PRIMARY', kind],
    image: { columns, rows: 4, numberOfFrames: 1, geometry: [geometry] },
  } as unknown as InstanceFacts
}
const stacks = (samples: readonly Sample[]) =>
  displayStacks(samples.map(instance)).map(({ instances, reason }) => `${instances.length} ${reason}`.trim())

test('a series of one kind is one stack, without a reason', () => expect(stacks([{}, {}, {}])).toEqual(['3']))
test('two echoes', () => expect(stacks([{ echo: 20 }, { echo: 80.001 }, { echo: 20 }, { echo: 80 }])).toEqual(['2 TE 20 ms', '2 TE 80 ms']))
test('magnitude and phase', () => expect(stacks([{ kind: 'M' }, { kind: 'P' }])).toEqual(['1 m', '1 p']))
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
test('no instances, no stacks', () => expect(stacks([])).toEqual([]))
