/** What an analysis of a series needs, and what it gives. */
import type { AnalysisResult, FrameReference, ImageResult, PackageSignature, PointInForce, ProviderName } from '../../../contracts/analysis'
import type { FrameGeometry, InstanceFacts } from '../../../contracts/dicom-facts'
import type { ModelPackage, PictureModel, VolumeModel } from '../../../contracts/model-package'
import type { Affine } from '../../geometry/affine'
import type { ComputeClient } from '../compute/compute-client'
import type { SeriesSlice } from '../archive/series-detail'
import type { ObjectLocation } from '../tasks/open-object'
import type { WorkerPool } from '../worker-pool'

export interface AnalysisSlice extends FrameReference {
  /** Where the object's bytes are. */
  readonly object: ObjectLocation
  /** SHA-256 of the object's file. */
  readonly sha256: string
  readonly facts: InstanceFacts
  /** mm along the series normal; null where unknown. */
  readonly positionMm: number | null
}

/** A slice in reading order as an analysis takes it, with where its object's bytes are. */
export function analysisSlice({ sopInstanceUid, frameIndex, positionMm, instance }: SeriesSlice, object: ObjectLocation): AnalysisSlice {
  return { sopInstanceUid, frameIndex, positionMm, object, sha256: instance.sha256, facts: instance.facts }
}

export interface InstalledNetwork<M extends ModelPackage = PictureModel> {
  readonly package: M
  readonly folder: string
  /** Who stands for it; a result says so. */
  readonly signature: PackageSignature
}

/** What is analysed, whatever reads it. */
export interface SeriesInput {
  /** The whole stack in reading order, also where only some pictures are asked for. */
  readonly slices: readonly AnalysisSlice[]
  /** Its name within its series; empty where that is one stack. */
  readonly stack: string
  /** Null: all. */
  readonly requested: readonly FrameReference[] | null
  /** Runs although the gate refuses, on the reader's word. */
  readonly override: boolean
  readonly provider: ProviderName | null
  readonly isVolume: boolean
  /** [column, row, slice] to LPS+ mm where the slices have even gaps, also sheared by a tilt. */
  readonly affine: Affine | null
}

export interface AnalysisInput extends SeriesInput {
  readonly model: InstalledNetwork
  /** The input check that the package names; null where it names none or none is installed. */
  readonly inputCheck: InstalledNetwork | null
  /** One a label, from the package and what the site has set; a label without one has no masks and no findings. */
  readonly operatingPoints: readonly PointInForce[]
}

/** A network of volumes, with the one whose labels say where it looks. */
export interface VolumeNetwork {
  readonly model: InstalledNetwork<VolumeModel>
  /** Null: it names none, or none that can serve is installed. */
  readonly cropModel: InstalledNetwork<VolumeModel> | null
}

export type VolumeInput = SeriesInput & VolumeNetwork

/** A picture that was analysed, with its maps on its own grid. */
export interface AnalysedImage {
  /** Place in the series, from 0. */
  readonly index: number
  readonly result: ImageResult
  readonly rows: number
  readonly columns: number
  /** By label: 0 to 1. */
  readonly heatmaps: Readonly<Record<string, Float32Array<ArrayBuffer>>>
  /** By label: 0 or 1. */
  readonly masks: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
  /** By label, where variants were run: 1 where any of them finds what the mask finds. */
  readonly possibleMasks: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
  /** The number of a structure at each pixel; null where the network gives no label map. */
  readonly labelMap: Uint8Array<ArrayBuffer> | null
}

/** What is known of a result before its first picture. */
export type AnalysisHead = Omit<AnalysisResult, 'resultId' | 'createdAt' | 'images' | 'findings' | 'structures' | 'incomplete'>

export interface AnalysisServices {
  readonly workers: Pick<WorkerPool, 'run'>
  readonly compute: Pick<ComputeClient, 'prepare' | 'run'>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number, step: string) => void
  /** Once, before the first picture; not where none runs. */
  readonly onBegin?: (head: AnalysisHead) => Promise<void> | void
  /** In reading order. The next picture waits until it has returned, so that maps do not pile up. */
  readonly onImage?: (image: AnalysedImage) => Promise<void> | void
}

export type VolumeServices = Omit<AnalysisServices, 'compute'> & { readonly compute: Pick<ComputeClient, 'prepare' | 'runVolume'> }

/** A result without what the archive gives it. */
export type Analysis = Omit<AnalysisResult, 'resultId' | 'createdAt'>

/** Where the frame of a slice lies; null where its object holds no picture. */
export function geometryOf({ facts, frameIndex }: AnalysisSlice): FrameGeometry | null {
  const geometry = facts.image?.geometry
  return geometry?.[frameIndex] ?? geometry?.[0] ?? null
}
