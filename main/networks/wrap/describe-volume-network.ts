/** From answers to the description of a network of volumes. */
import type { VolumeModel } from '../../../contracts/model-package'
import { describeCommon, type PackageFiles } from './describe-common'
import type { Answered } from './describe-picture-network'
import { labelName } from './picture-questions'
import { listIn, rangeIn } from './question'
import type { NetworkSource } from './source'

type Three<T> = [T, T, T]

/** `sides`: those that the graph fixes; null: open. */
export function describeVolumeNetwork(
  source: NetworkSource,
  answer: Answered,
  sides: Three<number> | null,
  files: PackageFiles,
): VolumeModel {
  const numbers = (key: string) => listIn(answer(key)).map(Number) as Three<number>
  const [output] = source.outputs
  const titles = listIn(answer('labels'))
  const crop = answer('crop')
  return {
    ...describeCommon(source, answer, files),
    dimension: 3,
    task: 'segmentation',
    input: {
      name: source.input.name,
      kind: 'volume',
      axes: [...answer('axes')] as VolumeModel['input']['axes'],
      sides,
      layout: source.input.channelAxis === 1 ? 'NCDHW' : 'NDHWC',
      type: 'float32',
    },
    preprocess: {
      from: 'modality',
      conform: {
        sides: numbers('grid'),
        spacingMm: numbers('spacing'),
        levels: answer('eightBit') === 'yes' ? 'eight-bit' : 'as-they-are',
      },
      scale: scaleOf(answer('scale')),
      crop: crop === 'all' ? null : { to: { aboveShareOfGreatest: Number(crop) }, marginVoxels: 0 },
    },
    // The share of a window's side that MONAI takes as the deviation of the Gaussian.
    slidingWindow: sides === null ? null : { overlap: Number(answer('overlap')), sigmaShare: 0.125 },
    outputs: [
      {
        name: output.name,
        kind: 'label-map',
        labels: titles.map((title, index) => ({ name: labelName(title), title, colour: distinctColour(index) })),
      },
    ],
    keepLargest: answer('keepLargest') === 'yes',
    operatingPoints: [],
    golden: { input: 'input.npy', outputs: files.golden, tolerance: 1e-3 },
  }
}

function scaleOf(answer: string): VolumeModel['preprocess']['scale'] {
  const [word, text = ''] = answer.split(' ')
  const [low, high] = rangeIn(text) ?? [0, 1]
  if (word === 'quantiles') return { by: 'quantiles', low, high }
  if (word === 'values') return { by: 'values', low, high, clip: true }
  return { by: word === 'range' ? 'range' : 'mean-and-deviation' }
}

/** Hues a golden angle apart: neighbours in the list are never alike. The background is black. */
function distinctColour(index: number): string {
  if (index === 0) return '#000000'
  const hue = (index * 137.508) % 360
  const channel = (shift: number) => {
    const k = (shift + hue / 30) % 12
    const value = 0.62 - 0.38 * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(Math.min(1, value) * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}
