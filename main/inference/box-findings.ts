/** Findings of boxes: one by one, or joined across slices where there is a volume and boxes of neighbours overlap. */
import { randomUUID } from 'node:crypto'
import type { Finding, FrameReference, PointInForce } from '../../contracts/analysis'
import type { ModelLabel, PictureModel } from '../../contracts/model-package'
import { intersectionOverUnion, type Rectangle } from './boxes'
import { mostFindings, type SeriesSlice } from './findings'
import type { ScoredRectangle } from './finish-image'
import { UnionFind } from './union-find'

/** Boxes of neighbouring slices that overlap by this much are of one thing. */
const sameThing = 0.3

interface Piece extends ScoredRectangle {
  readonly slice: number
}

/** Gathers the boxes of one label at or above its operating point, slice after slice in series order. */
export class BoxCollector {
  readonly #sets = new UnionFind()
  readonly #pieces: Piece[] = []
  #previous: { index: number; ids: number[] } | null = null

  constructor(
    private readonly model: PictureModel,
    private readonly label: ModelLabel,
    private readonly point: PointInForce,
    private readonly slices: readonly SeriesSlice[],
    private readonly isVolume: boolean,
  ) {}

  add(index: number, boxes: readonly ScoredRectangle[]): void {
    const found = boxes.filter((box) => box.score >= this.point.threshold && this.#isLargeEnough(box, this.slices[index]))
    const ids = found.map((box) => {
      this.#pieces.push({ ...box, slice: index })
      return this.#sets.add()
    })
    const across = this.isVolume && this.model.findings.acrossSlices
    if (across && this.#previous?.index === index - 1) {
      for (const before of this.#previous.ids)
        for (const here of ids)
          if (intersectionOverUnion(this.#pieces[before], this.#pieces[here]) >= sameThing) this.#sets.join(before, here)
    }
    this.#previous = { index, ids }
  }

  /** The findings, highest score first, and how many were left out for their number. */
  finish(): { readonly findings: Finding[]; readonly leftOut: number } {
    const findings = this.#sets
      .groups(this.#pieces)
      .map((pieces) => this.#describe(pieces))
      .sort((a, b) => b.score - a.score)
    return { findings: findings.slice(0, mostFindings), leftOut: Math.max(0, findings.length - mostFindings) }
  }

  #isLargeEnough(box: Rectangle, { pixelAreaMm2 }: SeriesSlice): boolean {
    const { minimumPixels, minimumAreaMm2 } = this.model.findings
    const pixels = (box.right - box.left) * (box.bottom - box.top)
    if (pixels < minimumPixels) return false
    return minimumAreaMm2 === null || pixelAreaMm2 === null || pixels * pixelAreaMm2 >= minimumAreaMm2
  }

  #describe(pieces: readonly Piece[]): Finding {
    const best = pieces.reduce((a, b) => (b.score > a.score ? b : a))
    const frame = (slice: number): FrameReference => ({
      sopInstanceUid: this.slices[slice].sopInstanceUid,
      frameIndex: this.slices[slice].frameIndex,
    })
    const slices = [...new Set(pieces.map(({ slice }) => slice))]
    return {
      findingId: randomUUID(),
      label: this.label.name,
      title: this.label.title,
      kind: 'box',
      score: best.score,
      interval: null,
      attributes: [],
      operatingPoint: this.point.threshold,
      operatingPointSource: this.point.source,
      above: true,
      best: frame(best.slice),
      frames: slices.map(frame),
      boxes: pieces.map(({ slice, left, top, right, bottom }) => ({ ...frame(slice), left, top, right, bottom })),
      firstSlice: slices[0] + 1,
      lastSlice: slices.at(-1)! + 1,
      pixels: null,
      areaMm2: null,
      volumeMl: null,
    }
  }
}
