/** A picture through a package's steps: the plane of the tensor, and the trace that leads back. */
import { OverreadError } from '../../contracts/errors'
import type { PictureModel, PreprocessStep } from '../../contracts/model-package'
import { validRange, type Picture } from './picture'
import type { Plane } from './plane'
import { noStatistics, sliceStatistics, type StepStatistics } from './statistics'
import { cropValid } from './steps/crop-valid'
import { cut } from './steps/cut'
import { flip } from './steps/flip'
import { orient, type Directions } from './steps/orient'
import { pad } from './steps/pad'
import { resize } from './steps/resize'
import { clip, scale, standardise } from './steps/values'
import { boxAfter, type Trace } from './trace'

export interface PreparedPlane {
  /** rows × columns of the input. */
  readonly values: Float32Array<ArrayBuffer>
  readonly trace: Trace
}

/**
 * Runs every step on one picture.
 *
 * `series` holds the statistics of those steps that take theirs from the whole series.
 * The semantics of each step stand in contracts/model-package.ts.
 */
export function preparePlane(
  preprocess: PictureModel['preprocess'],
  picture: Picture,
  directions: Directions,
  series: StepStatistics = noStatistics,
): PreparedPlane {
  const own = sliceStatistics(preprocess, picture)
  const known: StepStatistics = { levels: { ...own.levels, ...series.levels }, boxes: { ...own.boxes, ...series.boxes } }
  const start: Plane = { values: picture.samples, trace: { rows: picture.rows, columns: picture.columns, entries: [] } }
  const end = preprocess.steps.reduce((plane, step, index) => runStep(plane, step, index, { picture, directions, known }), start)
  return { values: new Float32Array(end.values), trace: end.trace }
}

interface StepContext {
  readonly picture: Picture
  readonly directions: Directions
  readonly known: StepStatistics
}

function runStep(plane: Plane, step: PreprocessStep, index: number, { picture, directions, known }: StepContext): Plane {
  switch (step.op) {
    case 'orient':
      return orient(plane, step, directions)
    case 'crop-valid':
      return cropValid(plane, picture)
    case 'crop-foreground': {
      const box = known.boxes[index]
      if (!box) throw new OverreadError('internal', `step ${index} lacks its box`)
      const [lowest] = validRange(picture)
      return cut(plane, boxAfter(plane.trace, box), lowest)
    }
    case 'resize':
      return resize(plane, step)
    case 'pad':
      return pad(plane, step, step.value)
    case 'flip':
      return flip(plane, step.axis)
    case 'scale': {
      const level = known.levels[index]
      if (!level) throw new OverreadError('internal', `step ${index} lacks its levels`)
      return scale(plane, level.low, level.high, step.clip)
    }
    case 'standardise':
      return standardise(plane, step.mean, step.deviation)
    case 'clip':
      return clip(plane, step.min, step.max)
  }
}

/** The tensor of a picture: its planes one after the other, each channel standardised where the package says so. */
export function tensorOf({ input }: PictureModel, planes: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const size = input.shape[2] * input.shape[3]
  const tensor = new Float32Array(planes.length * size)
  for (const [channel, values] of planes.entries()) {
    const { mean, deviation } = input.channels?.[channel] ?? { mean: 0, deviation: 1 }
    const start = channel * size
    if (mean === 0 && deviation === 1) tensor.set(values, start)
    else for (let i = 0; i < size; i++) tensor[start + i] = (values[i] - mean) / deviation
  }
  return tensor
}
