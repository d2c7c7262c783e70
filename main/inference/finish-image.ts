/** From a network's outputs to what is kept of one picture, on its own grid. */
import type { PointInForce } from '../../contracts/analysis'
import type { ModelLabel, PictureModel } from '../../contracts/model-package'
import { unpackBoxes, type Rectangle } from './boxes'
import { operatingPointOf } from './findings'
import { mapBack, mapBackAbove, maskAbove, type SourceMap } from './map-back'
import type { NetworkAnswer } from './network'
import { highPercentile } from './quantised'
import { findRegions, type SliceRegions } from './regions'
import { rectangleBack, type Trace } from './trace'

export interface ScoredRectangle extends Rectangle {
  readonly score: number
}

export interface FinishedImage {
  readonly rows: number
  readonly columns: number
  /** By label. For a segmentation the 99.9th percentile of its map. */
  readonly probabilities: Record<string, number>
  /** By label of a whole picture: least and greatest probability among the variants. */
  readonly intervals: Record<string, [number, number]>
  /** By label: 0 to 1, rows × columns. */
  readonly heatmaps: Record<string, Float32Array<ArrayBuffer>>
  readonly heatmapRange: Record<string, [number, number]>
  /** By label: 0 or 1, rows × columns. */
  readonly masks: Record<string, Uint8Array<ArrayBuffer>>
  /** By label, where variants were run: 1 where any of them finds what the mask finds. */
  readonly possibleMasks: Record<string, Uint8Array<ArrayBuffer>>
  readonly maskPixels: Record<string, number>
  /** By label: the connected regions of the mask. */
  readonly regions: Record<string, SliceRegions>
  /** By label: boxes on the source grid, best first. */
  readonly boxes: Record<string, ScoredRectangle[]>
}

/** Of a segmentation's map: what stands for the slice on the slice bar. */
const tracePercentile = 99.9

/** Takes every output to the source grid; masks and regions come of probability maps alone. */
export function finishImage(
  model: PictureModel,
  operatingPoints: readonly PointInForce[],
  outputs: readonly NetworkAnswer[],
  trace: Trace,
): FinishedImage {
  const { rows, columns } = trace
  const image: FinishedImage = {
    rows,
    columns,
    probabilities: {},
    intervals: {},
    heatmaps: {},
    heatmapRange: {},
    masks: {},
    possibleMasks: {},
    maskPixels: {},
    regions: {},
    boxes: {},
  }
  for (const [index, { kind, labels }] of model.outputs.entries()) {
    const output = outputs[index]
    if (kind === 'boxes') {
      keepBoxes(image, labels, output.values, trace)
      continue
    }
    for (const [channel, { name }] of labels.entries()) {
      const size = output.rows * output.columns
      const ofLabel = (all: Float32Array) => all.subarray(channel * size, (channel + 1) * size)
      const values = ofLabel(output.values)
      if (kind === 'probabilities') {
        image.probabilities[name] = values[0]
        if (output.spread) image.intervals[name] = [ofLabel(output.spread.low)[0], ofLabel(output.spread.high)[0]]
        continue
      }
      if (kind === 'activation-map') {
        const map = mapBack(values, output, trace)
        keepMap(image, name, map)
        continue
      }
      const threshold = operatingPointOf(operatingPoints, name)?.threshold ?? null
      const map = mapBackAbove(values, output, trace, threshold ?? Infinity)
      keepMap(image, name, map)
      image.probabilities[name] ??= highPercentile(map.values, tracePercentile)
      if (threshold === null) continue
      image.masks[name] = map.mask
      image.maskPixels[name] = map.pixels
      const spread = output.spread && {
        low: mapBack(ofLabel(output.spread.low), output, trace).values,
        high: mapBack(ofLabel(output.spread.high), output, trace).values,
      }
      if (spread) image.possibleMasks[name] = maskAbove(spread.high, threshold)
      image.regions[name] = findRegions(map.values, map.mask, rows, columns, spread)
    }
  }
  return image
}

/** The score of the best box stands for the picture. */
function keepBoxes(image: FinishedImage, labels: readonly ModelLabel[], values: Float32Array, trace: Trace): void {
  const boxes = unpackBoxes(values)
  for (const [label, { name }] of labels.entries()) {
    const own = boxes.flatMap((box) => (box.label === label ? [{ ...rectangleBack(trace, box), score: box.score }] : []))
    image.boxes[name] = own.filter(({ left, right, top, bottom }) => right > left && bottom > top)
    image.probabilities[name] ??= image.boxes[name][0]?.score ?? 0
  }
}

function keepMap(image: FinishedImage, label: string, { values, range }: SourceMap): void {
  image.heatmaps[label] = values
  image.heatmapRange[label] = [...range]
}

/** Buffers that move to the host instead of being copied. */
export function buffersOf({ heatmaps, masks, possibleMasks }: FinishedImage): ArrayBuffer[] {
  return [...Object.values(heatmaps), ...Object.values(masks), ...Object.values(possibleMasks)].map((array) => array.buffer)
}
