/** Measures a network on a labelled folder: every picture by the path that it takes in the app, then the figures. */
import { setMaxListeners } from 'node:events'
import type { PointInForce, ProviderName } from '../../../contracts/analysis'
import { OverreadError, type ErrorReport } from '../../../contracts/errors'
import { cautionsOf } from '../../evaluation/cautions'
import { classificationFigures } from '../../evaluation/classification'
import { notice, type Evaluation, type EvaluationSettings } from '../../evaluation/evaluation'
import { LeftOutCounts } from '../../evaluation/left-out'
import { segmentationFigures } from '../../evaluation/segmentation'
import type { AnalysedImage, Analysis, AnalysisSlice } from '../analysis/analysis-input'
import { analyzeListed, findNetwork, withFileEngine, type FileEngine, type NetworkToRun } from '../analysis/analyze-files'
import { readLabelledFolder, type LabelledFolder } from './layout'
import { OutlineCollector } from './outlines'
import { pointsOfLabel, readsSeries } from './package-facts'
import { sortFiles, withWrapped, type Batch, type WrappedFile } from './png-objects'
import { ScoreCollector } from './scores'
import { ScreeningCounter } from './screening'
import { SourcePictures } from './sources'
import { installedModels } from '../command-line/cli-models'
import { listModelPackages } from '../../networks/catalogue'
import { withTemporaryFolder } from '../temporary-folder'

export type { Evaluation } from '../../evaluation/evaluation'
export type { Figure as EvaluationFigure } from '../../evaluation/figure'
export type { PointFigures as EvaluationPoint } from '../../evaluation/discrimination'

export interface EvaluationRequest extends EvaluationSettings {
  readonly folder: string
  readonly modelId: string
  readonly provider: ProviderName | null
  readonly signal?: AbortSignal
  /** What holds at a site; by default what the package states. */
  readonly operatingPoints?: readonly PointInForce[]
  /** Whose added networks and choices hold; null: that of the app, where it is there. */
  readonly archive: string | null
  /** Folders of packages, instead of those installed. */
  readonly models?: readonly string[]
  /** A file or mask that could not be used. Its name may be a patient's. */
  onFailure(file: string, error: ErrorReport): void
  /** Files handed on so far, and pictures analysed. */
  onProgress?(files: number, allFiles: number, pictures: number): void
}

/**
 * `entry`: `import.meta.url` of the command line's own file. `faulty`: something of it could not be read or measured.
 *
 * @throws OverreadError 'evaluation.folder', 'evaluation.table'; 'inference.no-image' where there is no picture; what
 * `analyzeFiles` throws. Where a run broke off nothing is measured: what is missing would not be by chance.
 */
export async function evaluateFolder(
  entry: string,
  request: EvaluationRequest,
): Promise<{ readonly evaluation: Evaluation; readonly faulty: boolean }> {
  const models = await (request.models ? listModelPackages(request.models) : installedModels(entry, request.archive))
  const found = findNetwork(models, request.modelId)
  const network = { ...found, operatingPoints: request.operatingPoints ?? found.operatingPoints }
  const folder = await readLabelledFolder(request.folder, network.model.package)
  // Every file that waits for a worker listens to it.
  if (request.signal) setMaxListeners(0, request.signal)
  return withTemporaryFolder((temporary) =>
    withFileEngine(entry, async (engine) => {
      const run = new EvaluationRun(network, folder, engine, request)
      await run.analyse(temporary)
      return run.finish()
    }),
  )
}

class EvaluationRun {
  readonly #leftOut = new LeftOutCounts()
  readonly #sources: SourcePictures
  readonly #scores: ScoreCollector | null
  readonly #outlines: OutlineCollector
  readonly #unchecked = new Map<string, number>()
  readonly #counts = { dicom: 0, png: 0, files: 0, pictures: 0, analysed: 0, overridden: 0 }
  readonly #screening = new ScreeningCounter()
  #provider: string | null = null

  constructor(
    private readonly network: NetworkToRun,
    private readonly folder: LabelledFolder,
    private readonly engine: FileEngine,
    private readonly request: EvaluationRequest,
  ) {
    const { package: model } = network.model
    const pointsOf = pointsOfLabel(model, network.operatingPoints, request.thresholds)
    const [sources, leftOut] = [new SourcePictures(folder, this.#leftOut), this.#leftOut]
    this.#sources = sources
    this.#scores = folder.labels && new ScoreCollector(model, folder.labels, pointsOf, sources, leftOut)
    const services = { workers: engine.workers, sources, leftOut, signal: request.signal, onFailure: request.onFailure }
    this.#outlines = new OutlineCollector(model, folder, request, pointsOf, services)
    leftOut.add('file.other', folder.otherEntries)
  }

  async analyse(temporary: string): Promise<void> {
    const asSeries = readsSeries(this.network.model.package)
    const { dicom, png } = await sortFiles(this.folder.images, asSeries)
    await this.#analyseFiles('dicom', new Map(dicom.map(([name, path]) => [path, { name }])))
    this.#count(dicom)
    const { workers } = this.engine
    const onFailure = (name: string, error: ErrorReport) => this.#fail(name, error)
    for (const batch of png) {
      if (this.request.signal?.aborted) throw new OverreadError('compute.cancelled')
      const wrapping = { workers, folder: temporary, asSeries, signal: this.request.signal, onFailure }
      await withWrapped(batch, wrapping, (files) => this.#analyseFiles('png', files))
      this.#count(batch)
    }
  }

  finish(): { evaluation: Evaluation; faulty: boolean } {
    if (this.#counts.pictures === 0) throw new OverreadError('inference.no-image')
    this.#sources.countUnmatchedRows()
    this.#outlines.countUnmatchedMasks()
    const { missingMask, override, thresholds, prevalence, assumedSpacing, seed, resamples } = this.request
    const resampling = { seed, rounds: resamples }
    const classification = (this.#scores?.scores ?? []).map((scores) => classificationFigures(scores, { prevalence, resampling }))
    const segmentation = this.#outlines.outlines.map((outlines) => segmentationFigures(outlines, resampling))
    const { id, version, sha256, title, task } = this.network.model.package
    const { files: _files, overridden, ...counts } = this.#counts
    const data = { files: this.folder.images.size, ...counts, ...this.#sources.summary }
    const evaluation: Evaluation = {
      schemaVersion: 1,
      notice,
      model: { id, version, sha256, title, task },
      signature: this.network.model.signature,
      provider: this.#provider,
      createdAt: new Date().toISOString(),
      data,
      settings: { override, missingMask, thresholds, prevalence, assumedSpacing, seed, resamples },
      leftOut: this.#leftOut.list,
      overridden,
      unchecked: [...this.#unchecked].map(([what, pictures]) => ({ what, pictures })),
      screening: this.#screening.counts,
      cautions: cautionsOf(data.patients, classification, segmentation),
      classification,
      segmentation,
    }
    return { evaluation, faulty: this.#leftOut.hasFaults }
  }

  /** `files` by the path that is read; those of PNG carry the hash of the file they were made of. */
  async #analyseFiles(kind: 'dicom' | 'png', files: ReadonlyMap<string, Pick<WrappedFile, 'name'> & Partial<WrappedFile>>): Promise<void> {
    const { request } = this
    const analyses = await analyzeListed(this.engine, this.network, [...files.keys()], {
      provider: request.provider,
      override: request.override,
      signal: request.signal,
      admits: (path, read) => {
        const { name, sha256 } = files.get(path)!
        const admitted = this.#sources.admit(name, read, sha256)
        if (read) this.#counts[kind]++
        return admitted
      },
      onFailure: (path, error) => this.#fail(files.get(path)!.name, error),
      onImage: (image, slices) => this.#add(image, slices),
    })
    for (const analysis of analyses) this.#close(analysis)
  }

  #count(batch: Batch): void {
    this.#counts.files += batch.length
    this.#report()
  }

  async #add(image: AnalysedImage, slices: readonly AnalysisSlice[]): Promise<void> {
    this.#scores?.add(image.result)
    await this.#outlines.add(image, slices)
    this.#counts.analysed++
    this.#report()
  }

  #close(analysis: Analysis): void {
    if (analysis.incomplete) throw new OverreadError(analysis.incomplete.code)
    const { images, gate, overridden, provider } = analysis
    const analysed = images.filter(({ refused }) => refused === null).length
    for (const { refused } of images) if (refused) this.#leftOut.addError(refused.code, 'picture')
    for (const what of gate.unchecked) this.#unchecked.set(what, (this.#unchecked.get(what) ?? 0) + analysed)
    if (overridden) this.#counts.overridden += analysed
    if (analysed > 0) this.#provider = provider
    this.#counts.pictures += images.length
    this.#screening.add(analysis)
    this.#outlines.close(analysis)
  }

  #fail(name: string, error: ErrorReport): void {
    this.#leftOut.addError(error.code, 'file')
    this.request.onFailure(name, error)
  }

  #report(): void {
    this.request.onProgress?.(this.#counts.files, this.folder.images.size, this.#counts.analysed)
  }
}
