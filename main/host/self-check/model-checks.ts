/** Each network on each provider: it repeats its golden case, is not there, or differs and is not used. */
import { OverreadError } from '../../../contracts/errors'
import type { ProviderName } from '../../../contracts/analysis'
import { lackedOperator } from '../../inference/engine-fault'
import { isTfjsProvider, knownAbsence, otherEngine, providersToTry } from '../../inference/providers'
import type { InstalledModel } from '../../networks/catalogue'
import type { ComputeClient, ComputeModel } from '../compute/compute-client'
import { checkRow, passed, type Answer, type Check } from './check-row'

export type Prover = Pick<ComputeClient, 'prove'>

/** What a network is proven with. */
export interface ModelProof {
  readonly compute: Prover
  readonly providers?: readonly ProviderName[]
  readonly absence?: (provider: ProviderName) => string | null
  readonly signal?: AbortSignal
}

const absent = (reason: string): Answer => ({ state: 'absent', sentence: `Not there: ${reason}`, code: null })

export function modelChecks(models: readonly InstalledModel[], proof: ModelProof): Check[] {
  return models.flatMap(({ id, package: described, error, folder }) => {
    const whole: Check = () =>
      checkRow({ kind: 'model', name: id, provider: null }, () =>
        error === null
          ? passed('The weights are those that the package states')
          : { state: 'failed', sentence: error.message.replace(/\.$/, '').slice(0, 1200), code: error.code },
      )
    if (!described) return [whole]
    const model = { folder, sha256: described.sha256 }
    const providers = proof.providers ?? providersToTry(null)
    let translated = false
    return [
      whole,
      ...providers.map((provider): Check => async () => {
        // The CPU comes before: a translation that it repeated is what is run.
        if (translated && isTfjsProvider(provider)) return null
        const row = await checkRow({ kind: 'model', name: id, provider }, () => onProvider(model, provider, proof))
        if (provider === 'cpu') translated = described.engine === 'tfjs' && row.state === 'passed'
        return row.sentence === absent(otherEngine).sentence ? null : row
      }),
    ]
  })
}

/** @throws OverreadError 'self-check.values' where it differs, 'compute.died', 'compute.cancelled', what is wrong with the package. */
async function onProvider(model: ComputeModel, provider: ProviderName, proof: ModelProof): Promise<Answer> {
  const absence = (proof.absence ?? knownAbsence)(provider)
  if (absence !== null) return absent(absence)
  try {
    const fault = await proof.compute.prove(model, provider, proof.signal)
    if (fault !== null) throw new OverreadError('self-check.values', `${fault}, therefore not used`)
    return passed('Repeats the golden case')
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error
    const lacked = lackedOperator(error, provider)
    if (lacked !== null) return absent(`it lacks ${lacked}`)
    // The CPU is always there: without it the network runs nowhere.
    if (error.code !== 'inference.provider') throw error
    if (provider === 'cpu' && error.detail !== otherEngine) throw error
    return absent(error.detail)
  }
}
