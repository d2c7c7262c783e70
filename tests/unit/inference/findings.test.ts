import { describe, expect, test } from 'vitest'
import { RegionCollector, type SeriesSlice } from '../../../main/inference/findings'
import { findRegions, touchingRegions } from '../../../main/inference/regions'
import { gapsAreEven, sliceExtent } from '../../../main/inference/volume'
import { stackGraph, identityPackage } from '../../integration/inference/tiny-packages'
import { channelSlices } from '../../../main/inference/stack'

/** Digits as tenths; '#' is 1. */
const mapOf = (...lines: string[]) => Float32Array.from(lines.join(''), (sign) => (sign === '#' ? 1 : Number(sign) / 10))
const maskOf = (map: Float32Array) => Uint8Array.from(map, (value) => (value >= 0.5 ? 1 : 0))
const regions = (...lines: string[]) => findRegions(mapOf(...lines), maskOf(mapOf(...lines)), lines.length, lines[0].length)

describe('regions of a slice', () => {
  test('touch at a corner', () => expect(regions('#000', '0#00', '00#0').regions.map(({ pixels }) => pixels)).toEqual([3]))
  test('do not touch across a gap', () => expect(regions('#0#0', '#000', '#0#0').regions.map(({ pixels }) => pixels)).toEqual([3, 1, 1]))
  test('that meet further down are one', () => expect(regions('#00#', '#00#', '####').regions.map(({ pixels }) => pixels)).toEqual([8]))
  test('that wind are one', () => expect(regions('###0', '00#0', '###0', '#000', '####').regions).toHaveLength(1))
  test('are measured by their pixels', () =>
    expect(regions('4567').regions.map(({ pixels, sum }) => [pixels, Number(sum.toFixed(4))])).toEqual([[3, 1.8]]))
  test('of a row do not run on into the next', () => expect(regions('00#', '000', '#00').regions).toHaveLength(2))
  test('of noise are bounded, the greatest kept', () => {
    const side = 200
    const map = Float32Array.from({ length: side * side }, (_, i) => (Math.floor(i / side) % 2 === 0 && i % 2 === 0 ? 1 : 0))
    map.fill(1, side * (side - 1))
    const found = findRegions(map, maskOf(map), side, side)
    expect(found.regions).toHaveLength(5000)
    expect(found.leftOut).toBe(4901)
    // The last line, and the spots of the line above that touch it.
    expect(Math.max(...found.regions.map(({ pixels }) => pixels))).toBe(side + side / 2)
  })
})

test('regions of neighbours touch at faces, edges and corners', () => {
  const a = regions('#000', '0000', '000#')
  expect(touchingRegions(a, regions('0000', '0#00', '0000'))).toEqual([[0, 0]])
  expect(touchingRegions(a, regions('00#0', '0000', '0000'))).toEqual([])
  expect(touchingRegions(a, regions('##00', '0000', '00##'))).toEqual([
    [0, 0],
    [1, 1],
  ])
})

const model = identityPackage(8)
const [label] = model.outputs[0].labels
const point = { label: label.name, threshold: 0.5, source: 'site', name: null } as const
const slicesAt = (...positions: (number | null)[]): SeriesSlice[] =>
  positions.map((positionMm, index) => ({ sopInstanceUid: `1.${index}`, frameIndex: 0, positionMm, pixelAreaMm2: 0.5 }))

function findingsOf(slices: SeriesSlice[], maps: Record<number, string[]>, options: { isVolume?: boolean; findings?: object } = {}) {
  const changed = { ...model, findings: { ...model.findings, ...options.findings } }
  const collector = new RegionCollector(changed, label, point, slices, options.isVolume ?? true)
  for (const [index, lines] of Object.entries(maps)) collector.add(Number(index), regions(...lines))
  return collector.finish().findings
}

describe('findings of a volume', () => {
  const maps = { 0: ['#000', '0000'], 1: ['0#00', '0#00'], 2: ['0000', '000#'] }

  test('join across slices, with their best slice, extent and volume', () => {
    const [joined, single, ...none] = findingsOf(slicesAt(0, 7, 14), maps)
    expect(none).toEqual([])
    expect(joined).toMatchObject({
      kind: 'region',
      pixels: 3,
      firstSlice: 1,
      lastSlice: 2,
      best: { sopInstanceUid: '1.1', frameIndex: 0 },
      areaMm2: 1,
      above: true,
      score: 1,
    })
    expect(joined.frames.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['1.0', '1.1'])
    expect(joined.volumeMl![0]).toBeCloseTo((3 * 0.5 * 7) / 1000, 9)
    expect(joined.volumeMl![1]).toBeCloseTo((3 * 0.5 * 7) / 1000, 9)
    expect(single).toMatchObject({ pixels: 1, firstSlice: 3, lastSlice: 3 })
  })
  test('stay apart where the package says so, and have no volume', () => {
    const found = findingsOf(slicesAt(0, 7, 14), maps, { findings: { acrossSlices: false, structures: false } })
    expect(found.map(({ pixels, volumeMl }) => [pixels, volumeMl])).toEqual([
      [2, null],
      [1, null],
      [1, null],
    ])
  })
  test('stay apart where there is no volume', () => expect(findingsOf(slicesAt(0, 7, 14), maps, { isVolume: false })).toHaveLength(3))
  test('do not join across a slice that was not analysed, and claim no volume there', () => {
    const found = findingsOf(slicesAt(0, 7, 14), { 0: ['##00'], 2: ['##00'] })
    expect(found.map(({ volumeMl }) => volumeMl)).toEqual([null, null])
  })
  test('leave out what is smaller than the package says, counted over all slices', () =>
    expect(findingsOf(slicesAt(0, 7, 14), maps, { findings: { minimumPixels: 3 } })).toHaveLength(1))
  test('leave out what is small on every slice', () =>
    expect(findingsOf(slicesAt(0, 7, 14), maps, { findings: { minimumAreaMm2: 0.9 } }).map(({ pixels }) => pixels)).toEqual([3]))
  test('have a range of volume where gaps are uneven, none where one is unknown', () => {
    const [uneven] = findingsOf(slicesAt(0, 5, 12), { 0: ['0000'], 1: ['##00'], 2: ['0000'] })
    expect(uneven.volumeMl!.map((ml) => Number((ml * 1000).toFixed(6)))).toEqual([5, 7])
    expect(findingsOf(slicesAt(0, null, 12), { 0: ['0000'], 1: ['##00'], 2: ['0000'] })[0].volumeMl).toBeNull()
  })
  test('are scored by the 95th percentile of their probabilities', () => {
    const line = '5'.repeat(18) + '89'
    expect(findingsOf(slicesAt(0), { 0: [line] })[0].score).toBeCloseTo(0.8, 4)
  })
})

describe('a slice stands for half the gap on each side', () => {
  test.each([
    { positions: [0, 7, 14], index: 1, extent: [7, 7] },
    { positions: [0, 7, 14], index: 0, extent: [7, 7] },
    { positions: [14, 7, 0], index: 2, extent: [7, 7] },
    { positions: [0, 5, 12], index: 1, extent: [5, 7] },
    { positions: [0], index: 0, extent: null },
    { positions: [0, 0, 7], index: 1, extent: null },
    { positions: [0, null, 7], index: 0, extent: null },
  ])('$positions, $index', ({ positions, index, extent }) => expect(sliceExtent(positions, index)).toEqual(extent))
  test('even or not', () => {
    expect(gapsAreEven([0, 6.97, 13.94, 20.91])).toBe(true)
    expect(gapsAreEven([0, 7, 14, 22])).toBe(false)
    expect(gapsAreEven([0, null])).toBeNull()
  })
})

describe('the channels of a stack', () => {
  const stack = (stepMm?: number) => ({
    ...model,
    input: { ...model.input, kind: 'stack' as const, shape: stackGraph(8).inputs.image as [1, number, number, number], stepMm },
  })
  test('are the next slices; beyond the end the outermost', () => {
    expect(channelSlices(stack(), 1, 3, null)).toEqual([0, 1, 2])
    expect(channelSlices(stack(), 0, 3, null)).toEqual([0, 0, 1])
    expect(channelSlices(stack(5), 2, 3, null)).toEqual([1, 2, 2])
  })
  test('are the nearest to the distance where positions are known, in either direction', () => {
    const thin = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    expect(channelSlices(stack(5), 6, 13, thin)).toEqual([1, 6, 11])
    expect(channelSlices(stack(5), 6, 13, [...thin].reverse())).toEqual([1, 6, 11])
    expect(channelSlices(stack(5), 2, 13, thin)).toEqual([0, 2, 7])
    expect(channelSlices(stack(5), 1, 3, [0, 12, 24])).toEqual([0, 1, 2])
  })
})
