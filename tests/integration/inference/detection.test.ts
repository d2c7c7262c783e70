/** A network that gives boxes, through the real workers and the real compute process. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analysisResultSchema } from '../../../contracts/analysis'
import type { PictureModel } from '../../../contracts/model-package'
import { unsigned } from '../../../main/networks/signature'
import { startAnalysing } from './analysing'
import { boxGraph, identityPackage, writePackage } from './tiny-packages'

const { engine, writeSeries, analyse } = startAnalysing()
const side = 64

function detector(name: string, changes: Partial<PictureModel> = {}) {
  const folder = join(engine.folder, name)
  const description = identityPackage(side, {
    task: 'detection',
    outputs: [
      {
        name: 'found',
        kind: 'boxes',
        activation: 'none',
        labels: [{ name: 'spot', title: 'Spot' }],
        boxes: {
          arrangement: 'box-by-box',
          coordinates: 'left-top-right-bottom',
          unit: 'pixels',
          scores: 'after-coordinates',
          mostOverlap: 0.5,
          leastScore: 0.05,
          mostBoxes: 20,
        },
      },
    ],
    golden: { picture: 'picture.npy', slice: 0, input: 'input.npy', outputs: { found: 'found.npy' }, tolerance: 1e-3 },
    ...changes,
  })
  // The golden input rises from 0.1 to 0.9 in reading order: what is above 0.7 begins in row 48.
  const answer = (input: Float32Array) => ({ found: { shape: [1, 1, 5], values: [0, 48, side, side, input.at(-1)!] } })
  return { folder, package: writePackage(folder, description, boxGraph(side), answer), signature: unsigned }
}

test('a spot on three slices is one finding, its boxes on the spot', async () => {
  const slices = await writeSeries(6, [2, 3, 4])
  const { analysis } = await analyse({ model: detector('detector'), slices })
  expect(() => analysisResultSchema.parse({ ...analysis, resultId: 'r', createdAt: '2026-01-01T00:00:00Z' })).not.toThrow()
  expect(analysis).toMatchObject({ incomplete: null, hasMasks: false, heatmapKind: 'none' })
  expect(analysis.findings).toHaveLength(1)
  const [finding] = analysis.findings
  expect(finding).toMatchObject({ kind: 'box', label: 'spot', firstSlice: 3, lastSlice: 5, above: true, areaMm2: null, volumeMl: null })
  expect(finding.boxes.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(slices.slice(2, 5).map(({ sopInstanceUid }) => sopInstanceUid))
  // Rows 20 to 26 and columns 30 to 40 of 45 × 61; the tensor's pixels are about one of the source's.
  for (const { left, top, right, bottom } of finding.boxes) {
    expect(Math.abs(left - 30)).toBeLessThan(1)
    expect(Math.abs(right - 40)).toBeLessThan(1)
    expect(Math.abs(top - 20)).toBeLessThan(1)
    expect(Math.abs(bottom - 26)).toBeLessThan(1)
  }
  expect(analysis.images[3].probabilities.spot).toBeCloseTo(finding.score, 1)
  expect(analysis.images[0].probabilities.spot).toBeLessThan(0.5)
})

test('boxes of slices that are no volume are findings of their own', async () => {
  const slices = await writeSeries(6, [2, 3, 4])
  const { analysis } = await analyse({ model: detector('loose'), slices, isVolume: false })
  expect(analysis.findings.map(({ firstSlice, lastSlice }) => [firstSlice, lastSlice]).sort()).toEqual([
    [3, 3],
    [4, 4],
    [5, 5],
  ])
})
