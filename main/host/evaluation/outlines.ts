/** Outlines of a network, each compared in a worker with the mask that is known, and gathered by label. */
import { OverreadError, reportOf, type ErrorReport } from '../../../contracts/errors'
import type { FrameReference } from '../../../contracts/analysis'
import type { PictureModel } from '../../../contracts/model-package'
import type { EvaluationSettings } from '../../evaluation/evaluation'
import type { LeftOutCounts } from '../../evaluation/left-out'
import { maskName } from '../../evaluation/picture-name'
import { levelEdges, type PixelCounts } from '../../evaluation/pixel-levels'
import { addPixels, type LabelledOutlines, type OutlinedPicture } from '../../evaluation/segmentation'
import { geometryOf, type AnalysedImage, type Analysis, type AnalysisSlice } from '../analysis/analysis-input'
import { pixelMeasure, type PixelMeasure } from './measure'
import type { LabelledFolder } from './layout'
import { titleOf, type PointsOfLabel } from './package-facts'
import type { SourcePicture, SourcePictures } from './sources'
import type { WorkerPool } from '../worker-pool'

type Compared = Omit<OutlinedPicture, 'hasFinding'> & { readonly frame: string }

interface LabelState {
  readonly pictures: Compared[]
  readonly pixels: Map<number, PixelCounts>
  notLabelled: number
  volumesAssumed: boolean
}

export interface OutlineServices {
  readonly workers: WorkerPool
  readonly sources: SourcePictures
  readonly leftOut: LeftOutCounts
  readonly signal?: AbortSignal
  /** A mask that cannot be used. */
  onFailure(file: string, error: ErrorReport): void
}

const frameKey = ({ sopInstanceUid, frameIndex }: FrameReference) => `${sopInstanceUid}/${frameIndex}`

export class OutlineCollector {
  readonly #states: Map<string, LabelState>
  readonly #findings = new Map<string, Set<string>>()
  readonly #used = new Set<string>()
  /** How many pictures would have each mask. */
  readonly #claims = new Map<string, number>()

  constructor(
    private readonly model: PictureModel,
    private readonly folder: LabelledFolder,
    private readonly settings: Pick<EvaluationSettings, 'missingMask' | 'assumedSpacing'>,
    private readonly pointsOf: PointsOfLabel,
    private readonly services: OutlineServices,
  ) {
    this.#states = new Map(
      [...folder.masks.keys()].map((label) => [label, { pictures: [], pixels: new Map(), notLabelled: 0, volumesAssumed: false }]),
    )
    for (const name of folder.images.keys()) {
      const mask = maskName(name, null)
      this.#claims.set(mask, (this.#claims.get(mask) ?? 0) + 1)
    }
  }

  async add(image: AnalysedImage, slices: readonly AnalysisSlice[]): Promise<void> {
    const source = this.services.sources.of(image.result)
    const mask = this.#maskOf(source, image.result.frameIndex)
    const measure = pixelMeasure(
      geometryOf(slices[image.index]),
      slices.map(({ positionMm }) => positionMm),
      image.index,
      this.settings.assumedSpacing,
    )
    for (const [label, state] of this.#states) {
      const path = mask === null ? undefined : this.folder.masks.get(label)!.get(mask)
      if (mask === null) this.#leaveOutShared(source, label)
      else if (path === undefined && this.settings.missingMask === 'unlabelled') state.notLabelled++
      else {
        if (path !== undefined) this.#used.add(path)
        await this.#compare(image, label, path ?? null, measure)
      }
    }
  }

  /** Which pictures carry a finding is known when their stack is done, and which were refused. */
  close({ findings, images }: Analysis): void {
    for (const { refused, sopInstanceUid, frameIndex } of images) {
      const mask = refused && this.#maskOf(this.services.sources.of({ sopInstanceUid }), frameIndex)
      if (mask !== null) for (const files of this.folder.masks.values()) this.#used.add(files.get(mask) ?? '')
    }
    for (const { label, kind, above, frames } of findings) {
      if (kind === 'image' || !above) continue
      const own = this.#findings.get(label) ?? new Set()
      for (const frame of frames) own.add(frameKey(frame))
      this.#findings.set(label, own)
    }
  }

  countUnmatchedMasks(): void {
    const all = [...this.folder.masks.values()].flatMap((files) => [...files.values()])
    this.services.leftOut.add('mask.unmatched', all.filter((path) => !this.#used.has(path)).length)
  }

  get outlines(): LabelledOutlines[] {
    return [...this.#states].map(([label, { pictures, pixels, notLabelled, volumesAssumed }]) => ({
      label,
      title: titleOf(this.model, label),
      points: this.pointsOf(label),
      pictures: pictures.map(({ frame, ...picture }) => ({ ...picture, hasFinding: this.#findings.get(label)?.has(frame) ?? false })),
      pixels,
      edges: levelEdges(this.#thresholdsOf(label)),
      notLabelled,
      volumesAssumed,
    }))
  }

  #leaveOutShared({ name }: SourcePicture, label: string): void {
    this.services.leftOut.add('mask.shared')
    this.#used.add(this.folder.masks.get(label)!.get(maskName(name, null)) ?? '')
  }

  /** Null where another picture would have the same. */
  #maskOf({ name, facts }: SourcePicture, frameIndex: number): string | null {
    const several = (facts.image?.numberOfFrames ?? 1) > 1
    const mask = maskName(name, several ? frameIndex + 1 : null)
    const own = several ? 0 : 1
    const shared = (this.#claims.get(maskName(name, null)) ?? 0) > 1 || (this.#claims.get(mask) ?? 0) > own
    return shared ? null : mask
  }

  async #compare({ result, rows, columns, masks, heatmaps }: AnalysedImage, label: string, path: string | null, measure: PixelMeasure) {
    const { workers, sources, leftOut, signal, onFailure } = this.services
    const state = this.#states.get(label)!
    try {
      const input = { rows, columns, found: masks[label], map: heatmaps[label], thresholds: this.#thresholdsOf(label) }
      const compared = await workers.run(
        'evaluation.compare-mask',
        { ...input, truthPath: path, spacing: measure.spacing },
        { signal, transfer: [input.found.buffer, input.map.buffer], background: true },
      )
      if (!compared) {
        leftOut.add('mask.size')
        return onFailure(path ?? '', new OverreadError('evaluation.png', 'it has another size than its picture').toReport())
      }
      const source = sources.of(result)
      const cluster = sources.clusterOf(source)
      sources.noteTruth(source, result.frameIndex, label, compared.sha256)
      const { overlap, distance, pixels } = compared
      state.pictures.push({
        frame: frameKey(result),
        cluster,
        overlap,
        distance,
        distanceUnit: measure.unit,
        pixelMl: measure.pixelMl,
      })
      state.volumesAssumed ||= measure.volumeAssumed
      addPixels(state.pixels, cluster, levelEdges(this.#thresholdsOf(label)), pixels)
    } catch (error) {
      if (signal?.aborted) throw error
      leftOut.add('mask.unreadable')
      onFailure(path ?? '', reportOf(error))
    }
  }

  #thresholdsOf(label: string): number[] {
    return this.pointsOf(label).map(({ threshold }) => threshold)
  }
}
