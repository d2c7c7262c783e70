/** The document of an evaluation: what `overread evaluate --json` prints and the report shows. Keys are stable. */
import type { PackageSignature } from '../../contracts/analysis'
import type { ModelPackage } from '../../contracts/model-package'
import type { ClassificationFigures } from './classification'
import type { LeftOut } from './left-out'
import type { SegmentationFigures } from './segmentation'

export interface EvaluatedData {
  /** Regular files below `images/`. */
  readonly files: number
  /** Of them, those read as DICOM and as PNG. */
  readonly dicom: number
  readonly png: number
  readonly pictures: number
  readonly analysed: number
  readonly patients: number
  /** By what pictures of one patient were told to be his. */
  readonly patientsBy: { readonly table: number; readonly header: number; readonly series: number }
  /** Of the files analysed and the truths they were compared with: the same data give the same. */
  readonly sha256: string
}

export interface EvaluationSettings {
  readonly override: boolean
  readonly missingMask: 'unlabelled' | 'empty'
  /** Measured at besides the operating points of the package. */
  readonly thresholds: readonly number[]
  /** 0 to 1; null where none was asked for. */
  readonly prevalence: number | null
  /** mm between rows, columns and slices, for pictures that state none; null where none was given. */
  readonly assumedSpacing: readonly [betweenRows: number, betweenColumns: number, betweenSlices: number] | null
  readonly seed: number
  readonly resamples: number
}

/** What was seen of the pixels before the network's word was taken. Pictures refused by their header were not asked. */
export interface ScreeningCounts {
  /** By the package's input check. */
  readonly pixelCheck: { readonly asked: number; readonly withheld: number }
  /** By the distance from the training data. `beyond`: also those that ran all the same. */
  readonly distance: { readonly asked: number; readonly beyond: number; readonly withheld: number }
}

export interface Evaluation {
  readonly schemaVersion: 1
  readonly notice: string
  readonly model: {
    readonly id: string
    readonly version: string
    readonly sha256: string
    readonly title: string
    readonly task: ModelPackage['task']
  }
  /** Who stands for the package, as results say it. */
  readonly signature: PackageSignature
  /** Null where no picture was analysed. */
  readonly provider: string | null
  /** UTC, ISO 8601 */
  readonly createdAt: string
  readonly data: EvaluatedData
  readonly settings: EvaluationSettings
  readonly leftOut: readonly LeftOut[]
  /** Pictures of stacks that ran against the network's header contract. */
  readonly overridden: number
  /** What headers did not state, by the pictures that this holds for. */
  readonly unchecked: readonly { readonly what: string; readonly pictures: number }[]
  readonly screening: ScreeningCounts
  readonly cautions: readonly string[]
  readonly classification: readonly ClassificationFigures[]
  readonly segmentation: readonly SegmentationFigures[]
}

export const notice = 'Research use only. Not a medical device; not for diagnosis or patient management.'
