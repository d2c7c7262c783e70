/** Which version of a network is in use. Pure. */
import { compareVersions, type ModelEntry, type ModelEvent } from '../../contracts/model-store'

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
