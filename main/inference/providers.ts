/** Which execution providers are tried, in which order, and which need not be. */
import { existsSync, readdirSync } from 'node:fs'
import type { ProviderName } from '../../contracts/analysis'

export interface ProviderFailure {
  readonly provider: ProviderName
  readonly reason: string
}

const byPlatform: Partial<Record<NodeJS.Platform, readonly ProviderName[]>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'webgpu', 'dml', 'cpu'],
  darwin: ['webgpu', 'coreml', 'cpu'],
}

/**
 * The providers to try, best first. One that was asked for by name goes first; after it the CPU alone, as no
 * other was meant.
 */
export function providersToTry(wanted: ProviderName | null): readonly ProviderName[] {
  if (wanted !== null) return wanted === 'cpu' ? ['cpu'] : [wanted, 'cpu']
  return byPlatform[process.platform] ?? ['cpu']
}

/** Why a provider need not be tried at all; null where it should be. */
export function knownAbsence(provider: ProviderName): string | null {
  if (process.platform !== 'linux' || provider === 'cpu') return null
  return hasLinuxGpu() ? null : 'no GPU device'
}

function hasLinuxGpu(): boolean {
  if (existsSync('/dev/dri') || existsSync('/dev/dxg')) return true
  try {
    return readdirSync('/dev').some((name) => /^nvidia\d/.test(name))
  } catch {
    return false
  }
}
