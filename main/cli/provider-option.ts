/** The option --provider of the commands that run a network. */
import { providerNames, type ProviderName } from '../../contracts/analysis'
import { textOption, UsageError, type Invocation } from './command'

export const providerHelp = ['--provider NAME', `one of ${providerNames.join(', ')}; otherwise the best that works`] as const

/** @throws UsageError */
export function providerOption(invocation: Invocation): ProviderName | null {
  const name = textOption(invocation, 'provider')
  if (name !== null && !providerNames.includes(name as ProviderName))
    throw new UsageError(`--provider is one of ${providerNames.join(', ')}`)
  return name as ProviderName | null
}
