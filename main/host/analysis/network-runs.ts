/** The runs of one network over the slices of a series: from a slice's index to the network's answer. */
import type { AnalysisServices } from './analysis-input'
import type { ComputeRun, PreparedModel } from '../compute/compute-client'
import { RunSlots } from './run-slots'
import type { PreparedTensor, SlicePreparer } from './slice-preparer'

export type SliceRun = ComputeRun & Omit<PreparedTensor, 'tensor'>

export class NetworkRuns {
  runMs = 0
  /** Most that the compute process held as it answered; null before the first run. */
  peakBytes: number | null = null
  readonly #slots = new RunSlots()
  /** Runs of slices that were sampled first, for when their turn comes. Outputs lie on the small grid of the tensor. */
  readonly #sampled = new Map<number, SliceRun>()

  constructor(
    private readonly services: AnalysisServices,
    private readonly preparer: SlicePreparer,
    private readonly prepared: PreparedModel,
  ) {}

  /** @throws what preparing the slice and running it throw. */
  async run(index: number): Promise<SliceRun> {
    const sampled = this.#sampled.get(index)
    if (sampled) {
      this.#sampled.delete(index)
      return sampled
    }
    const { tensor, ...rest } = await this.preparer.prepare(index)
    const run = await this.#slots.use(() => this.services.compute.run(this.prepared, tensor, this.services.signal))
    this.runMs += run.runMs
    this.peakBytes = Math.max(this.peakBytes ?? 0, run.residentBytes)
    return { ...run, ...rest }
  }

  /** As `run`, but kept: a later `run` of the slice gives the same. */
  async sample(index: number): Promise<SliceRun> {
    const run = await this.run(index)
    this.#sampled.set(index, run)
    return run
  }
}
