/** Has the compute process open the network that a reader is likely to ask for, before it is asked for. */
import type { ModelPackage } from '../../../contracts/model-package'
import type { Suggestion } from '../../../contracts/protocol'
import { inputCheckOf, type InstalledModel } from '../../networks/catalogue'
import type { InstalledNetwork } from '../analysis/analysis-input'
import type { ComputeClient, ComputeModel } from './compute-client'

/** The best of what is offered for a series, unless its header contradicts, with the check that looks at the pixels first. */
export function networksToWarm(models: readonly InstalledModel[], [best]: readonly Suggestion[]): InstalledNetwork<ModelPackage>[] {
  if (!best || best.gate.verdict === 'contradicts') return []
  const model = models.find(({ id }) => id === best.modelId)
  if (!model?.package) return []
  const check = inputCheckOf(model.package, models)
  return [{ ...model, package: model.package }, ...(check ? [check] : [])]
}

export class ModelWarmer {
  readonly #compute: Pick<ComputeClient, 'prepare'>
  readonly #isBusy: () => boolean
  /** Of the series opened last: where a reader goes through many, the others are not waited for. */
  #wanted: readonly ComputeModel[] = []
  #working = false

  /** `isBusy`: a job runs or is about to; it opens what it needs itself. */
  constructor(compute: Pick<ComputeClient, 'prepare'>, isBusy: () => boolean) {
    this.#compute = compute
    this.#isBusy = isBusy
  }

  /**
   * Prepares these one after the other, each only while no job runs: a job that comes meanwhile waits for the rest of
   * one. What fails is said by the job that needs it.
   */
  async warm(networks: readonly InstalledNetwork<ModelPackage>[]): Promise<void> {
    this.#wanted = networks.map(({ package: { sha256 }, folder }) => ({ folder, sha256 }))
    if (this.#working) return
    this.#working = true
    for (let next = this.#take(); next && !this.#isBusy(); next = this.#take()) await this.#compute.prepare(next, null).catch(() => {})
    this.#working = false
  }

  #take(): ComputeModel | undefined {
    const [next, ...rest] = this.#wanted
    this.#wanted = rest
    return next
  }
}
