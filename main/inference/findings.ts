/** Findings of a series: whole pictures with their score, and connected regions, joined across slices where there is a volume. */
import { randomUUID } from 'node:crypto'
import type { Finding, FrameReference, PointInForce } from '../../contracts/analysis'
import type { ModelLabel, PictureModel } from '../../contracts/model-package'
import { percentileOfCounts, type ValueCounts } from './quantised'
import { touchingRegions, type Region, type SliceRegions } from './regions'
import { UnionFind } from './union-find'
import { sliceExtent } from './volume'

/** More than these are no list a reader could go through; the greatest regions are kept. */
export const mostFindings = 500

/** A frame in its place in the series. */
export interface SeriesSlice extends FrameReference {
  /** mm along the normal. */
  readonly positionMm: number | null
  /** Of one pixel in the patient; null where no spacing is known there. */
  readonly pixelAreaMm2: number | null
}

interface Piece {
  readonly slice: number
  readonly pixels: number
  readonly sum: number
  readonly scores: ValueCounts
  readonly spread: Region['spread']
}

/** Of the label, the operating point in force; null where there is none and nothing can lie above it. */
export function operatingPointOf(points: readonly PointInForce[], label: string): PointInForce | null {
  return points.find((point) => point.label === label) ?? null
}

/** The finding that a whole picture is. */
export function pictureFinding(
  slice: FrameReference,
  index: number,
  label: ModelLabel,
  probability: number,
  interval: [number, number] | null,
  point: PointInForce,
): Finding {
  const frame = { sopInstanceUid: slice.sopInstanceUid, frameIndex: slice.frameIndex }
  return {
    findingId: randomUUID(),
    label: label.name,
    title: label.title,
    kind: 'image',
    score: probability,
    interval,
    attributes: [],
    operatingPoint: point.threshold,
    operatingPointSource: point.source,
    above: probability >= point.threshold,
    best: frame,
    frames: [frame],
    boxes: [],
    firstSlice: index + 1,
    lastSlice: index + 1,
    pixels: null,
    areaMm2: null,
    volumeMl: null,
  }
}

/** Gathers the regions of one label, slice after slice in series order, and joins those that touch. */
export class RegionCollector {
  readonly #sets = new UnionFind()
  readonly #pieces: Piece[] = []
  readonly #seen = new Set<number>()
  #previous: { index: number; regions: SliceRegions; ids: number[] } | null = null
  #leftOut = 0

  constructor(
    private readonly model: PictureModel,
    private readonly label: ModelLabel,
    private readonly point: PointInForce,
    private readonly slices: readonly SeriesSlice[],
    /** Slices form a volume, so that regions of neighbours can be one. */
    private readonly isVolume: boolean,
  ) {}

  /** Adds the regions of slice `index` of the series. Slices come in rising order; some may be missing. */
  add(index: number, found: SliceRegions): void {
    const ids = found.regions.map((region) => {
      this.#pieces.push({ slice: index, ...region })
      return this.#sets.add()
    })
    const across = this.isVolume && this.model.findings.acrossSlices
    if (across && this.#previous?.index === index - 1) {
      for (const [before, here] of touchingRegions(this.#previous.regions, found)) this.#sets.join(this.#previous.ids[before], ids[here])
    }
    this.#previous = { index, regions: found, ids }
    this.#seen.add(index)
    this.#leftOut += found.leftOut
  }

  /** The findings, highest score first, and how many regions were left out for their number. */
  finish(): { readonly findings: Finding[]; readonly leftOut: number } {
    const large = this.#sets.groups(this.#pieces).filter((pieces) => this.#isLargeEnough(pieces))
    const kept = large.sort((a, b) => pixelsOf(b) - pixelsOf(a)).slice(0, mostFindings)
    const findings = kept.map((pieces) => this.#describe(pieces)).sort((a, b) => b.score - a.score)
    return { findings, leftOut: this.#leftOut + large.length - kept.length }
  }

  /** The area rule holds for the slice on which the region is largest. */
  #isLargeEnough(pieces: readonly Piece[]): boolean {
    const { minimumPixels, minimumAreaMm2 } = this.model.findings
    if (pixelsOf(pieces) < minimumPixels) return false
    if (minimumAreaMm2 === null) return true
    const areas = [...this.#bySlice(pieces)].map(([slice, { pixels }]) => areaOf(pixels, this.slices[slice]))
    return areas.some((area) => area === null || area >= minimumAreaMm2)
  }

  #describe(pieces: readonly Piece[]): Finding {
    const bySlice = this.#bySlice(pieces)
    const indices = [...bySlice.keys()]
    const best = indices.reduce((a, b) => (bySlice.get(b)!.sum > bySlice.get(a)!.sum ? b : a))
    const frame = (index: number): FrameReference => ({
      sopInstanceUid: this.slices[index].sopInstanceUid,
      frameIndex: this.slices[index].frameIndex,
    })
    return {
      findingId: randomUUID(),
      label: this.label.name,
      title: this.label.title,
      kind: this.model.findings.structures ? 'structure' : 'region',
      score: scoreOf(pieces.map((piece) => piece.scores)),
      interval: intervalOf(pieces),
      attributes: [],
      operatingPoint: this.point.threshold,
      operatingPointSource: this.point.source,
      above: true,
      best: frame(best),
      frames: indices.map(frame),
      boxes: [],
      firstSlice: indices[0] + 1,
      lastSlice: indices.at(-1)! + 1,
      pixels: pixelsOf(pieces),
      areaMm2: areaOf(bySlice.get(best)!.pixels, this.slices[best]),
      volumeMl: this.#volume(bySlice),
    }
  }

  #bySlice(pieces: readonly Piece[]): Map<number, { pixels: number; sum: number }> {
    const bySlice = new Map<number, { pixels: number; sum: number }>()
    for (const { slice, pixels, sum } of [...pieces].sort((a, b) => a.slice - b.slice)) {
      const known = bySlice.get(slice)
      bySlice.set(slice, { pixels: (known?.pixels ?? 0) + pixels, sum: (known?.sum ?? 0) + sum })
    }
    return bySlice
  }

  /** Millilitres; null where the region may go on in a slice that was not analysed, or a size is unknown. */
  #volume(bySlice: ReadonlyMap<number, { pixels: number }>): [number, number] | null {
    if (!this.isVolume || !this.model.findings.acrossSlices) return null
    const positions = this.slices.map((slice) => slice.positionMm)
    let [low, high] = [0, 0]
    for (const [index, { pixels }] of bySlice) {
      const whole = [index - 1, index + 1].every((other) => other < 0 || other >= this.slices.length || this.#seen.has(other))
      const area = areaOf(pixels, this.slices[index])
      const extent = sliceExtent(positions, index)
      if (!whole || area === null || extent === null) return null
      low += (area * extent[0]) / 1000
      high += (area * extent[1]) / 1000
    }
    return [low, high]
  }
}

/** A region's score is this percentile of its pixels. */
const scorePercentile = 95

function scoreOf(counts: readonly ValueCounts[]): number {
  return percentileOfCounts(counts, scorePercentile)
}

function intervalOf(pieces: readonly Piece[]): [number, number] | null {
  const spreads = pieces.flatMap(({ spread }) => spread ?? [])
  return spreads.length < pieces.length ? null : [scoreOf(spreads.map(({ low }) => low)), scoreOf(spreads.map(({ high }) => high))]
}

function pixelsOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.pixels, 0)
}

function areaOf(pixels: number, slice: SeriesSlice): number | null {
  return slice.pixelAreaMm2 === null ? null : pixels * slice.pixelAreaMm2
}
