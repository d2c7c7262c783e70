/** What an analysis of a volume says of each picture and of the series. */
import type { FrameReference, GateAnswer, ImageResult, Structure } from '../../../../contracts/analysis'
import type { ErrorReport } from '../../../../contracts/errors'
import { voxelVolume, type VoxelGrid } from '../../../inference/volume/voxel-grid'
import type { SliceLabels } from '../../tasks/volume-tasks'
import type { AnalysedImage, Analysis, AnalysisHead, VolumeInput } from '../analysis-input'
import type { ServedBy } from '../series-report'

const cubicMmInMl = 1000

export class VolumeReport {
  readonly timing = { decodeMs: 0, preprocessMs: 0, runMs: 0, postprocessMs: 0 }
  computePeakBytes: number | null = null
  incomplete: ErrorReport | null = null
  unlabelled: Analysis['unlabelled'] = null
  readonly #images: ImageResult[] = []
  readonly #notes: string[] = []
  /** Pixels of each label by slice of the series. */
  readonly #pixels: (readonly number[])[] = []

  constructor(
    private readonly input: VolumeInput,
    /** Indices of the pictures that were asked for. */
    private readonly targets: readonly number[],
    private readonly gate: GateAnswer,
  ) {}

  get hasImages(): boolean {
    return this.#images.length > 0
  }

  note(sentence: string): void {
    this.#notes.push(sentence)
  }

  /** Every picture that was asked for, for the one reason: a volume is read as a whole or not at all. */
  refuse(refused: ErrorReport): void {
    for (const index of this.targets) this.#images.push(this.#image(index, refused))
  }

  /** A slice of the series; gives the picture where it was asked for. */
  add(index: number, { map, pixels }: SliceLabels, { sides: [, rows, columns] }: VoxelGrid): AnalysedImage | null {
    this.#pixels[index] = pixels
    if (!this.targets.includes(index)) return null
    const result = this.#image(index, null)
    this.#images.push(result)
    return { index, result, rows, columns, heatmaps: {}, masks: {}, possibleMasks: {}, labelMap: map }
  }

  head(served: ServedBy): AnalysisHead {
    const { model, requested, slices, stack, override } = this.input
    const { id, version, sha256, title } = model.package
    const { facts } = slices[this.targets[0]]
    return {
      studyInstanceUid: facts.studyInstanceUid,
      seriesInstanceUid: facts.seriesInstanceUid,
      stack,
      model: { id, version, sha256, title },
      signature: model.signature,
      provider: served.provider,
      providersFailed: [...served.failed],
      timing: { ...this.timing },
      computePeakBytes: this.computePeakBytes,
      gate: this.gate,
      overridden: override && this.gate.contradictions.length > 0,
      operatingPoints: [],
      screening: null,
      imagesTotal: this.targets.length,
      heatmapKind: 'none',
      hasMasks: false,
      hasPossibleMasks: false,
      hasLabelMaps: true,
      unlabelled: this.unlabelled,
      requested: requested === null ? null : [...requested],
      notes: [],
    }
  }

  finish(served: ServedBy, grid: VoxelGrid | null): Analysis {
    return {
      ...this.head(served),
      incomplete: this.incomplete,
      images: this.#images,
      findings: [],
      structures: grid && this.incomplete === null ? this.#structures(grid) : [],
      notes: this.#notes,
    }
  }

  /**
   * Measured on the series' own grid, of which each voxel has the label that is drawn there: what the reader sees is
   * what the number says.
   */
  #structures(grid: VoxelGrid): Structure[] {
    const [{ labels }] = this.input.model.package.outputs
    return labels.flatMap(({ name, title, colour }, number) => {
      if (number === 0) return []
      const bySlice = this.#pixels.map((pixels) => pixels[number])
      const voxels = bySlice.reduce((sum, pixels) => sum + pixels, 0)
      if (voxels === 0) return []
      return {
        label: name,
        title,
        colour,
        number,
        voxels,
        volumeMl: (voxels * voxelVolume(grid)) / cubicMmInMl,
        firstSlice: bySlice.findIndex((pixels) => pixels > 0) + 1,
        lastSlice: bySlice.findLastIndex((pixels) => pixels > 0) + 1,
        best: this.#frame(bySlice.indexOf(Math.max(...bySlice))),
      }
    })
  }

  #frame(index: number): FrameReference {
    const { sopInstanceUid, frameIndex } = this.input.slices[index]
    return { sopInstanceUid, frameIndex }
  }

  #image(index: number, refused: ErrorReport | null): ImageResult {
    return {
      ...this.#frame(index),
      sha256: this.input.slices[index].sha256,
      probabilities: {},
      attributes: {},
      maskPixels: {},
      heatmapRange: {},
      intervals: {},
      screening: null,
      refused,
    }
  }
}
