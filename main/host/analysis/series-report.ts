/** What an analysis says of each picture and of the series, gathered as pictures are done. */
import type { Finding, GateAnswer, ImageResult, PointInForce, Screening } from '../../../contracts/analysis'
import type { ErrorReport } from '../../../contracts/errors'
import type { ModelLabel, ModelOutput, PictureModel } from '../../../contracts/model-package'
import { BoxCollector } from '../../inference/box-findings'
import { operatingPointOf, pictureFinding, RegionCollector, type SeriesSlice } from '../../inference/findings'
import { gapsAreEven } from '../../inference/volume'
import { combineAnswers } from '../../networks/gate'
import { geometryOf, type Analysis, type AnalysisHead, type AnalysedImage, type AnalysisInput, type AnalysisSlice } from './analysis-input'
import type { ScreeningResult } from './pixel-screening'
import type { AnalysisFinishOutput } from '../tasks/analysis-finish'

/** The provider that does the work, and those that did not serve. */
export interface ServedBy {
  readonly provider: Analysis['provider']
  readonly failed: readonly Analysis['providersFailed'][number][]
}

export class SeriesReport {
  readonly timing = { runMs: 0, postprocessMs: 0 }
  computePeakBytes: number | null = null
  incomplete: ErrorReport | null = null
  readonly #images = new Map<number, ImageResult>()
  readonly #findings: Finding[] = []
  readonly #collectors: Map<string, RegionCollector>
  readonly #boxCollectors: Map<string, BoxCollector>
  readonly #notes: string[] = []
  readonly #slices: readonly SeriesSlice[]
  #analysed = 0
  #withoutNeighbours = 0
  readonly #screenings = new Map<number, Screening>()
  #screening: Screening | null = null
  readonly #answers: GateAnswer[]

  constructor(
    private readonly input: AnalysisInput,
    private readonly targets: readonly number[],
    /** Of the header, by slice. */
    answers: readonly GateAnswer[],
  ) {
    this.#answers = [...answers]
    const { package: model } = input.model
    this.#slices = input.slices.map((slice) => ({
      sopInstanceUid: slice.sopInstanceUid,
      frameIndex: slice.frameIndex,
      positionMm: slice.positionMm,
      pixelAreaMm2: pixelArea(slice),
    }))
    const collectors = <C>(wanted: ModelOutput['kind'], make: (label: ModelLabel, point: PointInForce) => C) =>
      new Map(
        model.outputs
          .filter(({ kind }) => kind === wanted)
          .flatMap(({ labels }) => labels)
          .flatMap((label) => {
            const point = operatingPointOf(input.operatingPoints, label.name)
            return point === null ? [] : [[label.name, make(label, point)] as const]
          }),
      )
    this.#collectors = collectors(
      'probability-map',
      (label, point) => new RegionCollector(model, label, point, this.#slices, input.isVolume),
    )
    this.#boxCollectors = collectors('boxes', (label, point) => new BoxCollector(model, label, point, this.#slices, input.isVolume))
  }

  get hasImages(): boolean {
    return this.#analysed > 0
  }

  note(sentence: string): void {
    this.#notes.push(sentence)
  }

  /** What the pixels of the stack as a whole showed. */
  screenSeries({ screening, contradictions }: ScreeningResult): void {
    this.#screening = screening
    for (const index of this.targets) this.#contradict(index, contradictions)
  }

  /** What the pixels of one picture showed; before it is added or refused. */
  screenPicture(index: number, { screening, contradictions }: ScreeningResult): void {
    if (screening.inputCheck || screening.distance) this.#screenings.set(index, screening)
    this.#contradict(index, contradictions)
  }

  /** Notes what could not be checked of any picture: "body part". */
  leaveUnchecked(what: string): void {
    for (const index of this.targets) {
      const { verdict, contradictions, unchecked } = this.#answers[index]
      this.#answers[index] = { verdict: verdict === 'accepts' ? 'unknown' : verdict, contradictions, unchecked: [...unchecked, what] }
    }
  }

  #contradict(index: number, found: readonly ErrorReport[]): void {
    if (found.length === 0) return
    const { contradictions, unchecked } = this.#answers[index]
    this.#answers[index] = { verdict: 'contradicts', contradictions: [...contradictions, ...found], unchecked }
  }

  refuse(index: number, refused: ErrorReport): void {
    this.#images.set(index, {
      ...this.#reference(index),
      probabilities: {},
      attributes: {},
      maskPixels: {},
      heatmapRange: {},
      intervals: {},
      refused,
    })
  }

  add(index: number, image: AnalysisFinishOutput, missing: number): AnalysedImage {
    const { probabilities, intervals, maskPixels, heatmapRange, rows, columns, heatmaps, masks, possibleMasks } = image
    const { package: model } = this.input.model
    const { decided, attributes } = splitByOperatingPoint(this.input.operatingPoints, probabilities)
    const result: ImageResult = {
      ...this.#reference(index),
      probabilities: decided,
      attributes,
      maskPixels,
      heatmapRange,
      intervals,
      refused: null,
    }
    this.#images.set(index, result)
    this.#analysed++
    this.timing.postprocessMs += image.ms
    if (missing > 0) this.#withoutNeighbours++
    for (const [label, collector] of this.#collectors) collector.add(index, image.regions[label])
    for (const [label, collector] of this.#boxCollectors) collector.add(index, image.boxes[label])
    const more = attributesOf(model, attributes)
    for (const { kind, labels } of model.outputs) {
      if (kind !== 'probabilities' || model.task === 'input-check') continue
      for (const label of labels) {
        const point = operatingPointOf(this.input.operatingPoints, label.name)
        if (point !== null)
          this.#findings.push({
            ...pictureFinding(this.input.slices[index], index, label, probabilities[label.name], intervals[label.name] ?? null, point),
            attributes: more,
          })
      }
    }
    return { index, result, rows, columns, heatmaps, masks, possibleMasks, labelMap: null }
  }

  /** What is known before the first picture. */
  head(served: ServedBy): AnalysisHead {
    const { model, requested, slices, stack, override, operatingPoints } = this.input
    const { id, version, sha256, title, outputs } = model.package
    const gate = combineAnswers(this.targets.map((index) => this.#answers[index]))
    const { facts } = slices[this.targets[0]]
    const kinds = outputs.map(({ kind }) => kind)
    return {
      studyInstanceUid: facts.studyInstanceUid,
      seriesInstanceUid: facts.seriesInstanceUid,
      stack,
      model: { id, version, sha256, title },
      signature: model.signature,
      provider: served.provider,
      providersFailed: [...served.failed],
      timing: { decodeMs: 0, preprocessMs: 0, ...this.timing },
      computePeakBytes: this.computePeakBytes,
      gate,
      overridden: override && gate.contradictions.length > 0,
      operatingPoints: [...operatingPoints],
      screening: this.#screening,
      imagesTotal: this.targets.length,
      heatmapKind: kinds.includes('probability-map') ? 'probability' : kinds.includes('activation-map') ? 'local-score' : 'none',
      hasMasks: this.#collectors.size > 0,
      hasPossibleMasks: this.#collectors.size > 0 && model.package.testTimeVariants.length > 0,
      hasLabelMaps: false,
      unlabelled: null,
      requested: requested === null ? null : [...requested],
      notes: [],
    }
  }

  finish(served: ServedBy, times: { decodeMs: number; preprocessMs: number }): Analysis {
    const findings = [...this.#findings]
    for (const collector of [...this.#collectors.values(), ...this.#boxCollectors.values()]) {
      const found = collector.finish()
      findings.push(...found.findings)
      if (found.leftOut > 0) this.note(`${found.leftOut} of the least findings are not listed.`)
    }
    this.#noteGeometry(findings)
    if (this.#withoutNeighbours > 0)
      this.note(`${this.#withoutNeighbours} pictures were analysed without a neighbour that could not be read.`)
    return {
      ...this.head(served),
      timing: { ...times, ...this.timing },
      incomplete: this.incomplete,
      images: this.targets.flatMap((index) => this.#images.get(index) ?? []),
      findings: findings.sort((a, b) => b.score - a.score),
      structures: [],
      notes: this.#notes,
    }
  }

  #noteGeometry(findings: readonly Finding[]): void {
    const regions = findings.filter(({ kind }) => kind === 'region' || kind === 'structure')
    if (regions.length === 0) return
    if (regions.every(({ areaMm2 }) => areaMm2 === null))
      this.note('The size of a pixel in the patient is not known: no areas, no volumes.')
    else if (regions.some(({ volumeMl }) => volumeMl !== null) && gapsAreEven(this.#slices.map(({ positionMm }) => positionMm)) === false) {
      this.note('The gaps between slices are uneven: volumes are a range.')
    }
  }

  #reference(index: number): Pick<ImageResult, 'sopInstanceUid' | 'frameIndex' | 'sha256' | 'screening'> {
    const { sopInstanceUid, frameIndex, sha256 } = this.input.slices[index]
    return { sopInstanceUid, frameIndex, sha256, screening: this.#screenings.get(index) ?? null }
  }
}

/** Probabilities of labels that make findings, and of those that only tell more. */
function splitByOperatingPoint(points: readonly PointInForce[], probabilities: Readonly<Record<string, number>>) {
  const decided: Record<string, number> = {}
  const attributes: Record<string, number> = {}
  for (const [label, value] of Object.entries(probabilities)) {
    if (operatingPointOf(points, label) === null) attributes[label] = value
    else decided[label] = value
  }
  return { decided, attributes }
}

function attributesOf({ outputs }: PictureModel, scores: Readonly<Record<string, number>>): Finding['attributes'] {
  return outputs
    .filter(({ kind }) => kind === 'probabilities')
    .flatMap(({ labels }) => labels)
    .flatMap(({ name, title }) => (scores[name] === undefined ? [] : [{ label: name, title, score: scores[name] }]))
}

/** Of one pixel in the patient, mm²; a length on the detector is none. */
function pixelArea(slice: AnalysisSlice): number | null {
  const geometry = geometryOf(slice)
  const inPatient = geometry?.spacingOrigin === 'patient' || geometry?.spacingOrigin === 'calibrated'
  return geometry?.pixelSpacing && inPatient ? geometry.pixelSpacing[0] * geometry.pixelSpacing[1] : null
}
