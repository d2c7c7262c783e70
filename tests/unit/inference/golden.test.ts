import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readGolden } from '../../../main/networks/package'
import { loadPicturePackage, picturePackages } from '../../picture-package'
import { preparePlane } from '../../../main/inference/preprocess'
import { channelSlices } from '../../../main/inference/stack'
import { addCounts, countValues, resolveOn } from '../../../main/inference/histogram'
import {
  boxOf,
  foregroundExtent,
  foregroundThreshold,
  joinExtents,
  levelOf,
  type Level,
  type StepStatistics,
} from '../../../main/inference/statistics'
import type { Picture } from '../../../main/inference/picture'
import type { PictureModel } from '../../../contracts/model-package'

const models = new URL('../../../models/', import.meta.url).pathname
const folders = picturePackages().map((name) => join(models, name))

// The training code made the tensor: the same picture through our steps must give the same one.
test.each(folders)('%s: the golden picture through the steps is the golden input', async (folder) => {
  const { package: model } = await loadPicturePackage(folder)
  const { shape, values } = await readGolden(folder, model.golden.picture)
  const [slices, rows, columns] = shape
  const size = rows * columns
  const pictures = Array.from({ length: slices }, (_, index): Picture => ({
    rows,
    columns,
    samples: values.slice(index * size, (index + 1) * size),
    valid: null,
  }))
  const series = statisticsOf(model, pictures)
  const channels = channelSlices(model, model.golden.slice, slices, null)
  const planes = channels.map((index) => preparePlane(model.preprocess, pictures[index], null, series).values)
  const expected = await readGolden(folder, model.golden.input)
  const [, , height, width] = model.input.shape
  let furthest = 0
  planes.forEach((plane, channel) =>
    plane.forEach((value, index) => (furthest = Math.max(furthest, Math.abs(value - expected.values[channel * height * width + index])))),
  )
  expect(expected.shape).toEqual(model.input.shape)
  expect(furthest).toBeLessThan(1e-5)
})

function statisticsOf({ preprocess }: PictureModel, pictures: readonly Picture[]): StepStatistics {
  const kind = 'float'
  const histogram = { kind, counts: addCounts(pictures.map((picture) => countValues(picture, kind).counts)) } as const
  const levels: Record<number, { low: number; high: number }> = {}
  const boxes: Record<number, ReturnType<typeof boxOf>> = {}
  preprocess.steps.forEach((step, index) => {
    if (step.op === 'scale' && step.statistics === 'series') {
      const value = (level: Level) => resolveOn(pictures, levelOf(histogram, level, preprocess.foreground))
      levels[index] = { low: value(step.low), high: value(step.high) }
    }
    if (step.op === 'crop-foreground' && step.statistics === 'series') {
      const threshold = resolveOn(pictures, foregroundThreshold(histogram, preprocess.foreground!))
      const extents = pictures.map((picture) => foregroundExtent(picture, threshold, step.minimumFraction))
      boxes[index] = boxOf(joinExtents(extents), step, pictures[0].rows, pictures[0].columns)
    }
  })
  return { levels, boxes }
}
