/** Scores of whole pictures, gathered with what the table says of them. */
import type { ImageResult } from '../../../contracts/analysis'
import type { PictureModel } from '../../../contracts/model-package'
import type { LabelledScores } from '../../evaluation/classification'
import type { ScoredCase } from '../../evaluation/grades'
import type { LeftOutCounts } from '../../evaluation/left-out'
import type { PictureTable } from '../../evaluation/tables'
import { titleOf, type PointsOfLabel } from './package-facts'
import type { SourcePictures } from './sources'

export class ScoreCollector {
  readonly #cases = new Map<string, ScoredCase[]>()
  readonly #notKnown = new Map<string, number>()

  constructor(
    private readonly model: PictureModel,
    private readonly table: PictureTable,
    private readonly pointsOf: PointsOfLabel,
    private readonly sources: SourcePictures,
    private readonly leftOut: LeftOutCounts,
  ) {}

  add({ sopInstanceUid, frameIndex, probabilities, attributes }: ImageResult): void {
    const source = this.sources.of({ sopInstanceUid })
    const row = this.sources.rowOf(this.table, source)
    if (!row) return this.leftOut.add('table.absent')
    if ((source.facts.image?.numberOfFrames ?? 1) > 1) return this.leftOut.add('table.frames')
    for (const label of this.table.labels) {
      const truth = row.truths[label]
      if (truth === null) this.#notKnown.set(label, (this.#notKnown.get(label) ?? 0) + 1)
      else {
        this.sources.noteTruth(source, frameIndex, label, truth ? '1' : '0')
        const cases = this.#cases.get(label) ?? []
        cases.push({ score: probabilities[label] ?? attributes[label], positive: truth, cluster: this.sources.clusterOf(source) })
        this.#cases.set(label, cases)
      }
    }
  }

  get scores(): LabelledScores[] {
    return this.table.labels.map((label) => ({
      label,
      title: titleOf(this.model, label),
      points: this.pointsOf(label),
      cases: this.#cases.get(label) ?? [],
      notKnown: this.#notKnown.get(label) ?? 0,
    }))
  }
}
