/** Which execution providers are tried, in which order, and which need not be. */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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

/** For networks that could not be translated, or whose translation does not repeat the golden case; no other is run by them. */
const tensorFlow = ['tensorflow-gpu', 'tensorflow', 'tfjs-wasm', 'tfjs-cpu'] as const
export type TfjsProvider = (typeof tensorFlow)[number]

/** After each of its engine's others: what breaks off there is the network's own fault, or that of the picture. */
export const lastResorts: ReadonlySet<ProviderName> = new Set(['cpu', 'tfjs-cpu'])

export function isTfjsProvider(provider: ProviderName): provider is TfjsProvider {
  return (tensorFlow as readonly ProviderName[]).includes(provider)
}

/** Why a provider does not come into question; not worth telling. */
export const otherEngine = 'another engine runs this network'

/** Why nothing is told from the graph of a translated network. */
export const runByTfjs = 'TensorFlow.js runs it, not its translation to ONNX'

/**
 * The providers to try, best first. One that was asked for by name goes first; after it the CPU, as no other was meant, and what
 * TensorFlow.js offers for the networks that it alone runs.
 */
export function providersToTry(wanted: ProviderName | null): readonly ProviderName[] {
  if (wanted !== null) return [...new Set([wanted, 'cpu', ...tensorFlow] as const)]
  return [...(byPlatform[process.platform] ?? ['cpu']), ...tensorFlow]
}

/** Why a provider need not be tried at all; null where it should be. */
export function knownAbsence(provider: ProviderName): string | null {
  const usesGpu = provider !== 'cpu' && !isTfjsProvider(provider)
  if (process.platform === 'linux' && usesGpu && !hasLinuxGpu()) return 'no GPU device'
  return provider === 'cuda' && !hasCudaLibrary() ? 'its libraries are not installed' : null
}

/** The runtime's package does not bring it; `npm run setup:cuda` puts it beside the runtime. */
function hasCudaLibrary(): boolean {
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  const name = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so'
  return existsSync(join(runtime, 'bin/napi-v6', process.platform, process.arch, name))
}

function hasLinuxGpu(): boolean {
  if (existsSync('/dev/dri') || existsSync('/dev/dxg')) return true
  try {
    return readdirSync('/dev').some((name) => /^nvidia\d/.test(name))
  } catch {
    return false
  }
}
