/** Versions of a network: which is newer, and which one is in use. Pure. */
import type { ModelEntry, ModelEvent } from '../../contracts/model-store'

/** Below 0 where `a` is older. Both as `1.20.3`; one that is not known is the oldest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let part = 0; part < 3; part++) if (left[part] !== right[part]) return (left[part] ?? -1) - (right[part] ?? -1)
  return 0
}

type Candidate = Pick<ModelEntry, 'id' | 'version' | 'source' | 'digest'>

/**
 * Of the versions of one network: what was put to use last, where it is still there; else what came with Overread; else the
 * oldest, so that adding a version never takes another one's place.
 */
export function activeOf<T extends Candidate>(versions: readonly T[], events: readonly ModelEvent[]): T | null {
  const used = events.findLast(({ action, modelId }) => action === 'used' && modelId === versions[0]?.id)
  const chosen = used && versions.find(({ source, digest }) => (used.digest === null ? source === 'bundled' : digest === used.digest))
  if (chosen) return chosen
  const byAge = [...versions].sort((a, b) => compareVersions(a.version ?? '', b.version ?? ''))
  return versions.find(({ source }) => source === 'bundled') ?? byAge[0] ?? null
}
