/** From a network's outputs to what is kept of one picture, on its own grid. */
import type { ModelPackage } from '../../contracts/model-package'
import { operatingPointOf } from './findings'
import { mapBack } from './map-back'
import type { NetworkOutput } from './outputs'
import { quantise, quantisedSteps, rankedValue } from './quantised'
import { findRegions, type SliceRegions } from './regions'
import type { Trace } from './trace'

export interface FinishedImage {
  readonly rows: number
  readonly columns: number
  /** By label. For a segmentation the 99.9th percentile of its map. */
  readonly probabilities: Record<string, number>
  /** By label: 0 to 1, rows × columns. */
  readonly heatmaps: Record<string, Float32Array<ArrayBuffer>>
  readonly heatmapRange: Record<string, [number, number]>
  /** By label: 0 or 1, rows × columns. */
  readonly masks: Record<string, Uint8Array<ArrayBuffer>>
  readonly maskPixels: Record<string, number>
  /** By label: the connected regions of the mask. */
  readonly regions: Record<string, SliceRegions>
}

/** Of a segmentation's map: what stands for the slice on the slice bar. */
const tracePercentile = 99.9

/** Takes every output to the source grid; masks and regions come of probability maps alone. */
export function finishImage(model: ModelPackage, outputs: readonly NetworkOutput[], trace: Trace): FinishedImage {
  const { rows, columns } = trace
  const image: FinishedImage = { rows, columns, probabilities: {}, heatmaps: {}, heatmapRange: {}, masks: {}, maskPixels: {}, regions: {} }
  for (const [index, { kind, labels }] of model.outputs.entries()) {
    const output = outputs[index]
    for (const [channel, { name }] of labels.entries()) {
      const size = output.rows * output.columns
      const values = output.values.subarray(channel * size, (channel + 1) * size)
      if (kind === 'probabilities') {
        image.probabilities[name] = values[0]
        continue
      }
      const heatmap = mapBack(values, output, trace)
      const summary = summarise(heatmap)
      image.heatmaps[name] = heatmap
      image.heatmapRange[name] = summary.range
      if (kind !== 'probability-map') continue
      image.probabilities[name] ??= summary.percentile
      const threshold = operatingPointOf(model, name)
      if (threshold === null) continue
      const { mask, pixels } = maskOf(heatmap, threshold)
      image.masks[name] = mask
      image.maskPixels[name] = pixels
      image.regions[name] = findRegions(heatmap, rows, columns, threshold)
    }
  }
  return image
}

/** Buffers that move to the host instead of being copied. */
export function buffersOf({ heatmaps, masks }: FinishedImage): ArrayBuffer[] {
  return [...Object.values(heatmaps), ...Object.values(masks)].map((array) => array.buffer)
}

function summarise(map: Float32Array): { range: [number, number]; percentile: number } {
  const counts = new Uint32Array(quantisedSteps + 1)
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < map.length; i++) {
    const value = map[i]
    if (value < min) min = value
    if (value > max) max = value
    counts[quantise(value)]++
  }
  return { range: [min, max], percentile: rankedValue(counts, Math.max(1, Math.ceil((tracePercentile / 100) * map.length))) }
}

function maskOf(map: Float32Array, threshold: number): { mask: Uint8Array<ArrayBuffer>; pixels: number } {
  const mask = new Uint8Array(map.length)
  let pixels = 0
  for (let i = 0; i < map.length; i++) {
    if (map[i] >= threshold) {
      mask[i] = 1
      pixels++
    }
  }
  return { mask, pixels }
}
